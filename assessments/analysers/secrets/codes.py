"""Every kind of secret that may be found, and how much it matters."""

from typing import Final, Literal

Nature = Literal["key", "credential", "personal"]

# key: whoever holds it can decrypt or sign; credential: lets someone in, or is a hash to be cracked;
# personal: tells about a person, so it is asked about more gently.
NATURES: Final[dict[str, Nature]] = {
    "private-key": "key",
    "openvpn-static-key": "key",
    "wireguard-key": "key",
    "pre-shared-key": "key",
    "wifi-passphrase": "key",
    "routing-key": "key",
    "cisco-type-0": "credential",
    "cisco-type-4": "credential",
    "cisco-type-5": "credential",
    "cisco-type-6": "credential",
    "cisco-type-7": "credential",
    "cisco-type-8": "credential",
    "cisco-type-9": "credential",
    "asa-password": "credential",
    "fortios-secret": "credential",
    "junos-secret": "credential",
    "panos-secret": "credential",
    "password-hash": "credential",
    "password": "credential",
    "ppp-password": "credential",
    "aaa-key": "credential",
    "snmp-community": "credential",
    "snmp-user": "credential",
    "aws-key": "credential",
    "github-token": "credential",
    "gitlab-token": "credential",
    "slack-token": "credential",
    "service-token": "credential",
    "json-web-token": "credential",
    "authorization-header": "credential",
    "session-cookie": "credential",
    "url-credentials": "credential",
    "secret-value": "credential",
    "ftp-password": "credential",
    "telnet-password": "credential",
    "pop3-password": "credential",
    "imap-password": "credential",
    "smtp-password": "credential",
    "ldap-password": "credential",
    "http-basic": "credential",
    "http-authorization": "credential",
    "http-password": "credential",
    "http-cookie": "credential",
    "tls-secrets": "key",
    "email-address": "personal",
    "mac-address": "personal",
    "iban": "personal",
    "belgian-national-number": "personal",
    "french-social-number": "personal",
    "phone-number": "personal",
    "document-author": "personal",
    "gps-position": "personal",
    "image-metadata": "personal",
}

# Why a part of a file was left out (`Skipped.reason`) when nobody has looked for secrets in it for that.
UNSEARCHED: Final = frozenset(
    (
        "archive-bomb",
        "archive-limit",
        "damaged-archive",
        "damaged-page",
        "damaged-pdf",
        "damaged-xml",
        "encrypted",
        "not-an-image",
        "not-text",
        "page-limit",
        "text-limit",
        "time-limit",
        "too-large",
        "too-many-pixels",
        "xml-dtd",
        "xml-limit",
    )
)
# Findings (`Finding.code`) about files inside a file: nobody has looked for secrets in them either.
UNSEARCHED_INSIDE: Final = frozenset(("pdf-attachment", "embedded-file"))
