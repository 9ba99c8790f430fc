"""Ada's badge in JWT form, signed by Lille's P-256 key, and keys as others find them."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from badges.openbadges import credential, did, jws, keys, p256, parsing
from badges.openbadges.did import KeyRecord
from badges.openbadges.vc_jwt import JwtSigner
from tests.openbadges.awards import DID_WEB, KEY, make_award

JWT_KEY = ec.derive_private_key(7_700_770_077, p256.CURVE)
OTHER_JWT_KEY = ec.derive_private_key(8_800_880_088, p256.CURVE)
DID_KEY_P256 = did.key_did(JWT_KEY.public_key())


def record(issuer: str = DID_WEB, key: ec.EllipticCurvePrivateKey = JWT_KEY) -> KeyRecord:
    return did.jwk_record(issuer, key.public_key())


def unsigned(issuer: str = DID_WEB, **changes: Any) -> dict[str, Any]:
    return credential.build(make_award(issuer, **changes))


def signed_jwt(issuer: str = DID_WEB, **changes: Any) -> str:
    return JwtSigner(JWT_KEY, record(issuer)).text(unsigned(issuer, **changes))


def claims_of(text: str) -> dict[str, Any]:
    return parsing.parse(jws.read(text).payload)


def sign_claims(
    claims: dict[str, Any] | bytes,
    key: ec.EllipticCurvePrivateKey = JWT_KEY,
    **header: Any,
) -> str:
    """Whatever is given, well signed."""
    payload = claims if isinstance(claims, bytes) else parsing.serialise(claims).encode()
    named = {"typ": "JWT", "kid": record().verification_method, **header}
    return jws.sign(payload, {name: value for name, value in named.items() if value is not None}, key)


def document() -> dict[str, Any]:
    """Lille's DID document: a key for embedded proofs and one for JWTs."""
    multikey = keys.encode_public(KEY.public_key())
    return did.document(DID_WEB, [KeyRecord(f"{DID_WEB}#{multikey}", DID_WEB, multikey), record()])


def resolve(method: str, issuer: str) -> KeyRecord:
    if method.startswith(did.KEY_PREFIX):
        return did.resolve_key_did(method)
    if method.startswith(did.JWK_PREFIX):
        return did.resolve_jwk_did(method)
    return did.find_in_document(document(), method)
