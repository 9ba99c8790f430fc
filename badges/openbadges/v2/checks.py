"""Verifies an Open Badge 2.0 by the same named checks as one of version 3.0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges.openbadges import jws
from badges.openbadges.checks import Check, moment
from badges.openbadges.keys import BadKey
from badges.openbadges.v2 import pem
from badges.openbadges.v2.addresses import host_of, speaks_for
from badges.openbadges.v2.documents import (
    CONTEXT,
    Assertion,
    BadgeClass,
    Profile,
    listed,
    mapping,
    reason_for,
    text,
)

# What the hosted copy and the badge in hand must both say, or both not say.
CLAIMS = {"id", "type", "recipient", "issuedOn", "expires", "verification", "evidence", "narrative", "image"}
# A badge may bring its BadgeClass along where the hosted copy has the address.
LINKS = {"@context", "badge", "issuer"}
# What its website says of an address that was meant otherwise: an answer, not a silence.
DENIED = ("v2-absent", "v2-elsewhere")


class Unreachable(LookupError):
    """A document cannot be had; `code` says why, `gone` that its website answered that it is no more."""

    def __init__(self, code: str, *, gone: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.gone = gone


# Finds the JSON document at an https address; raises `Unreachable`.
Fetch = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Judged:
    """The checks, and the documents as they were found: those that could not be had are None."""

    checks: tuple[Check, ...]
    assertion: Assertion
    badge: BadgeClass | None
    issuer: Profile | None


def run(document: Mapping[str, Any], signature: jws.Jws | None, *, fetch: Fetch, now: datetime) -> Judged:
    """Every check of an assertion, in the order a reader asks; `signature` is the JWS around it, if any."""
    return _Reading(Assertion(document), signature, fetch, now).judge()


@dataclass
class _Reading:
    """One verification: what was found on the way is asked for once."""

    assertion: Assertion
    signature: jws.Jws | None
    fetch: Fetch
    now: datetime

    def judge(self) -> Judged:
        issuer = None
        badge, trouble = self._found(self._badge_class)
        if badge is not None:
            issuer, trouble = self._found(lambda: self._at(BadgeClass(badge).issuer))
        checks = (
            self.structure(badge, issuer),
            self.context(),
            self.proof(badge, issuer, trouble),
            self.issuer(badge, issuer, trouble),
            self.dates(),
            self.status(issuer),
        )
        return Judged(
            checks,
            self.assertion,
            BadgeClass(badge) if badge is not None else None,
            Profile(issuer) if issuer is not None else None,
        )

    # --- What it is ------------------------------------------------------------------------------------

    def structure(self, badge: Mapping[str, Any] | None, issuer: Mapping[str, Any] | None) -> Check:
        missing = self.assertion.missing()
        if badge is not None:
            missing += BadgeClass(badge).missing()
        if issuer is not None:
            missing += Profile(issuer).missing()
        if missing:
            return Check("structure", False, "v2-missing", {"missing": ", ".join(missing)})
        return Check("structure", True, "v2-structure")

    def context(self) -> Check:
        named = listed(self.assertion.document.get("@context"))
        odd = [entry for entry in named if not isinstance(entry, str)]
        if CONTEXT not in named or odd:
            return Check("context", False, "v2-context-unknown")
        return Check("context", True, "v2-context")

    # --- Who vouches for it ----------------------------------------------------------------------------

    def proof(
        self,
        badge: Mapping[str, Any] | None,
        issuer: Mapping[str, Any] | None,
        trouble: Unreachable | None,
    ) -> Check:
        if self.signature is not None:
            return self._signed(issuer, trouble)
        if self.assertion.kind != "hosted":
            return Check("proof", False, "proof-missing")
        return self._hosted(badge)

    def _hosted(self, badge: Mapping[str, Any] | None) -> Check:
        """The issuer's website must say the same, word for word."""
        address = self.assertion.id
        host = host_of(address)
        if host is None:
            return Check("proof", None, "v2-address", {"address": address[:200]})
        try:
            hosted = self.fetch(address)
        except Unreachable as error:
            return Check("proof", False if error.code in DENIED else None, error.code, {"host": host})
        document = self.assertion.document
        differing = [
            member
            for member in sorted((CLAIMS | document.keys()) - LINKS)
            if hosted.get(member) != document.get(member)
        ]
        if _address(hosted.get("badge")) != _address(document.get("badge")) or not self._as_published(badge):
            differing.append("badge")
        if differing:
            return Check("proof", False, "v2-differs", {"host": host, "members": ", ".join(differing)})
        return Check("proof", True, "v2-hosted", {"host": host})

    def _as_published(self, badge: Mapping[str, Any] | None) -> bool:
        """Whether a BadgeClass that came along says nothing that its own address does not say."""
        brought = self.assertion.badge
        if not isinstance(brought, dict) or badge is None:
            return True
        same_issuer = _address(brought.get("issuer", badge.get("issuer"))) == _address(badge.get("issuer"))
        return same_issuer and all(brought[name] == badge.get(name) for name in brought.keys() - LINKS)

    def _signed(self, issuer: Mapping[str, Any] | None, trouble: Unreachable | None) -> Check:
        if self.assertion.kind != "signed" or self.signature is None:
            return Check("proof", False, "v2-not-meant-signed")
        if issuer is None:
            return Check("proof", None, trouble.code if trouble else "v2-unreachable", {"host": ""})
        address = self._creator(Profile(issuer))
        if not address:
            return Check("proof", False, "key-missing")
        try:
            key = self._key(Profile(issuer), address)
        except Unreachable as error:
            return Check("proof", None, error.code, {"host": host_of(address) or address[:200]})
        try:
            held = jws.verify(self.signature, pem.decode(key.get("publicKeyPem")))
        except BadKey as error:
            return Check("proof", False, "key-refused", {"detail": str(error)})
        return Check("proof", True, "proof-ok") if held else Check("proof", False, "proof-signature")

    def issuer(
        self,
        badge: Mapping[str, Any] | None,
        issuer: Mapping[str, Any] | None,
        trouble: Unreachable | None,
    ) -> Check:
        """Whether the profile that the badge leads to stands behind this assertion."""
        if badge is None or issuer is None:
            found = trouble or Unreachable("v2-unreachable")
            return Check("issuer", False if found.code in DENIED else None, found.code, {"host": ""})
        profile = Profile(issuer)
        values = {"issuer": profile.id, "name": profile.name}
        if profile.id != BadgeClass(badge).issuer:
            return Check("issuer", False, "v2-other-issuer", values)
        if self.signature is None:
            speaks = speaks_for(profile, self.assertion.id)
            return Check("issuer", speaks, "issuer-ok" if speaks else "v2-scope", values)
        return self._owner(profile, values)

    def _owner(self, profile: Profile, values: dict[str, str]) -> Check:
        """The profile must name the key, and the key its owner: either alone anybody could write."""
        address = self._creator(profile)
        if address not in profile.keys:
            return Check("issuer", False, "v2-key-unknown", values)
        try:
            key = self._key(profile, address)
        except Unreachable as error:
            return Check("issuer", None, error.code, {"host": host_of(address) or ""})
        if text(key.get("owner")) != profile.id or text(key.get("id")) != address:
            return Check("issuer", False, "v2-key-owner", values)
        return Check("issuer", True, "issuer-ok", values)

    def _creator(self, profile: Profile) -> str:
        """The key that the assertion names, or the only one that its issuer has."""
        keys = list(profile.keys)
        return self.assertion.creator or (keys[0] if len(keys) == 1 else "")

    def _key(self, profile: Profile, address: str) -> Mapping[str, Any]:
        """A key stands in its issuer's profile, or at an address of its own."""
        return profile.keys.get(address) or self.fetch(address)

    # --- Whether it still holds ------------------------------------------------------------------------

    def dates(self) -> Check:
        document = self.assertion.document
        try:
            start = moment(document.get("issuedOn"))
            end = moment(document["expires"]) if "expires" in document else None
        except ValueError:
            return Check("dates", False, "dates-unreadable")
        if start > self.now:
            return Check("dates", False, "not-yet-valid", {"from": start.isoformat()})
        if end is not None and end <= self.now:
            return Check("dates", False, "expired", {"until": end.isoformat()})
        return Check("dates", True, "dates-ok", {"until": end.isoformat()} if end else {})

    def status(self, issuer: Mapping[str, Any] | None) -> Check:
        if self.assertion.is_revoked:
            return self._revoked(text(self.assertion.document.get("revocationReason")))
        if self.signature is None:
            return self._hosted_status()
        if issuer is None:
            return Check("status", None, "v2-status-unknown")
        return self._listed_status(Profile(issuer))

    def _hosted_status(self) -> Check:
        """A hosted assertion is revoked where it is: by its own word, or by being gone."""
        try:
            hosted = Assertion(self.fetch(self.assertion.id))
        except Unreachable as error:
            return self._revoked("") if error.gone else Check("status", None, "v2-status-unknown")
        if hosted.is_revoked:
            return self._revoked(text(hosted.document.get("revocationReason")))
        return Check("status", True, "status-ok")

    def _listed_status(self, profile: Profile) -> Check:
        if not profile.revocation_list:
            return Check("status", True, "status-none")
        try:
            revocations = self.fetch(profile.revocation_list)
        except Unreachable:
            return Check("status", None, "status-unreachable")
        entries = revocations.get("revokedAssertions", [])
        if _address(revocations.get("issuer")) != profile.id or not isinstance(entries, list):
            return Check("status", False, "status-list-issuer")
        reason = reason_for(revocations, self.assertion.id)
        return Check("status", True, "status-ok") if reason is None else self._revoked(reason)

    def _revoked(self, reason: str) -> Check:
        if reason:
            return Check("status", False, "revoked-because", {"reason": reason[:300]})
        return Check("status", False, "revoked")

    # --- Where the rest of it is -----------------------------------------------------------------------

    def _found(
        self, find: Callable[[], Mapping[str, Any]]
    ) -> tuple[Mapping[str, Any] | None, Unreachable | None]:
        try:
            return find(), None
        except Unreachable as error:
            return None, error

    def _badge_class(self) -> Mapping[str, Any]:
        """Under a signature it may be part of what was signed; else its own address says what it is."""
        badge = self.assertion.badge
        if isinstance(badge, dict) and self.signature is not None:
            return badge
        return self._at(_address(badge))

    def _at(self, address: str) -> Mapping[str, Any]:
        """The document at an address that says so itself: another one there is not the one that was meant."""
        found = self.fetch(address)
        if text(found.get("id")) != address:
            raise Unreachable("v2-elsewhere")
        return found


def _address(value: Any) -> str:
    return text(mapping(value).get("id")) if isinstance(value, dict) else text(value)
