"""The elements of pfSense, OPNsense and PAN-OS files that hold a password or a key."""

import re
from typing import Final

from assessments.analysers.secrets.pattern import XML, Pattern
from assessments.analysers.secrets.patterns_tokens import is_assigned

_TEXT: Final = r"(?:\s*+<!\[CDATA\[(?P<value_cdata>[^\]<]++)\]\]>|(?P<value>[^<]++)(?=</))"


def _element(names: str) -> re.Pattern[str]:
    return re.compile(rf"<(?:{names})(?:\s[^<>]{{0,300}})?>{_TEXT}", re.IGNORECASE)


# code: (what the line must hold, the names of the elements)
ELEMENTS: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    ("private-key", ("prv", "private-key", "caprv"), "prv|private-key|caprv"),
    ("openvpn-static-key", ("tls>", "tls ", "shared_key", "static_key"), "tls|shared_key|static_key"),
    ("wireguard-key", ("privkey", "privatekey", "presharedkey"), "privkey|privatekey|presharedkey"),
    ("password-hash", ("-hash", "phash"), r"bcrypt-hash|sha512-hash|md5-hash|phash|nt-hash"),
    (
        "pre-shared-key",
        ("pre-shared-key", "ipsecpsk", "psk", "pre_shared"),
        "pre-shared-key|ipsecpsk|psk|pre_shared_key|presharedkey",
    ),
    ("wifi-passphrase", ("passphrase", "wpa_psk", "wepkey"), "passphrase|wpa_psk|wepkey"),
    (
        "password",
        ("pass", "pwd", "bindpw"),
        r"password|passwordagain|passwd|pass|auth_pass|proxy_passwd|proxypass|proxypassword|crypto_password\d?"
        r"|bind-password|ldap_bindpw|smtppassword|notifications_password|authpassword|dbpassword|ha_password"
        r"|sync_password|vhid_password|sharedpassword|admin_password|pppoe_password|pwd",
    ),
    (
        "aaa-key",
        ("secret", "sharedsecret"),
        r"radius_secret\d?|radius-secret|sharedsecret|radiussecret\d?|radacct_secret|radius\d?secret|radiuskey\d?"
        r"|radius_srvcert_secret|accounting_secret|secret\d?",
    ),
    (
        "snmp-community",
        ("community",),
        "rocommunity|rwcommunity|snmp-community-string|trapstring|community_string|snmpcommunity",
    ),
    ("snmp-user", ("authpwd", "privpwd"), "authpwd|privpwd"),
    (
        "service-token",
        ("key", "token", "seed", "auth-code", "auth_code"),
        r"apikey|api_key|api-key|authtoken|auth_token|access_token|otp_seed|auth-code|license_key|secretkey"
        r"|secret_key|access_key|client_secret|ddnsdomainkey|tsigkey|keydata|statickey|hashedkey|ddns_key",
    ),
)

XML_PATTERNS: Final = (
    *(Pattern(code, hints, _element(names), XML) for code, hints, names in ELEMENTS),
    # What OPNsense and PAN-OS call a key without more: only long or encrypted ones, never a name.
    Pattern(
        "service-token",
        ("<key>",),
        re.compile(
            r"<key>(?P<value>(?=[^<]{0,200}\d)(?:-AQ==[A-Za-z0-9+/=]{8,}+|[A-Za-z0-9+/=_-]{24,}+))</key>"
        ),
        XML,
    ),
    Pattern(
        "pre-shared-key",
        ("<pre-shared-key",),
        re.compile(r"<pre-shared-key>\s{0,200}<key>(?P<value>[^<]++)"),
        XML,
    ),
    Pattern("snmp-community", ("<trapstring>", "<community>"), _element("community"), XML),
    # Packages name their elements as they like.
    Pattern(
        "password",
        ("pass", "secret", "psk", "token", "key"),
        _element(
            r"[\w.-]{1,40}?(?:password|passwd|passphrase|secret|psk|bindpw|token|api_?key|priv(?:ate)?_?key)\d?"
        ),
        XML,
        is_assigned,
    ),
)
# One name of an element that holds a secret, for values that go over several lines.
SECRET_ELEMENT: Final = re.compile(
    rf"<(?P<name>{'|'.join(names for _, _, names in ELEMENTS)})(?:\s[^<>]{{0,300}})?>(?P<start>[^<]*+)$",
    re.IGNORECASE,
)
