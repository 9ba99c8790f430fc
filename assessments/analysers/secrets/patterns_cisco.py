"""The statements of Cisco IOS, IOS-XE and ASA that hold a password or a key."""

import re
from typing import Final

from assessments.analysers.secrets.masks import is_masked
from assessments.analysers.secrets.pattern import CISCO, Pattern

# A statement begins its line, after a comment or quotation mark and the prompt of a pasted session.
_START: Final = r"^[\s!#;>|*+`:-]*+(?:[\w.\-/@]{1,64}(?:\([\w-]{1,40}\))?[#>]\s?)?"
_TYPE: Final = r"(?:(?P<type>[0456789])\s+)?"
_WORD: Final = r"(?P<value>\S+)"
_ENDING: Final = r"encrypted|pbkdf2|nt-encrypted|mschap|privilege|level|role|hidden|attributes"
# A password may hold spaces: it ends with its line or with a word of the statement.
_LINE: Final = rf"(?P<value>\S+(?:[ ](?!(?:{_ENDING})\b)\S+)*+)"
_HASHED: Final = r"(?:\s+(?P<asa>encrypted|pbkdf2|nt-encrypted|mschap)\b)?"
# What follows the keyword in a sentence about the command rather than in the command.
_PROSE_WORDS = """
is are was be to for and or with without must should can may in on of at by from the a an that which
when protection encryption recovery policy policies not has have it as if else length expiry change
changed command commands because using used uses est et ou pour avec sans sont dans sur du de des le
la les en op van voor met zonder moet chain hash database
"""
_PROSE: Final = frozenset(_PROSE_WORDS.split())


def _stated(value: str) -> bool:
    words = value.split()
    if not any(map(str.isalnum, value)) or is_masked(value) or is_masked(words[0]):
        return False
    if len(words) > 1 and value[-1] in ".,:;":
        return False
    return not any(word.strip(".,:;!?()").lower() in _PROSE for word in words)


def _stated_key(value: str) -> bool:
    """`key 1` opens a numbered key of a chain; `key s3cret` is the key of a server."""
    return _stated(value) and value[-1] not in ".,:" and not (value.isdigit() and len(value) < 11)


# code: what precedes the value (after the start of the line), then the value and what may follow it
_STATEMENTS: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    (
        "cisco-type-0",
        ("enable",),
        rf"enable (?:algorithm-type \S+ )?(?:secret|password)(?: level \d+)?\s+{_TYPE}{_LINE}{_HASHED}",
    ),
    (
        "cisco-type-0",
        ("username",),
        r"username (?!and\b|or\b|et\b|ou\b|en\b|of\b|with\b)\S+(?: \S+){0,10}?"
        r" (?:secret|password|masked-secret|common-criteria-policy \S+ password)"
        rf"\s+{_TYPE}{_LINE}{_HASHED}",
    ),
    ("cisco-type-0", ("password-encrypt",), rf"key config-key password-encrypt(?:ion)?\s+{_LINE}"),
    (
        "cisco-type-0",
        ("config-key",),
        rf"key config-key newpass\s+{_WORD}(?:\s+oldpass\s+(?P<value_old>\S+))?",
    ),
    (
        "password",
        ("password", "radius-common-pw", "ldap-login-password"),
        r"(?:ip (?:ftp|http client|rcmd) password|l2tp tunnel password|vtp password"
        r"|radius-common-pw|ldap-login-password|bind authenticate root-dn \S+ password"
        r"|http-proxy \S+ \S+ username \S+ password)"
        rf"\s+{_TYPE}{_WORD}",
    ),
    ("routing-key", ("key-string",), rf"key-string\s+{_TYPE}{_LINE}"),
    (
        "routing-key",
        ("ospf",),
        r"(?:ip |ipv6 )?ospf (?:\d+ )?(?:authentication-key|message-digest-key \d+ md5"
        rf"|message-digest-key \d+ hmac-sha-\d+)\s+{_TYPE}{_WORD}",
    ),
    (
        "routing-key",
        ("virtual-link", "sham-link"),
        r"area \S+ (?:virtual-link|sham-link) (?:\S+ ){1,12}?"
        r"(?:authentication-key|message-digest-key \d+ md5)"
        rf"\s+{_TYPE}{_WORD}",
    ),
    (
        "routing-key",
        ("ipsec spi",),
        r"(?:ipv6 )?(?:ospf(?:v3)?|area \S+)(?: \d+)? (?:authentication|encryption) ipsec spi \d+"
        r"(?: esp (?:(?:3des|des|null|aes-cbc \d+)(?:\s+(?P<type_cipher>[07]))?"
        r"(?:\s+(?P<value_cipher>[0-9A-Fa-f]{16,}))?)?)?"
        rf" (?:md5|sha1)\s+{_TYPE}{_WORD}",
    ),
    ("routing-key", ("neighbor",), rf"neighbor \S+ password\s+{_TYPE}{_WORD}"),
    ("routing-key", ("neighbor",), rf"mpls ldp neighbor (?:vrf \S+ )?\S+ password\s+{_TYPE}{_WORD}"),
    ("routing-key", ("hmac-sha",), rf"authentication mode hmac-sha-256\s+{_TYPE}{_WORD}"),
    (
        "routing-key",
        ("standby", "vrrp", "glbp"),
        r"(?:standby|vrrp|glbp)(?: \d+)? authentication (?:md5 key-string |text )?"
        rf"(?!md5\b|key-chain\b){_TYPE}{_WORD}",
    ),
    (
        "routing-key",
        ("isis", "area-password", "domain-password"),
        rf"(?:isis password|area-password|domain-password)\s+{_TYPE}{_WORD}",
    ),
    ("routing-key", ("ntp",), rf"ntp authentication-key \d+ \S+\s+(?:(?P<type_asa>[08])\s+)?{_WORD}"),
    ("routing-key", ("nhrp",), rf"ip nhrp authentication\s+{_TYPE}{_WORD}"),
    (
        "pre-shared-key",
        ("isakmp",),
        rf"(?:crypto )?isakmp key\s+{_TYPE}{_WORD}(?=\s+(?:address|hostname)\b|\s*$)",
    ),
    ("pre-shared-key", ("failover",), rf"failover (?:key|ipsec pre-shared-key)(?: hex)?\s+{_TYPE}{_WORD}"),
    (
        "aaa-key",
        ("radius", "tacacs"),
        r"(?:radius|tacacs)(?:-server|-host| server)(?: \S+){0,14}? key"
        rf"\s+(?!chain\b){_TYPE}{_LINE}",
    ),
    ("aaa-key", ("aaa-server",), rf"aaa-server \S+ \(\S+\) host \S+\s+(?!timeout\b){_TYPE}{_WORD}"),
    ("aaa-key", ("server-key",), rf"(?:client \S+ )?server-key\s+{_TYPE}{_LINE}"),
    ("aaa-key", ("server-private",), rf"server-private (?:\S+ ){{1,12}}?key\s+{_TYPE}{_LINE}"),
    (
        "snmp-community",
        ("snmp-server community",),
        rf"snmp-server community\s+(?:(?P<type_asa>[08])\s+)?{_WORD}",
    ),
    (
        "snmp-community",
        ("snmp-server host",),
        r"snmp-server host \S+(?: (?:vrf \S+|traps|informs|trap|poll))*+(?: version (?:1|2c))?"
        r"\s+(?!version\b|\d+\.\d+\.)(?:community\s+)?(?:(?P<type_asa>[08])\s+)?"
        rf"{_WORD}",
    ),
    (
        "snmp-community",
        ("snmp-server host",),
        rf"snmp-server host \S+ \d\S+(?: (?:trap|poll))?\s+community\s+(?:[08]\s+)?{_WORD}",
    ),
    (
        "snmp-user",
        ("snmp-server user",),
        r"snmp-server user \S+ \S+(?: remote \S+)? v3 (?:encrypted |engineID \S+ )*+auth \S+\s+(?P<value>\S+)"
        r"(?:\s+priv(?: (?:aes|des|3des))?(?: (?:128|192|256))?\s+(?P<value_priv>\S+))?",
    ),
    ("wifi-passphrase", ("wpa",), rf"(?:security )?(?:wpa )?(?:akm )?wpa-psk (?:ascii|hex)\s+{_TYPE}{_LINE}"),
    ("wifi-passphrase", ("set-key",), rf"security wpa(?: akm)? psk set-key (?:ascii|hex)\s+{_TYPE}{_WORD}"),
    ("wifi-passphrase", ("encryption",), rf"encryption (?:\S+ \d+ )?key \d+ size \S+\s+{_TYPE}{_WORD}"),
    ("ppp-password", ("ppp",), rf"ppp chap password\s+{_TYPE}{_LINE}"),
    ("ppp-password", ("ppp",), rf"ppp pap sent-username \S+ password\s+{_TYPE}{_WORD}"),
)

# Statements of one common word: in a sentence or a list it may begin a line as well.
_WORDS: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    ("cisco-type-0", ("passwd",), rf"passwd\s+{_WORD}{_HASHED}"),
    ("cisco-type-0", ("password", "secret"), rf"(?:password|secret)\s+(?![=:]){_TYPE}{_LINE}{_HASHED}\s*$"),
    ("password", ("passphrase",), rf"passphrase\s+(?![=:]){_TYPE}{_WORD}"),
    (
        "pre-shared-key",
        ("pre-shared-key",),
        r"(?:ikev1 |ikev2 (?:local|remote)-authentication )?pre-shared-key"
        r"(?: (?:local|remote|hex|address \S+(?: \d+\.\S+)? key|hostname \S+ key))?"
        rf"\s+(?!address\b|hostname\b|ascii-text\b|hexadecimal\b|key\b){_TYPE}{_WORD}",
    ),
    ("aaa-key", ("key",), rf"key\s+(?!chain\b|config-key\b){_TYPE}{_WORD}\s*$"),
)
_INDENTED: Final = r"^[ \t]++"
_PLAIN: Final = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*+")


def _stated_oddly(value: str) -> bool:
    """Whether no sentence would go on with this: it holds a digit or a sign."""
    return _stated_key(value) and not _PLAIN.fullmatch(value)


CISCO_PATTERNS: Final = (
    *(Pattern(code, hints, re.compile(_START + tail), CISCO, _stated) for code, hints, tail in _STATEMENTS),
    *(
        Pattern(code, hints, re.compile(start + tail), CISCO, accepts, quoted)
        for code, hints, tail in _WORDS
        for start, accepts, quoted in (
            (_START, _stated_key, False),
            (_INDENTED, _stated_key, True),
            (_START, _stated_oddly, True),
        )
    ),
    # The shapes of types 8 and 9, wherever they stand.
    Pattern("cisco-type-8", ("$8$",), re.compile(r"(?P<value>\$8\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43})")),
    Pattern("cisco-type-9", ("$9$",), re.compile(r"(?P<value>\$9\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43})")),
    Pattern(
        "cisco-type-9",
        ("$14$",),
        re.compile(r"(?P<value>\$14\$[./0-9A-Za-z]{4,8}\$[./0-9A-Za-z]{4,22}\$[./0-9A-Za-z]{20,90})"),
    ),
    Pattern(
        "cisco-type-7",
        (" 7 ",),
        re.compile(
            r"\b(?:password|secret|key|key-string|md5|encrypted)"
            r"[ ]7[ ](?P<value>(?:[01]\d)(?:[0-9A-F]{2}){2,100})\b"
        ),
    ),
)
