"""Make an issuer's signing keys and replace them, without touching what older keys signed."""

import uuid

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from badges.models import SigningKey
from badges.models.signing_key import Algorithm, KeyState
from badges.openbadges import did, keys, p256
from badges.permissions import can_rotate_key
from workbench.access import require
from workbench.audit import record
from workbench.models import Organisation, User


@transaction.atomic
def rotate_key(organisation: Organisation, *, by: User | None) -> SigningKey:
    """Retire the active keys and make new ones, of which that for embedded proofs is returned.

    ``by`` is None when the operator's command asks. What is planned keeps the key it was planned with; its
    JWT form gets the key that is active when it is signed.
    """
    if by is not None:
        require(can_rotate_key, by, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.signing_keys.active().update(state=KeyState.RETIRED, retired_at=timezone.now())
    key, jwt_key = (_make(organisation, algorithm) for algorithm in Algorithm)
    record(
        by,
        "key-rotated",
        organisation,
        **_told(key),
        jwt_key=str(jwt_key.pk),
        jwt_public=jwt_key.public_multibase,
    )
    return key


@transaction.atomic
def active_key(organisation: Organisation, algorithm: Algorithm = Algorithm.ED25519) -> SigningKey:
    """The key that signs now; an issuer's first key of each kind is made when it is first needed.

    The event takes the chain's lock early. Nobody can wait for it in a circle: an issuer without a key has no
    status list and no badge that another transaction could hold, and the first key for the JWT form is asked
    for by the worker, in a transaction of its own.
    """
    key = organisation.signing_keys.active().of(algorithm).first()
    if key is None:
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        key = organisation.signing_keys.active().of(algorithm).first()
    if key is None:
        key = _make(organisation, algorithm)
        record(None, "key-made", organisation, **_told(key))
    return key


def _make(organisation: Organisation, algorithm: Algorithm) -> SigningKey:
    last = organisation.signing_keys.of(algorithm).order_by("-version").first()
    key = SigningKey(
        id=uuid.uuid4(),
        organisation=organisation,
        algorithm=algorithm,
        version=last.version + 1 if last else 1,
    )
    if algorithm == Algorithm.P256:
        jwt_half = p256.generate()
        key.public_multibase = p256.encode_public(jwt_half.public_key())
        key.sealed = p256.seal(jwt_half, settings.KEY_ENCRYPTION_KEY, key.associated_data)
    else:
        private = keys.generate()
        key.public_multibase = keys.encode_public(private.public_key())
        key.sealed = keys.seal(private, settings.KEY_ENCRYPTION_KEY, key.associated_data)
    key.save(force_insert=True)
    return key


def _told(key: SigningKey) -> dict[str, str | int]:
    """A key as the trail names it."""
    return {"key": str(key.pk), "version": key.version, "public": key.public_multibase}


def private_half(key: SigningKey) -> Ed25519PrivateKey:
    """Open the sealed half. Raises ``keys.SealError`` under another key-encryption key."""
    return keys.unseal(bytes(key.sealed), settings.KEY_ENCRYPTION_KEY, key.associated_data)


def jwt_private_half(key: SigningKey) -> EllipticCurvePrivateKey:
    """Open the sealed half of a key for the JWT form. Raises ``keys.SealError`` as ``private_half`` does."""
    return p256.unseal(bytes(key.sealed), settings.KEY_ENCRYPTION_KEY, key.associated_data)


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
