"""Who took part in judging a piece of work, and who is left to look at it afresh."""

from uuid import UUID

from django.db.models import QuerySet

from assessments.models import Submission
from assessments.models.conflict import bound_to
from reviews.models import Appeal, Decision, Review, Verification
from reviews.models.review import COMPLETE, ReviewState
from workbench.access import members
from workbench.models import User

TOOK_PART = (*COMPLETE, ReviewState.RETURNED, ReviewState.SET_ASIDE)


def partakers(submission: Submission) -> set[UUID]:
    """Whoever marked, checked, decided, set aside or ruled on this attempt, or investigated it."""
    decisions = Decision.objects.filter(submission=submission).order_by()
    reviews = Review.objects.filter(submission=submission).order_by()
    checks = Verification.objects.filter(review__submission=submission).order_by()
    rulings = Appeal.objects.filter(decision__submission=submission).order_by()
    found = [
        *reviews.filter(state__in=TOOK_PART).values_list("assessor", flat=True),
        *checks.values_list("moderator", flat=True),
        *rulings.values_list("ruled_by", flat=True),
        *(person for row in decisions.values_list("decided_by", "set_aside_by") for person in row),
        *(person for row in submission.holds.values_list("placed_by", "lifted_by") for person in row),
    ]
    return {person for person in found if person is not None}


def impartial(role: str, submission: Submission) -> QuerySet[User]:
    """Those with a role who took no part, and whom nothing binds to the learner."""
    people = members(role, submission.programme).filter(is_active=True).exclude(pk=submission.learner_id)
    return people.exclude(pk__in=partakers(submission)).exclude(bound_to(submission))


def rulers(submission: Submission) -> QuerySet[User]:
    """Who may rule on an appeal: moderators who took no part; where there is none, managers who took none."""
    moderators = impartial("moderator", submission)
    return moderators if moderators.exists() else impartial("manager", submission)
