"""The older list of revoked badges of Open Badges 3.0: names instead of bits, and no signature."""

from collections.abc import Mapping
from typing import Any

TYPE = "1EdTechRevocationList"


class BadRevocationList(ValueError):
    """The document is no list of revoked badges."""


def reason_for(document: Mapping[str, Any], credential: str) -> str | None:
    """Why the list names a credential, empty when it does not say; None when it does not name it.

    An entry with `revoked` false is of a badge that was restored. Raises `BadRevocationList`.
    """
    entries = document.get("revokedCredential")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadRevocationList("the list names no credentials")
    found = [entry for entry in entries if entry.get("id") == credential]
    revoked = [entry for entry in found if entry.get("revoked", True) is not False]
    if not revoked:
        return None
    reason = revoked[0].get("revocationReason")
    return reason if isinstance(reason, str) else ""
