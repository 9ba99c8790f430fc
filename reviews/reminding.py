"""Remind assessors, once each time, of work that waits long and of a lease that is about to end."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from assessments.models import Programme, Submission
from assessments.models.conflict import bound_to
from assessments.notices import about
from reviews.claiming import LEASE
from reviews.models import Review
from reviews.notices import LEASE_ENDING, OVERDUE
from reviews.queueing import LONG, WAITING, overdue, promised
from workbench.access import members
from workbench.models import Notification
from workbench.notifying import notify, notify_all

ENDING = timedelta(minutes=10)


def remind_of_waiting() -> int:
    """Tell assessors of each attempt that waits longer than its programme promises; returns how many.

    Where nothing is promised, a week is long.
    """
    told = Notification.objects.filter(kind=OVERDUE.code, subject_id=OuterRef("pk"))
    levels = promised(Programme.objects.all())
    long = Q(submitted_at__lt=timezone.now() - LONG, programme__review_days=None)
    long_waiting = Submission.objects.in_queue().filter(WAITING, overdue(levels) | long, held_at=None)
    found = long_waiting.filter(~Exists(told)).oldest_first().values_list("pk", flat=True)
    return sum(_remind_of_waiting(pk) for pk in list(found))


@transaction.atomic
def _remind_of_waiting(pk: UUID) -> bool:
    """The row is locked, so that of two workers the second finds it told."""
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("programme", "achievement")
        .get(pk=pk)
    )
    if Notification.objects.about(submission).filter(kind=OVERDUE.code).exists():
        return False
    assessors = members("assessor", submission.programme).exclude(pk=submission.learner_id)
    assessors = assessors.exclude(pk__in=submission.skips.values("person")).exclude(bound_to(submission))
    assessors = assessors.exclude(pk__in=submission.reviews.complete().values("assessor"))
    assert submission.submitted_at is not None, "only what was handed in waits"
    told = about(submission) | {"days": (timezone.now() - submission.submitted_at).days}
    return bool(notify_all(assessors, OVERDUE.code, submission, **told))


def remind_of_leases() -> int:
    """Tell an assessor, once in a lease, that it ends in ten minutes; returns how many were told."""
    ending = Review.objects.open().filter(
        submission__fence=F("fence"),
        submission__lease_until__gt=Now(),
        submission__lease_until__lt=Now() + ENDING,
    )
    return sum(_remind_of_lease(pk) for pk in list(ending.values_list("pk", flat=True)))


@transaction.atomic
def _remind_of_lease(pk: UUID) -> bool:
    review = Review.objects.select_for_update(of=("self",)).with_context().get(pk=pk)
    told = Notification.objects.about(review).filter(kind=LEASE_ENDING.code)
    if told.filter(created_at__gt=timezone.now() - LEASE).exists():
        return False
    return bool(notify(review.assessor, LEASE_ENDING.code, review, **about(review.submission)))
