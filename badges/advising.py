"""Say what to do about a check that failed, or that could not be made."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from badges.openbadges.checks import Check

_ORIGINAL = _("Ask the holder for the file as the issuer gave it out, or for its address.")
_ISSUER = _("Ask the issuer, by an address that you know to be theirs, whether they awarded this badge.")
_FORGED = _("Do not rely on it. Ask the holder where it comes from, and tell the issuer whom it names.")
_ELSEWHERE = _(
    "Verify it at its issuer's, or give its file together with the issuer's documents to the command."
)
_LATER = _("Try again later.")

# By the code, where it says more than the name of the check; else by the check's name and outcome.
BY_CODE: Mapping[str, Any] = {
    "not-a-badge": _ORIGINAL,
    "no-credential": _ORIGINAL,
    "image-damaged": _ORIGINAL,
    "older-open-badge": _("Ask the issuer for a badge of version 2.0 or 3.0."),
    "jwt-detached": _ORIGINAL,
    "website-silent": _LATER,
    "address-refused": _ISSUER,
    "issuer-unreachable": _ELSEWHERE,
    "v2-not-fetched": _ELSEWHERE,
    "v2-status-unknown": _ELSEWHERE,
    "status-unreachable": _ELSEWHERE,
    "issuer-key-embedded": _ISSUER,
    "issuer-unproven": "",  # the check before it says what to do
    "revoked": _("Do not rely on it. The holder may ask the issuer for the reason."),
    "revoked-ours": _("Do not rely on it. The holder may ask the issuer about it."),
    "revoked-because": _("Do not rely on it. The holder may ask the issuer about it."),
    "suspended": _("Do not rely on it for now. Check it again later, or ask the issuer."),
    "expired": _("Ask the holder whether it was renewed."),
    "not-yet-valid": _("Check it again on that day."),
    "evidence-elsewhere": _("Follow the links to the evidence in the badge, if it has any."),
    "evidence-too-large": _("Download the files from the badge's page and compare their digests."),
    "recipient-other": _("Ask the holder under which address they earned it."),
    "recipient-kind": _("Ask the holder, or the issuer, how it names its holder."),
    "not-reached": "",
}
BY_NAME: Mapping[tuple[str, bool | None], Any] = {
    ("structure", False): _ORIGINAL,
    ("context", False): _ISSUER,
    ("proof", False): _FORGED,
    ("proof", None): _ISSUER,
    ("issuer", False): _FORGED,
    ("issuer", None): _ISSUER,
    ("status", False): _FORGED,
    ("status", None): _ISSUER,
    ("dates", False): _ISSUER,
    ("evidence", False): _ISSUER,
    ("manifest", False): _ISSUER,
}


def advice(check: Check) -> str:
    """One sentence in the reader's language; empty where nothing can be done."""
    return str(BY_CODE.get(check.code, BY_NAME.get((check.name, check.passed), "")))
