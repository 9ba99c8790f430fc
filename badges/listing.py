"""Sign the status lists, in the worker; others are served what is signed, and nothing out of date."""

import logging
import threading
import time
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from badges.identifying import public_half
from badges.models import Credential, SigningKey, StatusList
from badges.models.credential import CredentialState
from badges.models.signing_key import Algorithm
from badges.models.status_list import Purpose
from badges.openbadges import did, keys, parsing, proof
from badges.openbadges import status_list as bitstring
from badges.rotating import active_key
from badges.signing import private_half
from workbench.errors import DomainError

logger = logging.getLogger(__name__)

# What a verifier kept is worth nothing after this, should it never ask again: longer than a weekend.
HOLDS = timedelta(days=3)
# Clocks differ: a list that begins now would not be valid yet for who is a little behind.
CLOCKS_DIFFER = timedelta(minutes=5)
# How long somebody who asks for a list that is being signed waits for it, and how many may.
PATIENCE_SECONDS = 3.0
LOOK_AGAIN_SECONDS = 0.05
_WAITING = threading.BoundedSemaphore(4)
# A badge that is suspended is marked here too: outside, the one entry that a badge may carry is read.
NOT_TO_BE_RELIED_ON = (CredentialState.REVOKED, CredentialState.SUSPENDED)

SILENT_SECONDS = 60.0
_COMPLAINED: dict[UUID, float] = {}
# A key that does not open, is not there or cannot be made; a list that cannot be signed.
CANNOT = (keys.SealError, SigningKey.DoesNotExist, DomainError, proof.CannotSign)


def sign_due_lists() -> int:
    """Sign every list that changed or grew old; returns how many. The worker does this all the time."""
    due = list(StatusList.objects.due(timezone.now()).select_related("organisation"))
    signed = 0
    for status_list in due:
        try:
            sign_list(status_list)
        except CANNOT:
            # The others are still to be signed; this one is tried again at the next look.
            _complain(status_list)
        else:
            signed += 1
    return signed


def _complain(status_list: StatusList) -> None:
    """Log the exception at hand, once a minute for each list: the worker looks five times a second."""
    now = time.monotonic()
    if now - _COMPLAINED.get(status_list.pk, -SILENT_SECONDS) >= SILENT_SECONDS:
        _COMPLAINED[status_list.pk] = now
        logger.exception("status list %s could not be signed", status_list.pk)


def sign_list(status_list: StatusList) -> StatusList:
    """The list with ``signed`` for its newest version.

    The version is read before the bits, so a change in between can only make the list newer than its number
    says, and it is signed once more. The conditional update never puts an old list back.
    """
    status_list.refresh_from_db()
    version, now = status_list.version, timezone.now()
    listing = bitstring.build(
        bitstring.StatusListDefinition(
            url=status_list.url,
            issuer_id=status_list.issuer,
            purpose=status_list.purpose,
            issued_at=now - CLOCKS_DIFFER,
            indexes=_marked(status_list),
            valid_until=now + HOLDS,
        )
    )
    key = _signer(status_list)
    method = did.verification_method(status_list.issuer, public_half(key))
    text = parsing.serialise(proof.sign(listing, private_half(key), method, now))
    StatusList.objects.filter(pk=status_list.pk, signed_version__lte=version).update(
        signed=text, signed_version=version, signed_at=now
    )
    status_list.refresh_from_db()
    return status_list


def _marked(status_list: StatusList) -> frozenset[int]:
    """The places that are set. Where a badge moved away from, its former copies are not to be relied on."""
    if status_list.purpose == Purpose.SUSPENSION:
        suspended = status_list.suspended_credentials.filter(state=CredentialState.SUSPENDED)
        indexes = set(suspended.values_list("suspension_index", flat=True))
    else:
        refused = status_list.credentials.filter(state__in=NOT_TO_BE_RELIED_ON)
        indexes = set(refused.values_list("status_index", flat=True))
    indexes |= set(status_list.former_places.values_list("status_index", flat=True))
    return frozenset(index for index in indexes if index is not None)


def _signer(status_list: StatusList) -> SigningKey:
    """Verifiers ask that a list has the issuer of its badges; a did:key is one key and no other."""
    if status_list.issuer.startswith(did.KEY_PREFIX):
        multikey = status_list.issuer.removeprefix(did.KEY_PREFIX)
        return status_list.organisation.signing_keys.get(public_multibase=multikey)
    return active_key(status_list.organisation, Algorithm.ED25519)


# --- For who asks ----------------------------------------------------------------------------------------


def current_text(status_list: StatusList) -> str | None:
    """The signed list if it says all that is known, else None after a short wait for the worker.

    An older list is never served: a badge may have been revoked since, and its revocation been answered.
    """
    if not status_list.is_current and not _wait([status_list.pk]):
        return None
    status_list.refresh_from_db()
    return status_list.signed if status_list.is_current else None


def tell_the_world(credential: Credential) -> bool:
    """Wait, after a change was committed, until the badge's lists are signed; False when the worker is slow.

    Meanwhile the world is told nothing at all, so nothing false.
    """
    return _wait([pk for pk in (credential.status_list_id, credential.suspension_list_id) if pk])


def _wait(pks: list[UUID]) -> bool:
    if connection.in_atomic_block:
        return False  # the worker does not see yet what it is waited for
    if not _WAITING.acquire(blocking=False):
        return False
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if all(one.is_current for one in StatusList.objects.filter(pk__in=pks).defer("signed")):
                return True
            time.sleep(LOOK_AGAIN_SECONDS)
    finally:
        _WAITING.release()
    return False
