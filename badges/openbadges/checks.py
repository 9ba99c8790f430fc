"""Verifies a credential as a list of named checks, so that a reader learns what holds and what does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badges.openbadges import contexts, keys, revocation_list, status_list
from badges.openbadges.did import KeyNotFound, KeyRecord
from badges.openbadges.proof import PURPOSE, TIMESTAMP, Hashing, ProofInvalid, verify_proof

# Finds the key of a verification method (first argument) for an issuer (second); raises `KeyNotFound`.
Resolve = Callable[[str, str], KeyRecord]
# Finds a status list credential by its address, or answers None when it cannot be had.
FetchList = Callable[[str], dict[str, Any] | None]

# A credential has one entry for each purpose; each costs the reading of a list with a proof of its own.
MAX_STATUS_ENTRIES = 8
BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")


@dataclass(frozen=True)
class Check:
    """One answer: `passed` is None when undecided; `code` and `values` are for whoever words it."""

    name: str
    passed: bool | None
    code: str
    values: dict[str, str] = field(default_factory=dict)


def run(
    credential: dict[str, Any],
    *,
    resolve: Resolve,
    now: datetime,
    fetch_list: FetchList,
    hashing: Hashing | None = None,
) -> tuple[Check, ...]:
    """Every check of a parsed credential, in the order a reader asks; for `hashing` see `verify_proof`."""
    return (
        check_structure(credential),
        check_context(credential),
        check_proof(credential, resolve, hashing),
        check_issuer(credential, resolve),
        check_dates(credential, now),
        check_status(credential, resolve, now, fetch_list, hashing),
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


def check_proof(credential: dict[str, Any], resolve: Resolve, hashing: Hashing | None = None) -> Check:
    """Whether the signature covers every word of the credential, and the key exists."""
    proof, method, issuer = _proof(credential), _method(credential), issuer_id(credential)
    if proof is None or method is None or issuer is None:
        return Check("proof", False, "proof-missing")
    try:
        record = resolve(method, issuer)
        verify_proof(credential, proof, keys.decode_public(record.multikey), hashing=hashing)
    except KeyNotFound as error:
        return Check("proof", None, error.code, {"key": method})
    except keys.BadKey as error:
        return Check("proof", False, "key-refused", {"detail": str(error)})
    except ProofInvalid as error:
        return Check("proof", False, f"proof-{error.code}", {"detail": str(error)})
    return Check("proof", True, "proof-ok", {"key": method})


def check_issuer(credential: dict[str, Any], resolve: Resolve) -> Check:
    """Whether the key belongs to the issuer named in the credential, who still lets it vouch."""
    issuer, method = issuer_id(credential), _method(credential)
    if issuer is None or method is None:
        return Check("issuer", False, "issuer-missing")
    try:
        record = resolve(method, issuer)
    except KeyNotFound as error:
        return Check("issuer", None, error.code, {"issuer": issuer})
    return judge_key(record, issuer=issuer, method=method)


def judge_key(record: KeyRecord, *, issuer: str, method: str) -> Check:
    """Whether a key that was found belongs to the issuer, under the name that the proof gives it."""
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
        start = max(moment(value) for value in starts if value is not None)
        end = min((moment(value) for value in ends if value is not None), default=None)
    except ValueError:
        return Check("dates", False, "dates-unreadable")
    if start > now:
        return Check("dates", False, "not-yet-valid", {"from": start.isoformat()})
    if end is not None and end <= now:
        return Check("dates", False, "expired", {"until": end.isoformat()})
    return Check("dates", True, "dates-ok", {"until": end.isoformat()} if end else {})


def check_status(
    credential: dict[str, Any],
    resolve: Resolve,
    now: datetime,
    fetch_list: FetchList,
    hashing: Hashing | None = None,
) -> Check:
    """Whether the issuer has revoked or suspended the credential; a list needs the issuer's own proof."""
    entries = [entry for entry in _list(credential.get("credentialStatus")) if entry is not None]
    if not entries:
        return Check("status", True, "status-none")
    if len(entries) > MAX_STATUS_ENTRIES:
        return Check("status", False, "status-malformed")
    reader = _StatusReader(credential, resolve, now, fetch_list, hashing)
    return min((reader.check(entry) for entry in entries), key=_worst_first)


def issuer_id(credential: dict[str, Any]) -> str | None:
    """The id of the issuer, whether given as an object or as a bare address."""
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) and found else None


class _Settled(Exception):
    """The answer for a status entry is known before its bit is read."""

    def __init__(self, passed: bool | None, code: str, **values: str) -> None:
        super().__init__(code)
        self.check = Check("status", passed, code, values)


@dataclass(frozen=True)
class _StatusReader:
    """Reads the status of one credential."""

    credential: dict[str, Any]
    resolve: Resolve
    now: datetime
    fetch_list: FetchList
    hashing: Hashing | None = None

    @property
    def issuer(self) -> str | None:
        return issuer_id(self.credential)

    def check(self, entry: Any) -> Check:
        if isinstance(entry, dict) and entry.get("type") == revocation_list.TYPE:
            return self.by_name(entry.get("id"))
        try:
            url, purpose, index = _status_entry(entry)
            bits = status_list.decode(self.listing(url, purpose)["credentialSubject"]["encodedList"])
            if status_list.is_set(bits, index):
                return Check("status", False, "revoked" if purpose == "revocation" else "suspended")
        except _Settled as settled:
            return settled.check
        except status_list.BadStatusList as error:
            return Check("status", False, "status-list-unreadable", {"detail": str(error)})
        return Check("status", True, "status-ok")

    def by_name(self, url: Any) -> Check:
        """By a list without signature: the badge, which is signed, says where its issuer keeps it."""
        listing = self.fetch_list(url) if isinstance(url, str) else None
        if listing is None:
            return Check("status", None, "status-unreachable")
        if listing.get("id") != url or self.issuer is None or issuer_id(listing) != self.issuer:
            return Check("status", False, "status-list-issuer")
        try:
            reason = revocation_list.reason_for(listing, str(self.credential.get("id")))
        except revocation_list.BadRevocationList as error:
            return Check("status", False, "status-list-unreadable", {"detail": str(error)})
        if reason is None:
            return Check("status", True, "status-ok")
        return Check("status", False, "revoked-because" if reason else "revoked", {"reason": reason[:300]})

    def listing(self, url: str, purpose: str) -> dict[str, Any]:
        """The list at `url`, once its own issuer, proof and dates hold."""
        listing = self.fetch_list(url)
        if listing is None:
            raise _Settled(None, "status-unreachable", list=url)
        subject = listing.get("credentialSubject")
        if "BitstringStatusListCredential" not in _list(listing.get("type")) or not isinstance(subject, dict):
            raise _Settled(False, "status-list-malformed", list=url)
        if (
            listing.get("id") != url
            or subject.get("statusPurpose") != purpose
            or "encodedList" not in subject
        ):
            raise _Settled(False, "status-list-mismatch", list=url)
        if self.issuer is None or issuer_id(listing) != self.issuer:
            raise _Settled(False, "status-list-issuer", list=url)
        proven = check_proof(listing, self.resolve, self.hashing).passed
        if not (proven and check_issuer(listing, self.resolve).passed):
            raise _Settled(False, "status-list-proof", list=url)
        if not check_dates(listing, self.now).passed:
            raise _Settled(False, "status-list-dates", list=url)
        return listing


def _status_entry(entry: Any) -> tuple[str, str, int]:
    """List address, purpose and index of a status entry."""
    if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
        raise _Settled(None, "status-unsupported")
    url, purpose, index = (
        entry.get(name) for name in ("statusListCredential", "statusPurpose", "statusListIndex")
    )
    if not (isinstance(url, str) and url and purpose in status_list.PURPOSES):
        raise _Settled(False, "status-malformed")
    if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) <= 10):
        raise _Settled(False, "status-malformed")
    return url, str(purpose), int(index)


def _proof(credential: dict[str, Any]) -> dict[str, Any] | None:
    """The one proof of a credential: with several, which one a reader looks at would be chance."""
    proofs = _list(credential.get("proof"))
    usable = [proof for proof in proofs if isinstance(proof, dict) and proof.get("proofPurpose") == PURPOSE]
    return usable[0] if len(usable) == len(proofs) == 1 else None


def _method(credential: dict[str, Any]) -> str | None:
    method = (_proof(credential) or {}).get("verificationMethod")
    return method if isinstance(method, str) and method else None


def moment(value: Any) -> datetime:
    """A time with zone, as credentials write it; raises ValueError."""
    if not isinstance(value, str) or not TIMESTAMP.match(value):
        raise ValueError("not a time with zone")
    return datetime.fromisoformat(value)


def _worst_first(check: Check) -> int:
    return {False: 0, None: 1, True: 2}[check.passed]


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""
