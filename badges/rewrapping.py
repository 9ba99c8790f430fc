"""Seal every private half anew under a new key-encryption key: all of them, or none."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from badges.identifying import jwt_public_half, public_half
from badges.models import SigningKey
from badges.models.key_act import Act
from badges.models.signing_key import Algorithm
from badges.openbadges import keys, p256
from badges.signing import LocalSigner
from badges.witnessing import NOBODY, Ceremony, enter
from workbench.errors import DomainError
from workbench.models import User


@transaction.atomic
def rewrap_keys(*, ceremony: Ceremony = NOBODY, by: User | None = None) -> int:
    """Seal with ``KEY_ENCRYPTION_KEY`` what ``KEY_ENCRYPTION_KEY_OLD`` sealed; returns how many keys.

    What is sealed with the new one already is left, so that asking again is harmless. Each key is opened and
    held against its public half before and after. One that opens with neither stops everything, and a process
    that dies leaves everything as it was. Raises DomainError ``does-not-open``.
    """
    waiting = list(
        SigningKey.objects.sealed_here().select_related("organisation").select_for_update(of=("self",))
    )
    strange = [key for key in waiting if not _opens(key)]
    if strange:
        named = ", ".join(f"{key} ({key.public_multibase})" for key in strange)
        raise DomainError(
            "does-not-open",
            _("Nothing was changed. These keys open with neither key-encryption key: %(keys)s")
            % {"keys": named},
        )
    due = [key for key in waiting if not _is_wrapped(key)]
    for key in due:
        raw = LocalSigner().opened(key)
        key.sealed = keys.seal_raw(raw, settings.KEY_ENCRYPTION_KEY, key.associated_data)
        if not _is_wrapped(key):
            raise RuntimeError("what was just sealed does not open")
        key.save(update_fields=["sealed"])
    for key in due:
        enter(key, Act.REWRAPPED, ceremony=ceremony, by=by)
    return len(due)


def _is_wrapped(key: SigningKey) -> bool:
    """Whether the new key-encryption key opens it, and inside is the half that fits."""
    try:
        raw = keys.unseal_raw(bytes(key.sealed), settings.KEY_ENCRYPTION_KEY, key.associated_data)
    except keys.SealError:
        return False
    return _fits(key, raw)


def _opens(key: SigningKey) -> bool:
    try:
        return _fits(key, LocalSigner().opened(key))
    except keys.SealError:
        return False


def _fits(key: SigningKey, raw: bytes) -> bool:
    if key.algorithm == Algorithm.P256:
        return p256.from_scalar(raw).public_key() == jwt_public_half(key)
    return keys.from_seed(raw).public_key() == public_half(key)
