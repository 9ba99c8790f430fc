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
