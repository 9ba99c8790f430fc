"""The statements of FortiOS, Junos and PAN-OS (`set`) that hold a password or a key."""

import re
from typing import Final

from assessments.analysers.secrets.pattern import FORTIOS, JUNOS, PANOS, Pattern, is_open

_QUOTED: Final = r"(?:\"(?P<value>(?:[^\"\\]|\\.)*+)\"?|(?P<value_bare>[^\s\";]++))"
_NO_VALUE: Final = r"ENC\s|minimum|maximum|format\b|change-type"
# The words of a `set` line up to the one that is looked for; what stands between quotes is one word.
_SET: Final = (
    r"^\s*+set\s+(?=(?:system|security|snmp|protocols|access|interfaces|groups|routing-\S{1,20}|firewall|services"
    r"|applications?|policy-options|logical-systems|wlan|poe|mgt-config|deviceconfig|network|shared|rulebase|vsys"
    r"|zone|profiles|profile-group|template(?:-stack)?|device-group|readonly|setting|log-\S{1,20}|user-id-\S{1,20}"
    r"|global-protect|certificate|server-profile|authentication-profile)\s)"
    r"(?:(?:\"[^\"]*+\"|[^\s\"]++)\s+){0,40}?"
)


def _junos(names: str) -> re.Pattern[str]:
    """Statements end with a semicolon between braces, and begin their line in the form of `set`."""
    return re.compile(
        rf"{_SET}(?:{names})\s+(?!{_NO_VALUE}){_QUOTED}"
        rf"|(?:^|[\s;{{])(?:{names})\s+(?:\"(?P<value_braces>(?:[^\"\\]|\\.)*+)\"|(?P<value_plain>[^\s\";]++))\s*;"
    )


def _panos(names: str) -> re.Pattern[str]:
    return re.compile(rf"{_SET}(?:{names})\s+(?!{_NO_VALUE}){_QUOTED}")


FORTIOS_PATTERNS: Final = (
    Pattern("fortios-secret", (" enc ",), re.compile(r"\bset\s+[\w-]{1,60}\s+\"?ENC\s+(?P<value>[^\s\"]++)")),
    *(
        Pattern(
            code,
            hints,
            re.compile(rf"^{indent}set\s+(?:{names})\s+(?!ENC\b){_QUOTED}"),
            FORTIOS,
            is_open,
            quoted,
        )
        for code, hints, names in (
            ("pre-shared-key", ("psk", "ppk-secret"), "psksecret(?:-remote)?|ppk-secret|psk"),
            (
                "wifi-passphrase",
                ("passphrase", "sae-password", "wep"),
                r"passphrase|sae-password|wep-key\d*|mpsk-key",
            ),
            (
                "password",
                ("pass", "pwd"),
                "passwd|password|passwd[12]|auth-password|login-passwd(?!-)|proxy-password|ppp-password|auth-pwd"
                "|priv-pwd|ddns-password|sso-password|smtp-password|ftp-password|old-password|md5-key-password",
            ),
            (
                "aaa-key",
                ("secret", "key"),
                "secret|(?:secondary|tertiary)-secret|(?:secondary-|tertiary-)?key|server-key",
            ),
            (
                "routing-key",
                ("key", "password"),
                "authentication-key|md5-key(?:chain)?|key-string|auth-key|password-md5",
            ),
            (
                "service-token",
                ("api-key", "token", "license-key"),
                "api-key|access-token|secret-token|sdn-secret|client-secret",
            ),
        )
        # Configurations are indented where they are pasted whole; a sentence that begins with "set" is not.
        for indent, quoted in ((r"\s*+", False), (r"[ \t]++", True))
    ),
)

JUNOS_PATTERNS: Final = (
    Pattern(
        "junos-secret",
        ("$9$",),
        re.compile(r"(?P<value>\$9\$[A-Za-z0-9./-]{4,500}+)(?!\$)"),
    ),
    Pattern(
        "junos-secret", ("$8$",), re.compile(r"(?P<value>\$8\$(?:aes|crypt)[\w-]{0,30}\$[\w./+=$-]{8,500}+)")
    ),
    *(
        Pattern(code, hints, _junos(names), JUNOS)
        for code, hints, names in (
            ("password", ("password",), "encrypted-password|plain-text-password-value|password"),
            ("password", ("secret",), "(?:radius-|tacplus-|default-)?chap-secret|pap-password"),
            ("pre-shared-key", ("ascii-text", "hexadecimal"), "ascii-text|hexadecimal"),
            (
                "routing-key",
                ("authentication-key", "simple-password"),
                r"authentication-key(?!-)|simple-password",
            ),
            ("routing-key", ("key",), r"(?:md5|authentication-key)\s+\d+\s+(?:type\s+\S+\s+)?(?:key|value)"),
            ("aaa-key", ("secret",), "secret|accounting-secret"),
            (
                "snmp-user",
                ("authentication-", "privacy-"),
                "authentication-password|privacy-password|authentication-key|privacy-key",
            ),
            ("snmp-community", ("snmp",), r"snmp\s+(?:v3\s+snmp-)?community|community-name"),
        )
    ),
)

PANOS_PATTERNS: Final = (
    Pattern("panos-secret", ("-aq==",), re.compile(r"(?P<value>-AQ==[A-Za-z0-9+/=]{12,}+)")),
    *(
        Pattern(code, hints, _panos(names), PANOS)
        for code, hints, names in (
            ("password-hash", ("phash",), "phash"),
            ("pre-shared-key", ("pre-shared-key",), r"pre-shared-key\s+key"),
            ("private-key", ("private-key",), "private-key"),
            ("snmp-community", ("snmp-community-string",), "snmp-community-string"),
            ("snmp-user", ("authpwd", "privpwd"), "authpwd|privpwd"),
            ("aaa-key", ("secret",), "secret"),
            ("password", ("password",), "bind-password|password|passphrase"),
            ("routing-key", ("md5", "auth-key"), r"md5\s+\d+\s+key|auth-key|auth-profile\s+\S+\s+password"),
            ("service-token", ("api-key", "auth-code"), "api-key|auth-code|auth-token|client-secret"),
        )
    ),
)
