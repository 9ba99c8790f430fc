"""The recipient as a salted hash, and whether an address is theirs (Open Badges 3.0, IdentityObject)."""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import md5, sha256
from typing import Any


def new_salt() -> str:
    """A salt for one recipient."""
    return secrets.token_urlsafe(16)


def normalise(email: str) -> str:
    """The spelling of an address that is hashed: trimmed, in lower case, as people type it in many ways."""
    return email.strip().lower()


def hash_identifier(identifier: str, salt: str) -> str:
    """`sha256$` and the hash of the identifier followed by the salt, exactly as given."""
    return "sha256$" + sha256((identifier + salt).encode("utf-8")).hexdigest()


def hashed_email(email: str, salt: str) -> dict[str, Any]:
    """The IdentityObject of a recipient."""
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": hash_identifier(normalise(email), salt),
        "identityType": "emailAddress",
        "salt": salt,
    }


def matches(identity: Mapping[str, Any], email: str) -> bool:
    """Whether an IdentityObject, from any issuer, is about this address."""
    if identity.get("identityType") != "emailAddress" or not isinstance(identity.get("identityHash"), str):
        return False
    expected: str = identity["identityHash"]
    salt = identity.get("salt", "")
    if not isinstance(salt, str):
        return False
    candidates = (email, email.strip(), normalise(email))
    if identity.get("hashed") is False:
        return normalise(expected) == normalise(email)
    return any(_same(_hash_like(expected, candidate + salt), expected) for candidate in candidates)


def _hash_like(expected: str, text: str) -> str:
    data = text.encode("utf-8", errors="replace")
    if expected.startswith("md5$"):  # allowed by the specification, only ever read here
        return "md5$" + md5(data, usedforsecurity=False).hexdigest()
    return "sha256$" + sha256(data).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.lower().encode("utf-8", errors="replace"))
