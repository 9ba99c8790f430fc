"""Keys, tokens and passwords as services and programs write them."""

import base64
import binascii
import math
import re
from collections import Counter
from typing import Final

from assessments.analysers.secrets.pattern import Pattern, is_open

_NAMES: Final = (
    r"pass(?:word|wd|phrase|wort|code)?|pwd|mdp|mot[ _]de[ _]passe|wachtwoord|secret"
    r"|client_?secret|shared_?secret|psk|pre_?shared_?key|community(?:_string)?|auth_?token|access_?token|refresh_?token|api_?token|token|api_?key"
    r"|access_?key|secret_?key|private_?key|encryption_?key|signing_?key|auth_?key|bind_?pw"
)
# Words before the name, parted from it or (before a long name) grown together with it: `adminPassword`.
_NAME_START: Final = (
    r"(?<![\w.-])[_.-]{0,3}(?:[A-Za-z0-9]{1,30}[_.-]){0,8}?"
    r"(?:user|db|[A-Za-z0-9]{1,20}?(?=password|passwd|passphrase|secret|token|api_?key))?"
)
_NAME_END: Final = r"\d?(?:[_-](?:prod|dev|test|staging|live|new|old|root|admin|\d{1,4}))?"
_ASSIGNMENT: Final = re.compile(
    rf"{_NAME_START}(?P<name>{_NAMES.replace('_?', '[_-]?')}){_NAME_END}[\"']?\]?"
    r"\s{0,8}(?P<sign>:=|=>|==?|:)\s{0,8}"
    r"(?:[rbu]?\"(?P<value_double>(?:[^\"\\]|\\.)++)\"?|[rbu]?'(?P<value_single>[^']++)'?"
    r"|`(?P<value_tick>[^`]++)`"
    r"|(?P<value>[^\s\"'`,;&<>(){}\[\]|]++(?![(\[])|<[^<>\s]{1,80}>|&lt;\S{1,80}?&gt;))",
    re.IGNORECASE,
)
_NO_VALUE_WORDS = """
new true false yes no on off required optional enabled disabled enable disable default string str bytes
text int integer bool boolean char varchar token key hash none null empty
blank missing unknown auto prompt ask file env sha256 sha512 sha1 md5 md5sum bcrypt aes plain clear
cleartext encrypted encryption ascii hex must should may can is are was were the a an your my our
its it in of for to and or with not never always any all if when use used using too very see this
that these those least minimum maximum at from no-password oui non requis obligatoire facultatif le
la les un une votre mon ma et ou est sont doit il elle pas jamais ja nee verplicht de het een uw
mijn moet niet nooit expired expires invalid incorrect wrong valid correct changed change reset weak
strong policy policies length failed failure accepted rejected ok public private authentication
authenticated authorization session bearer basic digest type name id number field
"""
_NOT_A_VALUE: Final = frozenset(_NO_VALUE_WORDS.split())
_MEMBER: Final = re.compile(r"[a-z_]\w{0,60}(?:\.[a-z_]\w{0,60}){1,6}")


def is_assigned(value: str) -> bool:
    """Whether what follows the sign is a value rather than a word of prose or of a schema."""
    bare = value.strip().strip("\"'`").rstrip(".,;:!?").lower()
    if bare.startswith(("/", "./", "~/")) and bare.count("/") > 1:
        return False  # a path to the file that holds it
    if _MEMBER.fullmatch(bare) and re.search(_NAMES.replace("_?", "[_-]?"), bare):
        return False  # the name of another variable
    return is_open(value) and bare not in _NOT_A_VALUE and len(bare) >= 3 and any(map(str.isalnum, bare))


def entropy(value: str) -> float:
    """Shannon's bits for each character of `value`."""
    counts = Counter(value[:500])
    size = sum(counts.values())
    return -sum(count / size * math.log2(count / size) for count in counts.values())


def _is_random(value: str) -> bool:
    if not is_open(value):
        return False
    return entropy(value) > (3.0 if re.fullmatch(r"[0-9A-Fa-f]+", value) else 3.9) and any(
        map(str.isdigit, value)
    )


def _is_private(value: str) -> bool:
    """Whether the base64 of a PEM is that of a private key; a certificate is no secret."""
    try:
        return b"PRIVATE KEY" in base64.b64decode(value[:80], validate=True)
    except (binascii.Error, ValueError):
        return False


def _is_token(value: str) -> bool:
    return is_open(value) and len(value) >= 6 and not re.fullmatch(r"[A-Z_]+[`'.,)]*", value)


def _is_no_template(value: str) -> bool:
    """`user:password@host` shows how an address is written; it is nobody's password."""
    return is_open(value) and value.lower() not in ("password", "passwd", "pass", "pwd", "secret", "token")


def _has_key(value: str) -> bool:
    return re.search(r"[A-Za-z0-9+/=]{16}", value) is not None


TOKEN_PATTERNS: Final = (
    # A key on one line, as JSON and environment files hold it.
    Pattern(
        "private-key",
        ("private key-----", "private key block-----"),
        re.compile(
            r"(?P<value>-----BEGIN (?:[A-Z0-9]{1,20} ){0,5}?PRIVATE KEY(?: BLOCK)?-----(?:(?!-----).)++"
            r"-----END [A-Z0-9 ]{1,80}-----)"
        ),
        accepts=_has_key,
    ),
    Pattern(
        "private-key",
        ("ls0tls1crudj",),
        re.compile(r"(?P<value>LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,}+={0,2})"),
        accepts=_is_private,
    ),
    Pattern(
        "aws-key",
        ("akia", "asia"),
        re.compile(r"(?<![A-Za-z0-9])(?P<value>(?:AKIA|ASIA)[0-9A-Z]{16})(?![A-Za-z0-9])"),
    ),
    Pattern(
        "aws-key",
        ("aws",),
        re.compile(
            r"aws.{0,30}?(?:secret|key)\S{0,20}\s{0,4}[=:]\s{0,4}[\"']?(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])",
            re.I,
        ),
    ),
    Pattern(
        "github-token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(r"(?<!\w)(?P<value>gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255})"),
    ),
    Pattern(
        "gitlab-token",
        ("gl",),
        re.compile(r"(?<!\w)(?P<value>gl(?:pat|dt|rt|ptt|ft|soat|cbt)-[\w.-]{20,300}+)"),
    ),
    Pattern(
        "slack-token", ("xox", "xapp-"), re.compile(r"(?<!\w)(?P<value>(?:xox[abeoprs]|xapp)-[\w-]{10,300}+)")
    ),
    Pattern(
        "slack-token",
        ("hooks.slack.com",),
        re.compile(r"hooks\.slack\.com/services/(?P<value>[\w/-]{20,200}+)"),
    ),
    Pattern(
        "service-token",
        ("aiza", "sk_live_", "rk_live_", "sk_test_", "npm_", "pypi-", "dop_v1_", "hf_", "sg.", "sk-"),
        re.compile(
            r"(?<![\w.-])(?P<value>AIza[\w-]{35}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}|npm_[A-Za-z0-9]{36}"
            r"|pypi-[\w-]{50,300}|dop_v1_[0-9a-f]{64}|hf_[A-Za-z0-9]{30,60}|SG\.[\w-]{16,32}\.[\w-]{16,64}"
            r"|sk-(?:[a-z]{2,10}-)?[A-Za-z0-9_-]{32,200}+)"
        ),
    ),
    Pattern(
        "json-web-token",
        ("eyj",),
        re.compile(r"(?<![\w.-])(?P<value>eyJ[\w-]{8,4000}+\.eyJ[\w-]{4,8000}+\.[\w-]{0,2000}+)"),
    ),
    Pattern(
        "authorization-header",
        ("authorization", "x-api-key", "x-auth-token", "private-token"),
        re.compile(
            r"(?:proxy-)?authorization[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:Basic|Bearer|Token|Negotiate|NTLM|ApiKey)\s{1,4}"
            r"(?P<value>[^\s\"'<>,]++|<removed:[a-z0-9-]{1,60}>)|(?:x-api-key|x-auth-token|private-token)[\"']?\s{0,4}[:=]\s{0,4}[\"']?"
            r"(?P<value_key>[^\s\"'<>,]++)",
            re.IGNORECASE,
        ),
        accepts=_is_token,
    ),
    Pattern(
        "authorization-header",
        ("digest",),
        re.compile(
            r"authorization[\"']?\s{0,4}:\s{0,4}Digest\s.{0,600}?\bresponse=\"(?P<value>[^\"]++)", re.I
        ),
    ),
    Pattern(
        "session-cookie",
        ("cookie:",),
        re.compile(
            r"(?:^|[\s\"'>])(?:set-)?cookie:\s{0,4}(?P<value>[\w.-]{1,80}=[^\s;\"'<>]{8,}+(?:;\s{0,4}[\w.-]{1,80}=[^\s;\"'<>]{8,}+)*+)",
            re.I,
        ),
    ),
    Pattern(
        "url-credentials",
        ("://",),
        re.compile(
            r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,100}:(?P<value>[^\s/@\"'<>]{1,200})@"
        ),
        accepts=_is_no_template,
    ),
    Pattern(
        "password",
        (
            "pass",
            "pwd",
            "mdp",
            "wachtwoord",
            "secret",
            "psk",
            "key",
            "token",
            "community",
            "credential",
            "bindpw",
            "bind_pw",
        ),
        _ASSIGNMENT,
        accepts=is_assigned,
    ),
    Pattern(
        "secret-value",
        ("key", "secret", "token", "auth", "credential", "salt"),
        re.compile(
            r"(?<![\w.-])(?<!did:)(?!(?:[\w.-]{0,40}(?:public|pub[-_]|pubkey|fingerprint|digest|key[-_]?id|sha\d|checksum|keygrip)))"
            r"[\w.-]{0,60}?(?:key|secret|token|auth|credentials?|salt)[\"']?\s{0,8}[=:]\s{0,8}[\"']?"
            r"(?P<value>[0-9A-Fa-f]{32,512}+|[A-Za-z0-9+/_-]{24,512}+={0,2})(?![\w./:@-])",
            re.IGNORECASE,
        ),
        accepts=_is_random,
    ),
)
