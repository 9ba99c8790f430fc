"""Give a learner more time to hand in again, and remind them before the time is over."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Extension, Submission
from assessments.models.extension import MAX_REASON
from assessments.models.lifecycle import State
from assessments.models.programme import MOST_REVIEW_DAYS
from assessments.models.submission import SubmissionQuerySet
from assessments.notices import MORE_TIME, RESUBMIT_SOON, about
from assessments.permissions import can_extend
from workbench.access import require
from workbench.audit import record
from workbench.clock import database_now
from workbench.errors import DomainError, invalid
from workbench.models import Notification, User
from workbench.notifying import notify

# How many days before the end a learner is reminded, the nearest last.
REMIND_AT = (3, 1)


@transaction.atomic
def extend(submission: Submission, *, until: date, reason: str, by: User) -> Extension:
    """Move the last moment to hand in again to the end of a later day, whether it has passed or not.

    The learner reads the reason; the trail keeps that there is one. Raises DomainError ``no-deadline``,
    ``bad-until`` or ``reason-missing``.
    """
    require(can_extend, by, submission)
    reason = " ".join(reason.replace("\0", "").split())
    if not reason:
        raise invalid("reason-missing", _("Say why there is more time: the learner reads it."))
    if len(reason) > MAX_REASON:
        raise invalid(
            "text-too-long", _("A reason has at most %(limit)s characters.") % {"limit": MAX_REASON}
        )
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    before = submission.resubmit_by
    if before is None or not awaited().filter(pk=submission.pk).exists():
        raise DomainError(
            "no-deadline", _("No deadline stands for this attempt: there is nothing to extend.")
        )
    now = database_now()
    last = timezone.make_aware(datetime.combine(until, time.max))
    if not max(now, before) < last <= now + timedelta(days=MOST_REVIEW_DAYS):
        raise invalid(
            "bad-until", _("Choose a day after the deadline that stands, within a year from today.")
        )
    submission.resubmit_by = last
    submission.save(update_fields=["resubmit_by"])
    extension = Extension.objects.create(
        submission=submission, before=before, until=last, reason=reason, granted_by=by
    )
    notify(
        submission.learner, MORE_TIME.code, submission, by=by, **about(submission), until=until.isoformat()
    )
    record(by, "more-time-granted", submission, extension=str(extension.pk), until=last.isoformat())
    return extension


def awaited() -> SubmissionQuerySet:
    """The returned attempts after which none was handed in, as long as there is a last moment for it."""
    later = Submission.objects.filter(
        learner=OuterRef("learner"),
        programme=OuterRef("programme"),
        achievement__code=OuterRef("achievement__code"),
        attempt__gt=OuterRef("attempt"),
    ).exclude(state__in=(State.DRAFT, State.WITHDRAWN))
    return Submission.objects.filter(~Exists(later), state=State.RETURNED, resubmit_by__isnull=False)


def remind_of_deadlines() -> int:
    """Remind learners three days and one day before the time to hand in again is over, once each."""
    now, reminded = timezone.now(), 0
    for days, nearer in zip(REMIND_AT, (*REMIND_AT[1:], 0), strict=True):
        since = OuterRef("resubmit_by") - timedelta(days=days)
        told = Notification.objects.filter(
            kind=RESUBMIT_SOON.code, subject_id=OuterRef("pk"), created_at__gte=since
        )
        ending = awaited().filter(
            ~Exists(told),
            resubmit_by__gt=now + timedelta(days=nearer),
            resubmit_by__lte=now + timedelta(days=days),
        )
        reminded += sum(_remind(pk, days) for pk in list(ending.values_list("pk", flat=True)[:500]))
    return reminded


@transaction.atomic
def _remind(pk: UUID, days: int) -> bool:
    """The row is locked, so that of two workers the second finds it told."""
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("programme", "achievement", "learner")
        .get(pk=pk)
    )
    until = submission.resubmit_by
    if until is None or not awaited().filter(pk=pk).exists():
        return False
    told = Notification.objects.about(submission).filter(kind=RESUBMIT_SOON.code)
    if told.filter(created_at__gte=until - timedelta(days=days)).exists():
        return False
    named = about(submission) | {"until": timezone.localdate(until).isoformat()}
    return bool(notify(submission.learner, RESUBMIT_SOON.code, submission, **named))
