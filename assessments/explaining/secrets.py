"""What each kind of secret is called, why it matters, and what the learner does about it."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from assessments.explaining import captures
from assessments.explaining.words import Words

_CHANGE: Final = _("Hand in the cleaned copy, and change it on the device if it is real.")
_REVOKE: Final = _(
    "Hand in the cleaned copy, and revoke it where it was issued: it must be treated as known."
)
_CONSENT: Final = _("Hand in the cleaned copy unless the assessor needs it and the person agrees.")

_READABLE: Final = _("It stands in clear: anyone who opens the file can log in with it.")
_REVERSIBLE: Final = _("It is only disguised: freely available tools turn it back into the password at once.")
_GUESSABLE: Final = _("A hash can be tried against word lists for as long as one likes, far from the device.")
_SHARED: Final = _("Whoever has it can join or imitate the other side of the connection.")
_PERSON: Final = _("It tells about a person who may not know that it is handed in.")


def _cisco(title: Any, why: Any) -> Words:
    return Words(title, why, _CHANGE)


WORDS: Final[Mapping[str, Words]] = {
    **captures.SECRETS,
    "private-key": Words(
        _("Private key"),
        _("Whoever has it can speak in the name of its owner and read what is sent to them."),
        _("Hand in the cleaned copy, make a new key, and revoke the certificate if there is one."),
    ),
    "openvpn-static-key": Words(_("Static key of a VPN"), _SHARED, _CHANGE),
    "wireguard-key": Words(_("Private or preshared key of WireGuard"), _SHARED, _CHANGE),
    "pre-shared-key": Words(_("Pre-shared key"), _SHARED, _CHANGE),
    "wifi-passphrase": Words(
        _("Password of a wireless network"),
        _("Anyone near the building can join the network with it."),
        _CHANGE,
    ),
    "routing-key": Words(
        _("Key of a routing or time protocol"),
        _("With it, false routes or a false time can be announced to the devices."),
        _CHANGE,
    ),
    "cisco-type-0": _cisco(_("Password in clear (Cisco type 0)"), _READABLE),
    "cisco-type-4": _cisco(_("Weak password hash (Cisco type 4)"), _GUESSABLE),
    "cisco-type-5": _cisco(_("Password hash (Cisco type 5)"), _GUESSABLE),
    "cisco-type-6": _cisco(
        _("Encrypted password (Cisco type 6)"),
        _("It is safe only as long as the master key of the device is."),
    ),
    "cisco-type-7": _cisco(_("Disguised password (Cisco type 7)"), _REVERSIBLE),
    "cisco-type-8": _cisco(_("Password hash (Cisco type 8)"), _GUESSABLE),
    "cisco-type-9": _cisco(_("Password hash (Cisco type 9)"), _GUESSABLE),
    "asa-password": Words(_("Password hash (Cisco ASA)"), _GUESSABLE, _CHANGE),
    "fortios-secret": Words(
        _("Encrypted secret (FortiOS)"),
        _("Without a private-data-encryption key of one's own, every device of the maker can decrypt it."),
        _CHANGE,
    ),
    "junos-secret": Words(_("Disguised secret (Junos type 9)"), _REVERSIBLE, _CHANGE),
    "panos-secret": Words(
        _("Encrypted secret (PAN-OS)"),
        _("It is safe only as long as the master key of the device is, and many keep the one it came with."),
        _CHANGE,
    ),
    "password-hash": Words(_("Password hash"), _GUESSABLE, _CHANGE),
    "password": Words(_("Password in clear"), _READABLE, _CHANGE),
    "ppp-password": Words(_("Password of a dial-up or PPP connection"), _READABLE, _CHANGE),
    "aaa-key": Words(
        _("Shared key of a RADIUS or TACACS+ server"),
        _("With it, logins of everyone can be decrypted or answered in place of the server."),
        _CHANGE,
    ),
    "snmp-community": Words(
        _("SNMP community"),
        _("It is the password of SNMP versions 1 and 2c: with it the device can be read, or even changed."),
        _CHANGE,
    ),
    "snmp-user": Words(
        _("Password of an SNMP version 3 user"),
        _("With it the device can be read, or even changed."),
        _CHANGE,
    ),
    "aws-key": Words(_("Amazon Web Services key"), _READABLE, _REVOKE),
    "github-token": Words(_("GitHub token"), _READABLE, _REVOKE),
    "gitlab-token": Words(_("GitLab token"), _READABLE, _REVOKE),
    "slack-token": Words(_("Slack token"), _READABLE, _REVOKE),
    "service-token": Words(_("Key or token of a service"), _READABLE, _REVOKE),
    "json-web-token": Words(
        _("JSON web token"),
        _("As long as it is valid, it opens what its owner may open; and it says who that is."),
        _REVOKE,
    ),
    "authorization-header": Words(
        _("Authorization header"),
        _("It holds a password or a token that anyone can send again."),
        _REVOKE,
    ),
    "session-cookie": Words(
        _("Cookie"),
        _("The cookie of a session lets anyone go on in it as the person who logged in."),
        _("Hand in the cleaned copy, and log out of the session."),
    ),
    "url-credentials": Words(_("Address with a password in it"), _READABLE, _CHANGE),
    "secret-value": Words(
        _("Value that looks like a key"),
        _("A long random value beside a word like key or token is most often one."),
        _("Look at it: if it is one, hand in the cleaned copy and change it where it is used."),
    ),
    "email-address": Words(_("Email address"), _PERSON, _CONSENT),
    "mac-address": Words(
        _("Hardware address (MAC)"),
        _("It stays with one device, and so with the person who carries it."),
        _("Hand in the cleaned copy unless the devices are those of the exercise."),
    ),
    "iban": Words(_("Bank account number"), _PERSON, _CONSENT),
    "belgian-national-number": Words(
        _("Belgian national register number"),
        _("Belgian law forbids using it without permission; it also tells the date of birth."),
        _("Hand in the cleaned copy."),
    ),
    "french-social-number": Words(
        _("French social security number"),
        _("French law limits its use strictly; it also tells sex, date and place of birth."),
        _("Hand in the cleaned copy."),
    ),
    "phone-number": Words(_("Telephone number"), _PERSON, _CONSENT),
    "document-author": Words(
        _("Name of an author in the document's properties"),
        _("Programs write the name of the account into the file, often without being asked."),
        _("Remove the properties before handing the file in if you do not want to be named."),
    ),
    "gps-position": Words(
        _("Position where the picture was taken"),
        _("The coordinates in the picture may be those of a home or of a workplace."),
        _("Hand in the copy without metadata; it looks the same."),
    ),
    "image-metadata": Words(
        _("Camera or author in the picture's metadata"),
        _("Serial numbers and names in the file tell who took the picture, and with what."),
        _("Hand in the copy without metadata; it looks the same."),
    ),
}
