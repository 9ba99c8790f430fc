"""Personal data as people and tools write it; numbers are believed when their check digits are right."""

import re
from typing import Final

from assessments.analysers.secrets.numbers import (
    is_belgian_national_number,
    is_french_social_number,
    is_iban,
    is_phone_number,
)
from assessments.analysers.secrets.pattern import Pattern

# Names of algorithms and units that look like addresses, and names kept for examples (RFC 2606, RFC 6761).
_NO_PERSON: Final = re.compile(
    r"@(?:.{1,80}\.)?(?:openssh\.com|libssh\.org|lysator\.liu\.se|example\.(?:com|net|org)|git(?:hub|lab)\.com)$"
    r"|\.(?:example|test|invalid|localhost|local|internal|service|socket|timer|target|mount|slice|device|scope|path"
    r"|png|jpe?g|gif|svg|webp|css|js|html|json|xml|yml|yaml|conf|cfg|log)$|^(?:git|no-?reply|noreply|postmaster|abuse)@",
    re.IGNORECASE,
)


def _is_someones(address: str) -> bool:
    return not _NO_PERSON.search(address)


def _is_one_device(address: str) -> bool:
    """Whether a hardware address belongs to one machine, unlike those of groups and protocols."""
    digits = re.sub(r"[^0-9a-f]", "", address.lower())
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    return not int(digits[:2], 16) & 1 and not digits.startswith(
        ("00005e0001", "00005e0002", "00000c07ac", "000000")
    )


PEOPLE_PATTERNS: Final = (
    Pattern(
        "email-address",
        ("@",),
        re.compile(
            r"(?<![\w.+%-])(?P<value>[A-Za-z0-9_][\w.+%-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24})(?![\w@-])"
        ),
        accepts=_is_someones,
    ),
    Pattern(
        "mac-address",
        (),
        re.compile(
            r"(?<![0-9A-Za-z:.-])(?P<value>[0-9A-Fa-f]{2}(?P<mark>[:-])[0-9A-Fa-f]{2}(?:(?P=mark)[0-9A-Fa-f]{2}){4})"
            r"(?![0-9A-Za-z:-]|\.\w)"
        ),
        accepts=_is_one_device,
    ),
    Pattern(
        "mac-address",
        (),
        re.compile(r"(?<![\w.:-])(?P<value>[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![\w:-]|\.\w)"),
        accepts=_is_one_device,
    ),
    Pattern(
        "iban",
        (),
        re.compile(
            r"(?<![A-Za-z0-9])(?P<value>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?)"
            r"(?![A-Za-z0-9])"
        ),
        accepts=is_iban,
    ),
    Pattern(
        "belgian-national-number",
        (),
        re.compile(
            r"(?<![\w.-])(?P<value>\d\d\.\d\d\.\d\d[- ]\d{3}[. ]\d\d|\d{6}-\d{3}-\d{2})(?![\w-]|\.\d)"
        ),
        accepts=is_belgian_national_number,
    ),
    Pattern(
        "belgian-national-number",
        ("rijksregister", "registre national", "niss", "insz", "national number", "numéro national", "rrn"),
        re.compile(r"(?<![\w.-])(?P<value>\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]?\d{3}[-. ]?\d{2})(?![\w-]|\.\d)"),
        accepts=is_belgian_national_number,
    ),
    Pattern(
        "french-social-number",
        (),
        re.compile(
            r"(?<![\w.-])(?P<value>[1278] \d\d (?:0[1-9]|1[0-2]|[2-9]\d) (?:\d\d|2[AB]) \d{3} \d{3} \d\d)"
            r"(?![\w-]|\.\d)"
        ),
        accepts=is_french_social_number,
    ),
    Pattern(
        "french-social-number",
        ("sécu", "secu", "nir", "insee", "nss", "vitale"),
        re.compile(
            r"(?<![\w.-])(?P<value>[1278][ ]?\d\d[ ]?\d\d[ ]?\d[0-9AB][ ]?\d{3}[ ]?\d{3}[ ]?\d\d)"
            r"(?![\w-]|\.\d)"
        ),
        accepts=is_french_social_number,
    ),
    Pattern(
        "phone-number",
        (),
        re.compile(
            r"(?<![\w.:+/-])(?P<value>(?:\+|00)(?:32|33|31|352|49|44|41|39|34|351|1)"
            r"[ .]?(?:\(0\)[ ]?)?\d{1,3}(?:[ ./-]?\d{2,4}){2,4})"
            r"(?![\w:-]|[.]\d)"
        ),
        accepts=is_phone_number,
    ),
    Pattern(
        "phone-number",
        (),
        re.compile(
            r"(?<![\w.:+/-])(?<![0-9A-Fa-f] )(?P<value>0[1-9](?:(?P<gap>[ .])\d\d)(?:(?P=gap)\d\d){3}"
            r"|04\d\d[ /]\d\d[ .]?\d\d[ .]?\d\d|0[1-9]\d?[ ]?/[ ]?\d{2,3}[ .]\d\d[ .]\d\d)"
            r"(?![\w:/-]|[ .][0-9A-Fa-f]{2}(?![0-9A-Za-z]))"
        ),
        accepts=is_phone_number,
    ),
)
