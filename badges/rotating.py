"""Make an issuer's signing keys and replace them, without touching what older keys signed."""

import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from badges.models import SigningKey
from badges.models.signing_key import KeyState
from badges.openbadges import did, keys
from badges.permissions import can_rotate_key
from workbench.access import require
from workbench.audit import record
from workbench.models import Organisation, User


@transaction.atomic
def rotate_key(organisation: Organisation, *, by: User | None) -> SigningKey:
    """Retire the active key and make a new one. ``by`` is None when the operator's command asks."""
    if by is not None:
        require(can_rotate_key, by, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.signing_keys.active().update(state=KeyState.RETIRED, retired_at=timezone.now())
    key = _make(organisation)
    record(by, "key-rotated", organisation, key=str(key.pk), version=key.version, public=key.public_multibase)
    return key


@transaction.atomic
def active_key(organisation: Organisation) -> SigningKey:
    """The key that signs now; an issuer's first key is made when it is first needed.

    The event takes the chain's lock early. Nobody can wait for it in a circle: an issuer without a key has no
    status list and no badge that another transaction could hold.
    """
    key = organisation.signing_keys.active().first()
    if key is None:
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        key = organisation.signing_keys.active().first()
    if key is None:
        key = _make(organisation)
        record(
            None, "key-made", organisation, key=str(key.pk), version=key.version, public=key.public_multibase
        )
    return key


def _make(organisation: Organisation) -> SigningKey:
    private = keys.generate()
    last = organisation.signing_keys.order_by("-version").first()
    key = SigningKey(
        id=uuid.uuid4(),
        organisation=organisation,
        version=last.version + 1 if last else 1,
        public_multibase=keys.encode_public(private.public_key()),
    )
    key.sealed = keys.seal(private, settings.KEY_ENCRYPTION_KEY, key.associated_data)
    key.save(force_insert=True)
    return key


def private_half(key: SigningKey) -> Ed25519PrivateKey:
    """Open the sealed half. Raises ``keys.SealError`` under another key-encryption key."""
    return keys.unseal(bytes(key.sealed), settings.KEY_ENCRYPTION_KEY, key.associated_data)


def public_half(key: SigningKey) -> Ed25519PublicKey:
    return keys.decode_public(key.public_multibase)


def issuer_id(key: SigningKey) -> str:
    """The issuer's DID: did:web under https, else the did:key of this very key."""
    return did.issuer_did(settings.BASE_URL, key.organisation.slug, public_half(key))


def verification_method(key: SigningKey) -> str:
    return did.verification_method(issuer_id(key), public_half(key))
