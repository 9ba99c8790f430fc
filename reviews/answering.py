"""Say what one did about the action points with which a moderator sent a review back."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from reviews.models import ActionPoint, Review
from reviews.models.verification import MAX_POINT, Stage, Verdict
from reviews.permissions import can_score
from reviews.scoring import ended, kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.models import User


@transaction.atomic
def answer(point: ActionPoint, review: Review, *, text: str, by: User) -> ActionPoint:
    """Say, in the open review, what was done about one point; said again, the last words stand.

    Raises DomainError ``unknown-action-point``, ``answer-missing``, ``text-too-long``, ``lease-lost`` or
    ``already-decided``.
    """
    require(can_score, by, review)
    text = " ".join(kept_text(text, limit=MAX_POINT).split())
    if not text:
        raise invalid("answer-missing", _("Say in a few words what you did about it."))
    Submission.objects.select_for_update().filter(pk=review.submission_id).exists()
    review = Review.objects.with_context().get(pk=review.pk)
    if not review.holds_lease:
        raise ended(review)
    if point.pk not in set(points_for(review).values_list("pk", flat=True)):
        raise invalid("unknown-action-point", _("This action point belongs to another review."))
    point.answer, point.done_at = text, timezone.now()
    point.save(update_fields=["answer", "done_at"])
    record(by, "action-point-answered", review.submission, review=str(review.pk), point=str(point.pk))
    return point


def points_for(review: Review) -> QuerySet[ActionPoint]:
    """The points that a review is to answer: those to its assessor, and those that nobody answered yet.

    The second are somebody else's when the assessor to whom the work was sent back assesses no more.
    """
    to_answer = Q(verification__review__assessor=review.assessor_id) | Q(done_at__isnull=True)
    return ActionPoint.objects.filter(
        to_answer,
        verification__review__submission=review.submission_id,
        verification__stage=Stage.SUMMATIVE,
        verification__verdict=Verdict.RETURNED,
    )


def guard_answered(review: Review) -> None:
    """Raises DomainError ``action-points-open``."""
    if points_for(review).filter(done_at__isnull=True).exists():
        raise invalid(
            "action-points-open",
            _("A moderator sent this work back: say for every action point what you did, then decide."),
        )
