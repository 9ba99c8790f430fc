"""Draw a badge's place on a status list: at random, and never again."""

import secrets
import uuid

from django.db import IntegrityError, transaction
from django.db.models import F

from badges.models import Credential, FormerSignature, StatusList
from badges.models.status_list import CLOSE_AT, LENGTH, Purpose
from badges.snapshot import absolute
from workbench.models import Organisation


def draw_place(
    organisation: Organisation, issuer: str, purpose: Purpose = Purpose.REVOCATION
) -> tuple[StatusList, int]:
    """A place that nobody has or had, on the issuer's open list, which stays locked until commit."""
    status_list = _open_list(organisation, issuer, purpose)
    index = _free_index(status_list)
    StatusList.objects.filter(pk=status_list.pk).update(drawn=F("drawn") + 1)
    return status_list, index


def _open_list(organisation: Organisation, issuer: str, purpose: Purpose) -> StatusList:
    """The organisation's open list, locked until commit so that no place is drawn twice.

    A list is vouched for by the issuer of its badges, so a new issuer id (a new did:key, the move to
    https) begins a new list.
    """
    for _attempt in range(2):
        found = StatusList.objects.open_for(organisation, purpose).select_for_update().first()
        if found and (found.drawn >= CLOSE_AT or found.issuer != issuer):
            found.is_full = True
            found.save(update_fields=["is_full"])
            found = None
        if found:
            return found
        pk = uuid.uuid4()
        try:
            with transaction.atomic():
                return StatusList.objects.create(
                    id=pk,
                    organisation=organisation,
                    purpose=purpose.value,
                    issuer=issuer,
                    url=absolute("status-list", pk),
                )
        except IntegrityError:
            continue  # another transaction opened one first
    raise RuntimeError("no status list could be opened")


def _free_index(status_list: StatusList) -> int:
    """Neighbours on the list say nothing about when badges were issued, so places are drawn by lot."""
    while True:
        index = secrets.randbelow(LENGTH)
        if not _was_given(status_list, index):
            return index


def _was_given(status_list: StatusList, index: int) -> bool:
    if status_list.purpose == Purpose.SUSPENSION:
        taken = Credential.objects.filter(suspension_list=status_list, suspension_index=index)
    else:
        taken = Credential.objects.filter(status_list=status_list, status_index=index)
    former = FormerSignature.objects.filter(status_list=status_list, status_index=index)
    return taken.exists() or former.exists()
