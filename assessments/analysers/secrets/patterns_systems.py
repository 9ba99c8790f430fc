"""The lines of Linux and network tools that hold a password or a key."""

import re
from typing import Final

from assessments.analysers.secrets.pattern import Pattern, is_open

_QUOTED: Final = (
    r"(?:\"(?P<value>(?:[^\"\\]|\\.)++)\"?|'(?P<value_single>[^']++)'?|(?P<value_bare>[^\s\"'#;,<>]++))"
)
_BASE64: Final = r"[A-Za-z0-9+/]"


def _columns(value: str) -> bool:
    return is_open(value) and len(value) >= 4 and not value.startswith(("-", "/"))


HASH_PATTERNS: Final = (
    # crypt(5) and its relatives, as in /etc/shadow, Junos, PAN-OS, pfSense and ASA.
    Pattern(
        "cisco-type-5",
        ("secret 5 ", "password 5 "),
        re.compile(r"(?:secret|password) 5 (?P<value>\$1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22})"),
    ),
    Pattern(
        "password-hash",
        ("$1$", "$5$", "$6$", "$apr1$", "$md5$"),
        re.compile(
            r"(?P<value>\$(?:1|5|6|apr1|md5)\$(?:rounds=\d{1,9}\$)?[./0-9A-Za-z]{0,16}\$[./0-9A-Za-z]{20,90}+)"
        ),
    ),
    Pattern(
        "password-hash",
        ("$2a$", "$2b$", "$2y$", "$2x$"),
        re.compile(r"(?P<value>\$2[abxy]\$\d\d\$[./0-9A-Za-z]{53})"),
    ),
    Pattern(
        "password-hash",
        (
            "$y$",
            "$7$",
            "$gy$",
            "$argon2",
            "$scrypt$",
            "$sha512$",
            "$sha256$",
            "$pbkdf2",
            "pbkdf2_sha",
            "$pbkdf2-",
        ),
        re.compile(
            r"(?P<value>(?:\$(?:y|gy|7|argon2i?d?|scrypt|sha512|sha256|pbkdf2(?:-sha\d+)?)|pbkdf2_sha\d{1,3})\$"
            r"[./0-9A-Za-z=,+$_-]{20,400}+)"
        ),
    ),
    Pattern(
        "password-hash",
        ("sha}", "md5}", "crypt}", "sha256}", "sha512}", "pbkdf2"),
        re.compile(
            r"(?P<value>\{(?:SSHA|SHA|SMD5|MD5|CRYPT|SSHA256|SSHA512|PBKDF2[\w-]{0,12})\}[./0-9A-Za-z+=$]{8,400}+)"
        ),
    ),
)
SYSTEM_PATTERNS: Final = (
    Pattern(
        "wireguard-key",
        ("privatekey", "presharedkey", "private-key", "preshared-key", "private_key", "preshared_key"),
        re.compile(
            rf"(?:private|preshared)[-_]?key[\"']?\s*[=:]?\s*[\"']?(?P<value>{_BASE64}{{42,43}}=)",
            re.IGNORECASE,
        ),
    ),
    Pattern(
        "pre-shared-key",
        (": psk", ":psk"),
        re.compile(rf"(?:^|\s|\S):\s{{0,8}}PSK\s{{1,8}}{_QUOTED}", re.IGNORECASE),
        accepts=_columns,
    ),
    Pattern(
        "password",
        (": xauth", ": eap", ": ntlm"),
        re.compile(rf":\s{{1,8}}(?:XAUTH|EAP|NTLM)\s{{1,8}}{_QUOTED}"),
        accepts=_columns,
    ),
    Pattern(
        "wifi-passphrase",
        ("psk", "wpa_passphrase", "wep_key", "sae_password"),
        re.compile(
            rf"(?:^|[\s;,{{])(?:psk|wpa_passphrase|wpa_psk|wep_key\d?|sae_password)\s{{0,8}}=\s{{0,8}}{_QUOTED}"
        ),
    ),
    # chap-secrets and pap-secrets: client, server, secret, addresses.
    Pattern(
        "ppp-password",
        (),
        re.compile(
            r"^[ \t]*+(?:\"[^\"\n]{1,100}\"|(?![#*|>-])[^\s\"]{2,100})[ \t]+"
            r"(?:\*|pptpd?|l2tpd?|pppoe\S{0,20}|xl2tpd)[ \t]+"
            r"(?:\"(?P<value>[^\"\n]++)\"|(?P<value_bare>[^\s\"*]++))[ \t]+"
            r"(?:\*|\"\*\"|\d+\.\d+\.\d+\.\d+(?:/\d+)?)[ \t]*$",
            re.MULTILINE,
        ),
        accepts=_columns,
    ),
    Pattern(
        "password",
        ("machine", "login"),
        re.compile(r"\blogin\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(?P<value>\S++)"),
    ),
    Pattern("password", ("sshpass",), re.compile(rf"\bsshpass\s{{1,8}}-p\s{{0,8}}{_QUOTED}")),
    Pattern(
        "password",
        ("curl", "wget"),
        re.compile(
            r"(?<=\s)(?:-u|--user|--proxy-user)[\s=]{1,8}[\"']?[^\s:\"']{1,100}:(?P<value>[^\s\"']++)"
        ),
    ),
    Pattern(
        "password",
        ("mysql",),
        re.compile(r"\bmysql\w{0,10}\s[^|;\n]{0,200}?\s-p(?P<value>[^\s\"'-][^\s\"']*+)"),
    ),
    Pattern(
        "password",
        ("identified by", "identified with"),
        re.compile(
            r"\bidentified\s{1,8}(?:by|with\s{1,8}\S{1,60}\s{1,8}(?:by|as))\s{1,8}['\"](?P<value>[^'\"]++)",
            re.I,
        ),
    ),
    Pattern(
        "password",
        ("net user", "net1 user"),
        re.compile(r"\bnet1?\s{1,8}user\s{1,8}(?!/)\S{1,60}\s{1,8}(?P<value>[^\s/*|]\S*+)", re.I),
        accepts=_columns,
    ),
    Pattern(
        "password",
        ("convertto-securestring",),
        re.compile(r"convertto-securestring\s{1,8}(?:-string\s{1,8})?['\"](?P<value>[^'\"]++)", re.I),
    ),
    # Lines of the Windows account database: name, number, LM hash, NT hash.
    Pattern(
        "password-hash",
        (":::",),
        re.compile(r"^[^:\s]{1,100}:\d{1,10}:(?P<value_lm>[0-9A-Fa-f]{32}):(?P<value>[0-9A-Fa-f]{32}):::"),
    ),
)
