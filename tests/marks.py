"""Finished markings by the row, as the verbs leave them, for stories about many of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from assessments.models import Achievement, Programme, Submission
from assessments.models.lifecycle import State
from reviews.models import Review, Score
from reviews.models.review import ReviewState
from workbench.models import User


def hand_in(
    programme: Programme, achievement: Achievement, number: int, *, state: State = State.APPROVED
) -> list[Submission]:
    """Work of as many learners, as the verbs would have left it."""
    learners = User.objects.bulk_create(
        User(email=f"l{User.objects.count()}-{at}@example.org", name=f"Learner {at}", password="!")
        for at in range(number)
    )
    now = timezone.now()
    return Submission.objects.bulk_create(
        Submission(
            programme=programme,
            achievement=achievement,
            learner=learner,
            state=state,
            submitted_at=now,
            declared_at=now,
            manifest={},
            fence=9,
        )
        for learner in learners
    )


def mark(
    works: Iterable[Submission],
    assessor: User,
    levels: Sequence[int | None] | Sequence[Sequence[int | None]],
    *,
    at: datetime | None = None,
    fence: int | None = None,
    **fields: Any,
) -> None:
    """One finished marking of each work; one level for all criteria, or one for each of them."""
    works = list(works)
    fence = fence or Review.objects.filter(submission__in=works).count() + 1
    values: dict[str, Any] = {"state": ReviewState.DECIDED, "blind": True, "outcome": "approve"} | fields
    reviews = Review.objects.bulk_create(
        Review(submission=work, assessor=assessor, fence=fence, ended_at=at or timezone.now(), **values)
        for work in works
    )
    scores = []
    for review, level in zip(reviews, levels, strict=True):
        criteria = review.submission.achievement.criteria
        each = list(level) if isinstance(level, Sequence) else [level] * len(criteria)
        for criterion, place in zip(criteria, each, strict=True):
            scale = list(criterion.levels.all())
            scores.append(
                Score(review=review, criterion=criterion, level=scale[place - 1] if place else None)
            )
    Score.objects.bulk_create(scores)
