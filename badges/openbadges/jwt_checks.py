"""Verifies a badge in JWT form by the same named checks as one with an embedded proof."""

from datetime import UTC, datetime
from typing import Any

from badges.openbadges import checks, vc_jwt
from badges.openbadges.checks import Check, FetchList, Resolve
from badges.openbadges.did import KeyNotFound, KeyRecord
from badges.openbadges.keys import BadKey
from badges.openbadges.proof import Hashing, ProofInvalid
from badges.openbadges.vc_jwt import SignedJwt


def run(
    badge: SignedJwt,
    *,
    resolve: Resolve,
    now: datetime,
    fetch_list: FetchList,
    hashing: Hashing | None = None,
) -> tuple[Check, ...]:
    """Every check, in the order a reader asks; `hashing` is for the status list, whose proof is embedded."""
    return (
        check_structure(badge),
        checks.check_context(badge.credential),
        check_proof(badge, resolve),
        check_issuer(badge, resolve),
        checks.check_dates(_with_expiry(badge), now),
        checks.check_status(badge.credential, resolve, now, fetch_list, hashing),
    )


def check_structure(badge: SignedJwt) -> Check:
    """Whether it is an Open Badge, and the claims around it say the same as the badge."""
    found = checks.check_structure(badge.credential)
    differing = vc_jwt.contradictions(badge)
    if found.passed and differing:
        return Check("structure", False, "jwt-claims", {"claims": ", ".join(differing)})
    return found


def check_proof(badge: SignedJwt, resolve: Resolve) -> Check:
    """Whether the key that is named signed every word."""
    try:
        record = _record(badge, resolve)
        if record is None:
            return Check("proof", False, "key-missing")
        vc_jwt.verify(badge, record)
    except KeyNotFound as error:
        return Check("proof", None, error.code, {"key": badge.kid or ""})
    except BadKey as error:
        return Check("proof", False, "key-refused", {"detail": str(error)})
    except ProofInvalid as error:
        return Check("proof", False, f"proof-{error.code}", {"detail": str(error)})
    return Check("proof", True, "proof-ok", {"key": record.verification_method})


def check_issuer(badge: SignedJwt, resolve: Resolve) -> Check:
    """Whether the key belongs to the issuer, who still lets it vouch."""
    issuer = checks.issuer_id(badge.credential)
    try:
        record = _record(badge, resolve)
    except KeyNotFound as error:
        return Check("issuer", None, error.code, {"issuer": issuer or ""})
    except BadKey as error:
        return Check("issuer", False, "key-refused", {"detail": str(error)})
    if issuer is None or record is None:
        return Check("issuer", False, "issuer-missing")
    if not record.controller:
        return Check("issuer", None, "issuer-key-embedded", {"issuer": issuer})
    method = badge.kid or record.verification_method
    return checks.judge_key(record, issuer=issuer, method=method)


def _record(badge: SignedJwt, resolve: Resolve) -> KeyRecord | None:
    """The key by its address in `kid`, which goes first, or as it stands in the header; None without either.

    A key in the header proves an issuer only when the issuer's DID is that very key.
    """
    issuer = checks.issuer_id(badge.credential)
    if issuer is None:
        return None
    if badge.kid:
        return resolve(badge.kid, issuer)
    embedded, method = vc_jwt.embedded_record(badge), vc_jwt.own_method(issuer)
    if embedded is None or method is None:
        return embedded
    named = resolve(method, issuer)
    return named if _same_key(embedded, named) else embedded


def _same_key(one: KeyRecord, other: KeyRecord) -> bool:
    return vc_jwt.public_key(one) == vc_jwt.public_key(other)


def _with_expiry(badge: SignedJwt) -> dict[str, Any]:
    """The credential with the end that `exp` gives it, where it says none itself (§8.2.6.1)."""
    end = vc_jwt.expiry(badge)
    if end is None or {"validUntil", "expirationDate"} & badge.credential.keys():
        return badge.credential
    return {**badge.credential, "validUntil": end.astimezone(UTC).isoformat()}
