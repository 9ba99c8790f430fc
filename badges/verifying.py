"""Verify a badge, anyone's badge, as a list of named checks."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from badges import explaining, trusting
from badges.canonicalising import hash_data
from badges.looking_up import Lookup, usual
from badges.models import Credential, TrustedIssuer
from badges.openbadges import checks, jwt_checks, vc_jwt
from badges.openbadges import recipient as holder
from badges.openbadges.checks import Check
from badges.openbadges.v2 import checks as v2_checks
from badges.opening import MAX_BYTES, Badge, Older, Opened, Unreadable, opened
from badges.resolving import is_ours, own_issuer, record_of, text_at
from badges.tracing import evidence_check, trace
from badges.verdicts import (
    OWN,
    PARTNER,
    UNKNOWN,
    UNPROVEN,
    Outcome,
    Source,
    Summary,
    Trust,
    Verification,
    outcome,
)
from workbench.clock import database_now
from workbench.models import Organisation

__all__ = ["MAX_BYTES", "Outcome", "Verification", "verify"]

MUST_PASS = ("structure", "context", "proof", "issuer", "status", "dates")
MAY_NOT_FAIL = ("evidence", "recipient")
KNOWN_BAD = ("key-not-found", "did-document-mismatch", "key-unsupported")
MAX_NAME = 300


@dataclass(frozen=True)
class _Found:
    """The checks of a badge as the standards make them, with what it says of itself."""

    checks: dict[str, Check]
    document: dict[str, Any]
    name: str
    issuer: str
    issuer_id: str
    awarded: object
    valid_until: object
    version: str = "3.0"


def verify(source: bytes | str, *, lookup: Lookup | None = None, recipient: str = "") -> Verification:
    """Verify a file (PNG, SVG, JSON, JWT, PDF), or a text: a pasted badge, or an address.

    ``lookup`` says what may be asked; without one, what this installation asks for anybody. ``recipient`` is
    an email address that the badge should have been awarded to.
    Raises DomainError ``nothing-to-verify``, ``too-large``, ``printed``, ``foreign-address``,
    ``not-fetched``, ``unknown-badge``, ``jwt-waiting`` or ``busy``.
    """
    lookup = lookup or usual()
    if isinstance(source, str) and re.match(r"\s*https?://", source):
        return verify_at(source, lookup=lookup, recipient=recipient)
    data = source.encode("utf-8", errors="replace") if isinstance(source, str) else source
    return _verified(data, lookup, recipient)


def verify_at(address: str, *, lookup: Lookup | None = None, recipient: str = "") -> Verification:
    """Verify what stands at an address: of ours from our records, of others when other websites are asked.

    Raises as ``verify`` does.
    """
    lookup, address = lookup or usual(), address.strip()
    if lookup.own and (is_ours(address) or not lookup.is_online):
        return _verified(text_at(address).encode(), lookup, recipient)
    return _verified(lookup.content(address), lookup, recipient)


# --- The checks of the standards ------------------------------------------------------------------------


def _verified(data: bytes, lookup: Lookup, recipient: str) -> Verification:
    now = database_now() if lookup.own else timezone.now()
    seen = Source("", hashlib.sha256(data).hexdigest(), len(data))
    try:
        found = opened(data, lookup)
    except Unreadable as error:
        return _unreadable(error.code, seen, now)
    seen = Source(found.container, seen.sha256, seen.size, found.text)
    return _judged(_checked(found, lookup, now), seen, lookup, now, recipient=recipient)


def _checked(found: Opened, lookup: Lookup, now: datetime) -> _Found:
    badge = found.badge
    if isinstance(badge, Older):
        return _older(badge, lookup, now)
    means = {
        "resolve": lookup.resolve,
        "now": now,
        "fetch_list": lookup.status_list,
        "hashing": hash_data,
    }
    answers = _run(badge, means)
    document = badge.credential if isinstance(badge, vc_jwt.SignedJwt) else badge
    achievement = _object(_object(document.get("credentialSubject")).get("achievement"))
    issuer_id = checks.issuer_id(document) or ""
    return _Found(
        checks={check.name: check for check in answers},
        document=document,
        name=_text(achievement.get("name")),
        issuer=_text(_object(document.get("issuer")).get("name")) or issuer_id,
        issuer_id=issuer_id,
        awarded=document.get("validFrom", document.get("issuanceDate")),
        valid_until=document.get("validUntil", document.get("expirationDate")),
    )


def _run(badge: Badge, means: dict[str, Any]) -> tuple[Check, ...]:
    if isinstance(badge, vc_jwt.SignedJwt):
        return jwt_checks.run(badge, **means)
    assert isinstance(badge, dict)
    return checks.run(badge, **means)


def _older(badge: Older, lookup: Lookup, now: datetime) -> _Found:
    judged = v2_checks.run(badge.document, badge.signature, fetch=lookup.document, now=now)
    return _Found(
        checks={check.name: check for check in judged.checks},
        document=badge.document,
        name=_text(judged.badge.name) if judged.badge else "",
        issuer=_text(judged.issuer.name) if judged.issuer else "",
        issuer_id=judged.issuer.id if judged.issuer else "",
        awarded=badge.document.get("issuedOn"),
        valid_until=badge.document.get("expires"),
        version="2.0",
    )


# --- What our own records know --------------------------------------------------------------------------


def _judged(badge: _Found, source: Source, lookup: Lookup, now: datetime, *, recipient: str) -> Verification:
    found = dict(badge.checks)
    signer = lookup.owner if badge.version == "3.0" else None
    owner = None if found["issuer"].code == "issuer-key-embedded" else signer
    signed = found["proof"].passed
    record = record_of(badge.document, owner) if owner and signed else None
    found["structure"] = _reworded(found["structure"])
    found["issuer"] = _issuer(badge, owner, signed=signed is not False, own=lookup.own)
    if owner and signed:
        found["status"] = _own_status(record)
        method = found["proof"].values.get("key", "")
        found["issuer"] = trusting.judged(found["issuer"], badge.document, method, owner, record)
    trust = _trust(found["issuer"], badge, owner, signed=signed is True, own=lookup.own)
    if trust.kind == PARTNER:
        found["issuer"] = Check("issuer", True, "issuer-partner", {"name": trust.name})
    way = trace(record, badge.document) if record else None
    found["evidence"] = evidence_check(way)
    if recipient:
        found["recipient"] = holder.check(badge.document, recipient)
    settled = {name: _certain(check) for name, check in found.items()}
    verified = all(settled[name].passed is True for name in MUST_PASS) and not any(
        settled[name].passed is False for name in MAY_NOT_FAIL if name in settled
    )
    return Verification(
        verified=verified,
        checks=tuple(outcome(settled[name]) for name in explaining.TITLES if name in settled),
        summary=_summary(badge, record) if settled["structure"].passed else None,
        trust=trust,
        source=source,
        checked_at=now,
        trace=way,
    )


def _unreadable(code: str, source: Source, now: datetime) -> Verification:
    """One thing is known, the rest was not reached."""
    outcomes = [
        Check("structure", False, code) if name == "structure" else Check(name, None, "not-reached")
        for name in explaining.TITLES
        if name != "recipient"
    ]
    return Verification(
        verified=False,
        checks=tuple(outcome(check) for check in outcomes),
        summary=None,
        trust=Trust(UNPROVEN),
        source=source,
        checked_at=now,
    )


def _certain(check: Check) -> Check:
    """Where the key's whole list was at hand, a key that is not in it is a failure, not a gap."""
    if check.passed is None and check.code in KNOWN_BAD:
        return Check(check.name, False, check.code, check.values)
    return check


def _reworded(check: Check) -> Check:
    if check.code == "not-a-badge":
        return Check(check.name, check.passed, "structure-missing", check.values)
    return check


def _issuer(badge: _Found, owner: Organisation | None, *, signed: bool, own: bool) -> Check:
    check = badge.checks["issuer"]
    if own and check.code == "issuer-key-embedded" and _claims_our_addresses(badge.document):
        return Check("issuer", False, "issuer-impersonation")
    if not check.passed:
        return check
    if not signed:  # it names a key of the issuer's, as anybody's words can
        return Check("issuer", None, "issuer-unproven")
    if owner:
        return Check("issuer", True, "issuer-ours", {"name": owner.name})
    if own and _claims_our_addresses(badge.document):
        return Check("issuer", False, "issuer-impersonation")
    return Check("issuer", True, "issuer-unknown", {"name": badge.issuer})


def _claims_our_addresses(document: Mapping[str, Any]) -> bool:
    """Whether a badge that none of our keys signed says that it lives here."""
    issuer = _object(document.get("issuer"))
    named = (document.get("id"), issuer.get("url"), issuer.get("id"), document.get("issuer"))
    claimed = [one for one in named if isinstance(one, str)]
    return any(is_ours(one) or own_issuer(one) is not None for one in claimed)


def _trust(check: Check, badge: _Found, owner: Organisation | None, *, signed: bool, own: bool) -> Trust:
    """Who it is, once it is proven that it is they."""
    if not (check.passed and signed):
        return Trust(UNPROVEN)
    if owner:
        return Trust(OWN, badge.issuer_id, owner.name)
    listed = list(TrustedIssuer.objects.named(badge.issuer_id)) if own else []
    if listed:
        organisations = tuple(entry.organisation.name for entry in listed)
        return Trust(PARTNER, badge.issuer_id, listed[0].name, organisations)
    return Trust(UNKNOWN, badge.issuer_id, badge.issuer)


def _own_status(record: Credential | None) -> Check:
    """Our own database decides, at once, whatever copy of the status list is about."""
    if record is None:
        return Check("status", False, "record-missing")
    if record.is_revoked:
        moment = record.revoked_at.isoformat() if record.revoked_at else ""
        return Check("status", False, "revoked-ours", {"date": moment, "reason": record.revocation_reason})
    if record.is_suspended:
        moment = record.suspended_at.isoformat() if record.suspended_at else ""
        return Check("status", False, "suspended-ours", {"date": moment, "reason": record.suspension_reason})
    return Check("status", True, "status-ok")


# --- What it says of itself ------------------------------------------------------------------------------


def _summary(badge: _Found, record: Credential | None) -> Summary:
    return Summary(
        name=badge.name,
        issuer=badge.issuer,
        awarded=_moment(badge.awarded),
        valid_until=_moment(badge.valid_until),
        record=record,
        version=badge.version,
    )


def _text(value: object) -> str:
    return value[:MAX_NAME] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    """In local time; None for what no calendar here can show."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return timezone.localtime(moment) if moment and timezone.is_aware(moment) else None
    except (ValueError, OverflowError):
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
