"""Verifies a credential as a list of named checks, so that a reader learns what holds and what does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badges.openbadges import contexts, keys, status_list
from badges.openbadges.did import KeyNotFound, KeyRecord
from badges.openbadges.proof import PURPOSE, TIMESTAMP, ProofInvalid, verify_proof

# Finds the key of a verification method (first argument) for an issuer (second); raises `KeyNotFound`.
Resolve = Callable[[str, str], KeyRecord]
# Finds a status list credential by its address, or answers None when it cannot be had.
FetchList = Callable[[str], dict[str, Any] | None]

BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")


@dataclass(frozen=True)
class Check:
    """One answer: `passed` is None when it could not be decided; `code` and `values` are for whoever words it."""

    name: str
    passed: bool | None
    code: str
    values: dict[str, str] = field(default_factory=dict)


def run(
    credential: dict[str, Any], *, resolve: Resolve, now: datetime, fetch_list: FetchList
) -> tuple[Check, ...]:
    """Every check of a parsed credential, in the order a reader asks."""
    return (
        check_structure(credential),
        check_context(credential),
        check_proof(credential, resolve),
        check_issuer(credential, resolve),
        check_dates(credential, now),
        check_status(credential, resolve, now, fetch_list),
    )


def check_structure(credential: dict[str, Any]) -> Check:
    """Whether this is an Open Badge 3.0 about an achievement of somebody."""
    subject = credential.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    criteria = achievement.get("criteria") if isinstance(achievement, dict) else None
    types = _list(credential.get("type"))
    rules = (
        ("type", "VerifiableCredential" in types and any(kind in types for kind in BADGE_TYPES)),
        ("id", _is_text(credential.get("id"))),
        ("issuer", issuer_id(credential) is not None),
        ("validFrom", _is_text(credential.get("validFrom")) or _is_text(credential.get("issuanceDate"))),
        (
            "credentialSubject",
            isinstance(subject, dict) and "AchievementSubject" in _list(subject.get("type")),
        ),
        (
            "recipient",
            isinstance(subject, dict) and (_is_text(subject.get("id")) or bool(subject.get("identifier"))),
        ),
        ("achievement", isinstance(achievement, dict) and "Achievement" in _list(achievement.get("type"))),
        ("achievement.name", isinstance(achievement, dict) and _is_text(achievement.get("name"))),
        (
            "criteria",
            isinstance(criteria, dict)
            and (_is_text(criteria.get("id")) or _is_text(criteria.get("narrative"))),
        ),
    )
    missing = [member for member, holds in rules if not holds]
    if missing:
        return Check("structure", False, "not-a-badge", {"missing": ", ".join(missing)})
    return Check("structure", True, "structure-ok")


def check_context(credential: dict[str, Any]) -> Check:
    """Whether the words of the credential have their published meaning."""
    named = _list(credential.get("@context"))
    for entry in named:
        if not isinstance(entry, str) or entry not in contexts.BUNDLED:
            return Check("context", False, "unknown-context", {"context": str(entry)[:200]})
    if named[:1] not in ([contexts.CREDENTIALS], [contexts.CREDENTIALS_V1]):
        return Check("context", False, "context-order")
    if not any(entry in contexts.OPEN_BADGES_VERSIONS for entry in named[1:]):
        return Check("context", False, "context-not-open-badges")
    return Check("context", True, "context-ok")


def check_proof(credential: dict[str, Any], resolve: Resolve) -> Check:
    """Whether the signature covers every word of the credential, and the key exists."""
    return _proof_check("proof", credential, resolve)


def check_issuer(credential: dict[str, Any], resolve: Resolve) -> Check:
    """Whether the key belongs to the issuer named in the credential, who still lets it vouch."""
    issuer, method = issuer_id(credential), _method(credential)
    if issuer is None or method is None:
        return Check("issuer", False, "issuer-missing")
    try:
        record = resolve(method, issuer)
    except KeyNotFound as error:
        return Check("issuer", None, error.code, {"issuer": issuer})
    if record.controller != issuer or record.verification_method != method:
        return Check("issuer", False, "issuer-mismatch", {"issuer": issuer, "controller": record.controller})
    if not record.may_assert:
        return Check("issuer", False, "key-withdrawn", {"issuer": issuer})
    return Check("issuer", True, "issuer-ok", {"issuer": issuer})


def check_dates(credential: dict[str, Any], now: datetime) -> Check:
    """Whether the credential, and its proof, are in their time of validity at `now`."""
    proof = _proof(credential) or {}
    starts = [credential.get("validFrom", credential.get("issuanceDate"))]
    ends = [credential.get("validUntil", credential.get("expirationDate")), proof.get("expires")]
    try:
        start = max(_moment(value) for value in starts if value is not None)
        end = min((_moment(value) for value in ends if value is not None), default=None)
    except ValueError:
        return Check("dates", False, "dates-unreadable")
    if start > now:
        return Check("dates", False, "not-yet-valid", {"from": start.isoformat()})
    if end is not None and end <= now:
        return Check("dates", False, "expired", {"until": end.isoformat()})
    return Check("dates", True, "dates-ok", {"until": end.isoformat()} if end else {})


def check_status(credential: dict[str, Any], resolve: Resolve, now: datetime, fetch_list: FetchList) -> Check:
    """Whether the issuer has revoked or suspended the credential; a list is only believed with the issuer's own proof."""
    entries = [entry for entry in _list(credential.get("credentialStatus")) if entry is not None]
    if not entries:
        return Check("status", True, "status-none")
    answers = [_status_check(credential, entry, resolve, now, fetch_list) for entry in entries]
    return min(answers, key=_worst_first)


def issuer_id(credential: dict[str, Any]) -> str | None:
    """The id of the issuer, whether given as an object or as a bare address."""
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) and found else None


def _status_check(
    credential: dict[str, Any], entry: Any, resolve: Resolve, now: datetime, fetch_list: FetchList
) -> Check:
    if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
        return Check("status", None, "status-unsupported")
    url, purpose, index = (
        entry.get(name) for name in ("statusListCredential", "statusPurpose", "statusListIndex")
    )
    if not (_is_text(url) and purpose in status_list.PURPOSES and isinstance(index, str)):
        return Check("status", False, "status-malformed")
    if not (index.isascii() and index.isdigit() and len(index) <= 10):
        return Check("status", False, "status-malformed")
    listing = fetch_list(str(url))
    if listing is None:
        return Check("status", None, "status-unreachable", {"list": str(url)})
    problem = _list_problem(listing, str(url), str(purpose), issuer_id(credential), resolve, now)
    if problem:
        return Check("status", False, problem, {"list": str(url)})
    try:
        marked = status_list.is_set(
            status_list.decode(listing["credentialSubject"]["encodedList"]), int(index)
        )
    except status_list.BadStatusList as error:
        return Check("status", False, "status-list-unreadable", {"detail": str(error)})
    if marked:
        return Check("status", False, "revoked" if purpose == "revocation" else "suspended")
    return Check("status", True, "status-ok")


def _list_problem(
    listing: dict[str, Any], url: str, purpose: str, issuer: str | None, resolve: Resolve, now: datetime
) -> str | None:
    """The code of what makes a status list unfit to answer for this credential."""
    subject = listing.get("credentialSubject")
    if "BitstringStatusListCredential" not in _list(listing.get("type")) or not isinstance(subject, dict):
        return "status-list-malformed"
    if listing.get("id") != url or subject.get("statusPurpose") != purpose or "encodedList" not in subject:
        return "status-list-mismatch"
    if issuer is None or issuer_id(listing) != issuer:
        return "status-list-issuer"
    if not (check_proof(listing, resolve).passed and check_issuer(listing, resolve).passed):
        return "status-list-proof"
    return None if check_dates(listing, now).passed else "status-list-dates"


def _proof_check(name: str, credential: dict[str, Any], resolve: Resolve) -> Check:
    proof, method, issuer = _proof(credential), _method(credential), issuer_id(credential)
    if proof is None or method is None or issuer is None:
        return Check(name, False, "proof-missing")
    try:
        record = resolve(method, issuer)
        verify_proof(credential, proof, keys.decode_public(record.multikey))
    except KeyNotFound as error:
        return Check(name, None, error.code, {"key": method})
    except keys.BadKey as error:
        return Check(name, False, "key-refused", {"detail": str(error)})
    except ProofInvalid as error:
        return Check(name, False, f"proof-{error.code}", {"detail": str(error)})
    return Check(name, True, "proof-ok", {"key": method})


def _proof(credential: dict[str, Any]) -> dict[str, Any] | None:
    """The one proof of a credential: with several, which one a reader looks at would be chance."""
    proofs = _list(credential.get("proof"))
    usable = [proof for proof in proofs if isinstance(proof, dict) and proof.get("proofPurpose") == PURPOSE]
    return usable[0] if len(usable) == len(proofs) == 1 else None


def _method(credential: dict[str, Any]) -> str | None:
    method = (_proof(credential) or {}).get("verificationMethod")
    return method if isinstance(method, str) and method else None


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not TIMESTAMP.match(value):
        raise ValueError("not a time with zone")
    return datetime.fromisoformat(value)


def _worst_first(check: Check) -> int:
    return {False: 0, None: 1, True: 2}[check.passed]


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""
