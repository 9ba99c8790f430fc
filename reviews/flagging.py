"""Ask for a second look at a piece of work, with a note for those who work in the programme alone."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from reviews.models import Flag
from reviews.models.flag import MAX_NOTE
from reviews.permissions import can_flag
from reviews.scoring import kept_text
from workbench.access import may, require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User


@transaction.atomic
def flag(submission: Submission, *, note: str, by: User) -> Flag:
    """Raise the flag. The trail tells who and when, never the note.

    Raises DomainError ``note-missing``, ``text-too-long``, or ``already-flagged``: the note that stands is
    somebody's, and is cleared before another one.
    """
    require(can_flag, by, submission)
    note = " ".join(kept_text(note, limit=MAX_NOTE).split())
    if not note:
        raise invalid("note-missing", _("Say what the second look should be at."))
    try:
        with transaction.atomic():
            raised = Flag.objects.create(submission=submission, note=note, flagged_by=by)
    except IntegrityError:
        raise DomainError(
            "already-flagged", _("This work is flagged already. Clear that flag first.")
        ) from None
    record(by, "flagged", submission, flag=str(raised.pk))
    return raised


@transaction.atomic
def clear(submission: Submission, *, by: User) -> None:
    """Take the flag down; whoever may raise one may clear it. Raises DomainError ``not-flagged``."""
    require(can_flag, by, submission)
    raised = (
        Flag.objects.raised()
        .told_to(by)
        .select_for_update(of=("self",))
        .filter(submission=submission)
        .first()
    )
    if raised is None:
        raise DomainError("not-flagged", _("Nobody flags this work any more."))
    raised.cleared_by, raised.cleared_at = by, timezone.now()
    raised.save(update_fields=["cleared_by", "cleared_at"])
    record(by, "flag-cleared", submission, flag=str(raised.pk))


def flag_of(submission: Submission, *, reader: User) -> Flag | None:
    """The flag that stands, for those who may read it."""
    if not may(reader, "flag", submission):
        return None
    return (
        Flag.objects.raised()
        .told_to(reader)
        .filter(submission=submission)
        .select_related("flagged_by")
        .first()
    )
