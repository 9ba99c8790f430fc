"""The documents of an Open Badge 2.0: Assertion, BadgeClass and Profile (1EdTech Open Badges 2.0, §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CONTEXT = "https://w3id.org/openbadges/v2"
OLDER_CONTEXTS = ("https://w3id.org/openbadges/v1", "https://openbadges.org/v1")
HOSTED = ("hosted", "HostedBadge")
SIGNED = ("signed", "SignedBadge")
PROFILES = ("Issuer", "Profile")
RECIPIENT_KINDS = ("email", "url", "telephone", "id")
# An issuer that names this many documents, hosts or keys has something else in mind.
MAX_ENTRIES = 200


def version_of(document: Mapping[str, Any]) -> int | None:
    """2 or 1 for an assertion of that age, None for anything else."""
    named = [entry for entry in listed(document.get("@context")) if isinstance(entry, str)]
    if CONTEXT in named:
        return 2
    if any(entry in OLDER_CONTEXTS for entry in named):
        return 1
    return 1 if "@context" not in document and {"badge", "recipient"} <= document.keys() else None


@dataclass(frozen=True)
class Assertion:
    """That somebody earned a badge. `kind` is hosted, signed or empty; `creator` names the signer's key."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        return text(self.document.get("id"))

    @property
    def badge(self) -> str | Mapping[str, Any]:
        """The BadgeClass, or where it is."""
        badge = self.document.get("badge")
        return badge if isinstance(badge, dict) else text(badge)

    @property
    def kind(self) -> str:
        found = listed(self._verification.get("type"))
        return next((name for name, words in KINDS.items() if any(word in words for word in found)), "")

    @property
    def creator(self) -> str:
        return text(self._verification.get("creator"))

    @property
    def recipient(self) -> Mapping[str, Any]:
        return mapping(self.document.get("recipient"))

    @property
    def is_revoked(self) -> bool:
        return self.document.get("revoked", False) is not False

    def missing(self) -> list[str]:
        """The members that must be there and are not, or say nothing that can be read (§4.1)."""
        recipient = self.recipient
        rules = (
            ("type", "Assertion" in listed(self.document.get("type"))),
            ("id", bool(self.id)),
            ("recipient.type", recipient.get("type") in RECIPIENT_KINDS),
            ("recipient.identity", bool(text(recipient.get("identity")))),
            ("recipient.hashed", isinstance(recipient.get("hashed"), bool)),
            ("badge", bool(self.badge)),
            ("verification", bool(self.kind)),
            ("issuedOn", bool(text(self.document.get("issuedOn")))),
        )
        return [name for name, holds in rules if not holds]

    @property
    def _verification(self) -> Mapping[str, Any]:
        return mapping(self.document.get("verification"))


KINDS: Mapping[str, tuple[str, ...]] = {"hosted": HOSTED, "signed": SIGNED}


@dataclass(frozen=True)
class BadgeClass:
    """What was earned. `issuer` is an address: a profile that came with the badge proves nothing."""

    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        return text(self.document.get("name"))

    @property
    def issuer(self) -> str:
        issuer = self.document.get("issuer")
        return text(issuer.get("id")) if isinstance(issuer, dict) else text(issuer)

    def missing(self) -> list[str]:
        """§4.2; an image is asked for as well, but its absence changes nothing of what is claimed."""
        criteria = self.document.get("criteria")
        described = (
            text(criteria) or text(mapping(criteria).get("id")) or text(mapping(criteria).get("narrative"))
        )
        rules = (
            ("badge.type", "BadgeClass" in listed(self.document.get("type"))),
            ("badge.name", bool(self.name)),
            ("badge.description", bool(text(self.document.get("description")))),
            ("badge.criteria", bool(described)),
            ("badge.issuer", bool(self.issuer)),
        )
        return [name for name, holds in rules if not holds]


@dataclass(frozen=True)
class Profile:
    """Who issued it, as its own website says; `keys` are the addresses of its public keys."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        return text(self.document.get("id"))

    @property
    def name(self) -> str:
        return text(self.document.get("name"))

    @property
    def keys(self) -> dict[str, Mapping[str, Any]]:
        """Each key by its address; an empty mapping where only the address is given."""
        found = listed(self.document.get("publicKey"))[:MAX_ENTRIES]
        keys: dict[str, Mapping[str, Any]] = {key: {} for key in found if isinstance(key, str)}
        return keys | {text(key.get("id")): key for key in found if isinstance(key, dict)}

    @property
    def starts(self) -> list[str]:
        return self._texts("startsWith")

    @property
    def origins(self) -> list[str]:
        return self._texts("allowedOrigins")

    @property
    def revocation_list(self) -> str:
        return text(self.document.get("revocationList"))

    def missing(self) -> list[str]:
        rules = (
            ("issuer.type", any(kind in PROFILES for kind in listed(self.document.get("type")))),
            ("issuer.name", bool(self.name)),
        )
        return [name for name, holds in rules if not holds]

    def _texts(self, member: str) -> list[str]:
        values = listed(mapping(self.document.get("verification")).get(member))
        return [value for value in values[:MAX_ENTRIES] if isinstance(value, str) and value]


def reason_for(revocations: Mapping[str, Any], assertion: str) -> str | None:
    """Why a RevocationList lists an assertion; empty when it does not say, None when it is not listed."""
    for entry in listed(revocations.get("revokedAssertions")):
        if entry == assertion:
            return ""
        if isinstance(entry, dict) and assertion in (entry.get("id"), entry.get("uid")):
            return text(entry.get("revocationReason"))
    return None


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
