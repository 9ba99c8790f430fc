"""A credential secured as JWT (Open Badges 3.0 §8.2.4, W3C VC-JOSE-COSE §3.1.1)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from badges.openbadges import checks, did, jwk, jws, keys, p256, parsing
from badges.openbadges.did import KeyRecord
from badges.openbadges.proof import CannotSign, ProofInvalid

# Open Badges 3.0 allows no other `typ`; see decision 0008.
TYPE = "JWT"
P256_MULTIKEY = "zDn"


class Ambiguous(jws.JwsError):
    """The claims hold two credentials, or none that can be told."""

    code = "jwt-ambiguous"


@dataclass(frozen=True)
class SignedJwt:
    """A badge in JWT form as it was read, with nothing verified. `claims` are those beside the credential."""

    jws: jws.Jws
    claims: dict[str, Any]
    credential: dict[str, Any]

    @property
    def kid(self) -> str | None:
        """The key as a whole address: one that begins with `#` belongs to the issuer."""
        kid: str | None = self.jws.header.get("kid") or None
        return f"{checks.issuer_id(self.credential)}{kid}" if kid and kid.startswith("#") else kid


@dataclass(frozen=True)
class JwtSigner:
    """Signs as one issuer. `published` is the key as others find it, and each text is checked with it."""

    private: keys.SignsJwt
    published: KeyRecord

    def text(self, document: dict[str, Any]) -> str:
        """The badge in JWT form, as it is served for ever; raises `CannotSign` or `ProofInvalid`."""
        claims = _claims(document, self.published.controller)
        header = {"typ": TYPE, "kid": self.published.verification_method}
        signed = jws.sign(parsing.serialise(claims).encode(), header, self.private)
        found = read(signed)
        verify(found, self.published)
        if found.credential != claims or contradictions(found):
            raise ProofInvalid("unsigned-data", "what was signed does not read as it was written")
        return signed


def read(text: str) -> SignedJwt:
    """Take a badge in JWT form apart; raises a `JwsError` or a `ParseError`.

    The credential is the payload itself or, as in version 1.1 of the data model, its claim `vc`.
    """
    taken = jws.read(text)
    claims = parsing.parse(taken.payload)
    wrapped = claims.get("vc", claims)
    if not isinstance(wrapped, dict) or (wrapped is not claims and "credentialSubject" in claims):
        raise Ambiguous("the claims hold a credential beside `vc`, or `vc` is none")
    return SignedJwt(taken, claims, wrapped)


def verify(badge: SignedJwt, record: KeyRecord) -> None:
    """Raises `ProofInvalid` unless the key signed the whole text, or `BadKey` for one not to be trusted."""
    if not jws.verify(badge.jws, public_key(record)):
        raise ProofInvalid("signature", "the signature does not match the text")


def public_key(record: KeyRecord) -> jwk.PublicKey:
    """The key of a record, in whichever spelling; raises `BadKey`."""
    if record.jwk is not None:
        return jwk.decode(record.jwk)
    if record.multikey.startswith(P256_MULTIKEY):
        return p256.decode_public(record.multikey)
    return keys.decode_public(record.multikey)


def contradictions(badge: SignedJwt) -> list[str]:
    """The registered claims that are missing or say something else than the credential (§8.2.6.1)."""
    claims, credential = badge.claims, badge.credential
    subject = credential.get("credentialSubject")
    start = credential.get("validFrom", credential.get("issuanceDate"))
    end = credential.get("validUntil", credential.get("expirationDate"))
    agree = {
        "iss": _same(claims.get("iss"), checks.issuer_id(credential)),
        "jti": _same(claims.get("jti"), credential.get("id")),
        "sub": _same(claims.get("sub"), subject.get("id") if isinstance(subject, dict) else None),
        "nbf": _same_moment(claims.get("nbf"), start),
        "exp": expiry(badge) is not None if end is None and "exp" in claims else True,
    }
    if end is not None:
        agree["exp"] = _same_moment(claims.get("exp"), end)
    return [name for name, agrees in agree.items() if not agrees]


def expiry(badge: SignedJwt) -> datetime | None:
    """The moment of the claim `exp`; None without one, or when it is no time of any calendar."""
    try:
        return datetime.fromtimestamp(_number(badge.claims.get("exp")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _claims(document: dict[str, Any], issuer: str) -> dict[str, Any]:
    """The credential with its registered claims; `issuer` is whom the key belongs to."""
    if "proof" in document:
        raise CannotSign("the document already has a proof")
    subject = document["credentialSubject"].get("id")
    if not subject:
        raise CannotSign("the JWT form needs an id of the recipient")
    claims = {
        **document,
        "issuer": {**document["issuer"], "id": issuer},
        "iss": issuer,
        "jti": document["id"],
        "sub": subject,
        "nbf": _seconds(document["validFrom"]),
    }
    return {**claims, "exp": _seconds(document["validUntil"])} if "validUntil" in document else claims


def _seconds(moment: str) -> int:
    return int(checks.moment(moment).timestamp())


def _same(claim: Any, value: Any) -> bool:
    return isinstance(claim, str) and claim != "" and claim == value


def _same_moment(claim: Any, value: Any) -> bool:
    """Equal to the second: many libraries write whole seconds only."""
    try:
        return abs(_number(claim) - checks.moment(value).timestamp()) < 1
    except (ValueError, OverflowError):
        return False


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a NumericDate")
    return value


def embedded_record(badge: SignedJwt) -> KeyRecord | None:
    """The key that came in the header, when there is one. Nobody owns it until the issuer's DID says so."""
    held = badge.jws.header.get("jwk")
    return KeyRecord("", "", "", jwk=held) if held else None


def own_method(issuer: str) -> str | None:
    """The one key of an issuer whose DID is a key."""
    if issuer.startswith(did.JWK_PREFIX):
        return f"{issuer}#0"
    if issuer.startswith(did.KEY_PREFIX):
        return f"{issuer}#{issuer.removeprefix(did.KEY_PREFIX)}"
    return None
