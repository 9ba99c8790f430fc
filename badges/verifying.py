"""Verify a badge, anyone's badge, as a list of named checks; nothing is ever fetched for it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges import explaining
from badges.models import Credential
from badges.models.credential import CredentialState
from badges.openbadges import baking, checks, jws, jwt_checks, parsing, vc_jwt
from badges.openbadges.award import Award, EvidenceItem
from badges.resolving import Resolver, is_ours, own_issuer, own_status_list, record_of, text_at
from workbench.clock import database_now
from workbench.errors import invalid
from workbench.models import Organisation
from workbench.storage import open_blob

MAX_BYTES = 2 * 1024 * 1024
# Reading evidence again costs time: beyond this sum a public page only says what it did not do.
MAX_EVIDENCE_BYTES = 256 * 1024 * 1024
MUST_PASS = ("structure", "context", "proof", "issuer", "status", "dates")
KNOWN_BAD = ("key-not-found", "did-document-mismatch", "key-unsupported")


@dataclass(frozen=True)
class Outcome:
    """One check as told to a reader; ``passed`` is None when it was not possible to check."""

    name: str
    passed: bool | None
    code: str
    title: str
    detail: str


@dataclass(frozen=True)
class Summary:
    """What the badge says of itself, and ``record``, our own row, when it is one of ours."""

    name: str
    issuer: str
    awarded: datetime | None
    valid_until: datetime | None
    record: Credential | None


@dataclass(frozen=True)
class Verification:
    """``issuer_known`` tells a signature of one of our issuers from that of anybody with a key."""

    verified: bool
    checks: tuple[Outcome, ...]
    summary: Summary | None
    issuer_known: bool

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(check for check in self.checks if check.passed is False)

    def to_json(self) -> dict[str, Any]:
        """As the API and the command answer it."""
        return {
            "verified": self.verified,
            "checks": [
                {"name": check.name, "passed": check.passed, "detail": check.detail} for check in self.checks
            ],
        }


def verify(source: bytes | str) -> Verification:
    """Verify a badge file (PNG, SVG, JSON or JWT), or a text: a pasted badge or an address of our own.

    Raises DomainError ``nothing-to-verify``, ``too-large``, ``printed``, ``foreign-address``,
    ``unknown-badge`` or ``jwt-waiting``.
    """
    if isinstance(source, str) and re.match(r"\s*https?://", source):
        return verify(text_at(source.strip()).encode())
    data = source.encode("utf-8", errors="replace") if isinstance(source, str) else source
    if not data.strip():
        raise invalid("nothing-to-verify", _("Choose the badge's file, or paste its address or its text."))
    if len(data) > MAX_BYTES:
        raise invalid(
            "too-large",
            _("A badge is at most %(limit)s MB large.") % {"limit": MAX_BYTES // (1024 * 1024)},
        )
    if data.startswith(b"%PDF-"):
        raise invalid(
            "printed",
            _("A PDF is a sheet to print. Give the badge's image, or the address that stands on the sheet."),
        )
    try:
        found = baking.extract(data)
        if found.is_jwt:
            return _verify_jwt(vc_jwt.read(found.credential_text))
        credential = parsing.parse(found.credential_text)
    except (baking.BakingError, parsing.ParseError, jws.JwsError) as error:
        return _unreadable(error.code)
    if jws.is_in_json(credential):
        return _unreadable("jwt-in-json")
    return _verify_credential(credential)


# --- The checks ----------------------------------------------------------------------------------------


def _verify_credential(credential: dict[str, Any]) -> Verification:
    resolver = Resolver()
    found = checks.run(credential, resolve=resolver.resolve, now=database_now(), fetch_list=own_status_list)
    return _judged(found, credential, resolver.owner)


def _verify_jwt(badge: vc_jwt.SignedJwt) -> Verification:
    resolver = Resolver()
    found = jwt_checks.run(badge, resolve=resolver.resolve, now=database_now(), fetch_list=own_status_list)
    return _judged(found, badge.credential, resolver.owner)


def _judged(
    answers: tuple[checks.Check, ...], credential: dict[str, Any], signer: Organisation | None
) -> Verification:
    """The checks with what our own records know; ``signer`` is the issuer of ours whose key was found."""
    found = {check.name: check for check in answers}
    owner = None if found["issuer"].code == "issuer-key-embedded" else signer
    record = record_of(credential, owner) if owner and found["proof"].passed else None
    found["structure"] = _reworded(found["structure"])
    found["issuer"] = _issuer(found["issuer"], credential, owner, signed=found["proof"].passed is not False)
    if owner and found["proof"].passed:
        found["status"] = _own_status(record)
    found["evidence"] = _evidence(record)
    return _verification(found, credential, record, owner)


def _verification(
    found: dict[str, checks.Check],
    credential: dict[str, Any],
    record: Credential | None,
    owner: Organisation | None,
) -> Verification:
    settled = {name: _certain(check) for name, check in found.items()}
    passed = {name: check.passed for name, check in settled.items()}
    verified = all(passed[name] is True for name in MUST_PASS) and passed["evidence"] is not False
    return Verification(
        verified=verified,
        checks=tuple(_outcome(settled[name]) for name in explaining.TITLES),
        summary=_summary(credential, record) if passed["structure"] else None,
        issuer_known=owner is not None and passed["issuer"] is True,
    )


def _unreadable(code: str) -> Verification:
    outcomes = [
        checks.Check("structure", False, code)
        if name == "structure"
        else checks.Check(name, None, "not-reached")
        for name in explaining.TITLES
    ]
    return Verification(False, tuple(_outcome(check) for check in outcomes), None, issuer_known=False)


def _outcome(check: checks.Check) -> Outcome:
    code = "dates-until" if check.code == "dates-ok" and check.values else check.code
    return Outcome(
        check.name,
        check.passed,
        check.code,
        explaining.title(check.name),
        explaining.sentence(code, check.values),
    )


def _certain(check: checks.Check) -> checks.Check:
    """Where the key's whole list was at hand, a key that is not in it is a failure, not a gap."""
    if check.passed is None and check.code in KNOWN_BAD:
        return checks.Check(check.name, False, check.code, check.values)
    return check


def _reworded(check: checks.Check) -> checks.Check:
    if check.code == "not-a-badge":
        return checks.Check(check.name, check.passed, "structure-missing", check.values)
    return check


def _issuer(
    check: checks.Check, credential: dict[str, Any], owner: Organisation | None, *, signed: bool
) -> checks.Check:
    if check.code == "issuer-key-embedded" and _claims_our_addresses(credential):
        return checks.Check("issuer", False, "issuer-impersonation")
    if not check.passed:
        return check
    if not signed:  # it names a key of the issuer's, as anybody's words can
        return checks.Check("issuer", None, "issuer-unproven")
    if owner:
        return checks.Check("issuer", True, "issuer-ours", {"name": owner.name})
    if _claims_our_addresses(credential):
        return checks.Check("issuer", False, "issuer-impersonation")
    return checks.Check("issuer", True, "issuer-unknown", {"name": _issuer_name(credential)})


def _claims_our_addresses(credential: dict[str, Any]) -> bool:
    """Whether a badge that none of our keys signed says that it lives here."""
    issuer = _object(credential.get("issuer"))
    named = (credential.get("id"), issuer.get("url"), issuer.get("id"), credential.get("issuer"))
    claimed = [one for one in named if isinstance(one, str)]
    return any(is_ours(one) or own_issuer(one) is not None for one in claimed)


def _own_status(record: Credential | None) -> checks.Check:
    """Our own database decides, at once, whatever copy of the status list is about."""
    if record is None:
        return checks.Check("status", False, "record-missing")
    if record.is_revoked:
        moment = record.revoked_at.isoformat() if record.revoked_at else ""
        return checks.Check(
            "status", False, "revoked-ours", {"date": moment, "reason": record.revocation_reason}
        )
    if record.state == CredentialState.SUSPENDED:
        return checks.Check("status", False, "suspended")
    return checks.Check("status", True, "status-ok")


def _evidence(record: Credential | None) -> checks.Check:
    """Read the published files again and compare their digests with those of the judgement."""
    if record is None:
        return checks.Check("evidence", None, "evidence-elsewhere")
    items = [
        item
        for item in Award.from_json(record.award).evidence
        if item.sha256 and item.visibility != "private"
    ]
    if not items:
        return checks.Check("evidence", True, "evidence-none")
    if sum(item.size for item in items) > MAX_EVIDENCE_BYTES:
        return checks.Check("evidence", None, "evidence-too-large")
    digests = {item: _digest_of(item) for item in items}
    for code, wrong in (
        ("evidence-missing", [item.name for item, digest in digests.items() if digest is None]),
        ("evidence-changed", [item.name for item, digest in digests.items() if digest != item.sha256]),
    ):
        if wrong:
            return checks.Check("evidence", False, code, {"titles": ", ".join(wrong)})
    return checks.Check("evidence", True, "evidence-ok", {"count": str(len(items))})


def _digest_of(item: EvidenceItem) -> str | None:
    try:
        with open_blob(item.sha256) as file:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


# --- What it says of itself ------------------------------------------------------------------------------


def _summary(credential: dict[str, Any], record: Credential | None) -> Summary:
    achievement = _object(_object(credential.get("credentialSubject")).get("achievement"))
    return Summary(
        name=str(achievement.get("name", ""))[:300],
        issuer=_issuer_name(credential),
        awarded=_moment(credential.get("validFrom")),
        valid_until=_moment(credential.get("validUntil")),
        record=record,
    )


def _issuer_name(credential: dict[str, Any]) -> str:
    issuer = credential.get("issuer")
    name = _object(issuer).get("name") or checks.issuer_id(credential) or ""
    return str(name)[:300]


def _moment(value: object) -> datetime | None:
    """In local time; None for what no calendar here can show."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return timezone.localtime(moment) if moment and timezone.is_aware(moment) else None
    except (ValueError, OverflowError):
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
