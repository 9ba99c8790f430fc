"""Say how an issuer and its keys are named in public."""

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from badges.models import SigningKey
from badges.models.signing_key import Algorithm
from badges.openbadges import did, jwk, keys, p256


def public_half(key: SigningKey) -> Ed25519PublicKey:
    return keys.decode_public(key.public_multibase)


def jwt_public_half(key: SigningKey) -> EllipticCurvePublicKey:
    return p256.decode_public(key.public_multibase)


def issuer_id(key: SigningKey) -> str:
    """The issuer's DID: did:web under https, else the did:key of this very key."""
    public = jwt_public_half(key) if key.algorithm == Algorithm.P256 else public_half(key)
    return did.issuer_did(settings.BASE_URL, key.organisation.slug, public)


def verification_method(key: SigningKey) -> str:
    return did.verification_method(issuer_id(key), public_half(key))


def fragments(key: SigningKey) -> tuple[str, ...]:
    """What may stand behind the ``#`` where a signature names the key."""
    if key.algorithm == Algorithm.P256:
        return key.public_multibase, jwk.thumbprint(jwk.encode(jwt_public_half(key)))
    return (key.public_multibase,)
