"""Whether a badge, of whichever version, was awarded to somebody with this email address."""

from collections.abc import Mapping
from typing import Any

from badges.openbadges import identity
from badges.openbadges.checks import Check


def check(document: Mapping[str, Any], email: str) -> Check:
    """One of the ways in which the badge names its holder must be the address."""
    if "credentialSubject" in document:
        subject = _object(document.get("credentialSubject"))
        names = _objects(subject.get("identifier"))
        if str(subject.get("id", "")).lower() == f"mailto:{identity.normalise(email)}":
            return Check("recipient", True, "recipient-ok")
    else:
        names = [_of_version_2(_object(document.get("recipient")))]
    by_email = [name for name in names if name.get("identityType") == "emailAddress"]
    if not by_email:
        return Check("recipient", None, "recipient-kind")
    if any(identity.matches(name, email) for name in by_email):
        return Check("recipient", True, "recipient-ok")
    return Check("recipient", False, "recipient-other")


def _of_version_2(recipient: Mapping[str, Any]) -> dict[str, Any]:
    """The recipient of an Open Badge 2.0 in the words of 3.0."""
    return {
        "identityType": "emailAddress" if recipient.get("type") == "email" else "",
        "identityHash": recipient.get("identity"),
        "hashed": recipient.get("hashed"),
        "salt": recipient.get("salt", ""),
    }


def _objects(value: Any) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [entry for entry in listed if isinstance(entry, dict)]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
