"""Lay out what a moderator looks at to check a decision: what each marker gave, beside the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from assessments.models import Achievement, Criterion, Level, Submission
from assessments.models.programme import OVERSEEING
from assessments.rubric_table import plain
from reviews.models import ActionPoint, Annotation, Decision, Review, Verification
from reviews.models.review import EvidenceRule, ReviewKind
from reviews.models.verification import MAX_POINT
from reviews.moderating import is_in_progress
from reviews.noting import Group, Note, grouped
from workbench.access import may
from workbench.models import User


@dataclass(frozen=True)
class Given:
    """What one marker gave; ``differs`` from what the criterion came to."""

    who: User
    level: Level | None
    comment: str
    differs: bool


@dataclass(frozen=True)
class Line:
    """One criterion: the level it came to, the one required, and what each marker gave.

    ``point`` is the action point being written about it.
    """

    criterion: Criterion
    levels: list[Level]
    result: Level | None
    required: Level | None
    comment: str
    given: list[Given]
    point: str = ""

    @property
    def weight(self) -> Any:
        return plain(self.criterion.weight)

    @property
    def is_below(self) -> bool:
        return bool(self.required and self.result and self.result.position < self.required.position)

    @property
    def is_at_the_border(self) -> bool:
        return self.required is not None and self.result == self.required


@dataclass(frozen=True)
class Confirmed:
    """The rules of evidence that one marker confirmed, each with yes or no."""

    who: User
    rules: list[tuple[Any, bool]]

    @property
    def some(self) -> bool:
        return any(met for _label, met in self.rules)


def markings_of(decision: Decision) -> list[Review]:
    """The markings that a decision rests on, whatever became of them since, in their order."""
    named = [UUID(one) for one in decision.basis.get("reviews", [])] or [decision.review_id]
    rows = Review.objects.filter(pk__in=named, kind=ReviewKind.MARKING).select_related("assessor")
    return list(rows.prefetch_related("scores__level").order_by("ended_at", "fence"))


def lines_of(
    decision: Decision, achievement: Achievement, markings: list[Review], points: Mapping[str, str]
) -> list[Line]:
    results = {row["criterion"]: row for row in decision.results}
    scores = {(score.criterion_id, one.pk): score for one in markings for score in one.scores.all()}
    lines = []
    for criterion in achievement.criteria:
        levels = {level.pk: level for level in criterion.levels.all()}
        row = results.get(str(criterion.pk), {"level": None, "comment": ""})
        result = levels.get(UUID(row["level"])) if row["level"] else None
        asked = achievement.required_by_criterion.get(criterion.pk)
        given = [
            Given(one.assessor, score.level, score.comment, differs=score.level != result)
            for one in markings
            if (score := scores.get((criterion.pk, one.pk))) is not None
        ]
        lines.append(
            Line(
                criterion,
                list(levels.values()),
                result,
                levels.get(asked) if asked else None,
                row["comment"],
                given,
                points.get(str(criterion.pk), ""),
            )
        )
    return lines


def confirmed_by(markings: list[Review]) -> list[Confirmed]:
    return [
        Confirmed(one.assessor, [(rule.label, rule.value in one.met) for rule in EvidenceRule])
        for one in markings
    ]


def notes_on(markings: list[Review], achievement: Achievement, reader: User) -> list[Group]:
    rows = Annotation.objects.visible_to(reader).filter(review__in=markings)
    return grouped(achievement, [Note(one) for one in rows.with_place().in_order()])


def checks_of(submission: Submission) -> list[Verification]:
    """Every check of this attempt, interim ones included, with its action points, oldest first."""
    points = ActionPoint.objects.select_related("criterion")
    rows = Verification.objects.filter(review__submission=submission)
    return list(
        rows.select_related("moderator", "review__assessor", "decision")
        .prefetch_related(Prefetch("action_points", points))
        .order_by("verified_at", "pk")
    )


def checks_for(review: Review) -> list[Verification]:
    """What moderators told the assessor of one review, that or an earlier claim, with the action points."""
    return [
        one
        for one in checks_of(review.submission)
        if one.review.assessor_id == review.assessor_id
        or any(point.done_at is None for point in one.action_points.all())
    ]


def told(review: Review, reader: User) -> dict[str, Any]:
    """What the part of the review page says: checks, and what its reader may do about them."""
    mine = review.assessor_id == reader.pk
    submission = review.submission
    oversees = submission.programme_id in reader.grants.any_of(OVERSEEING)
    may_look = is_in_progress(review) and may(reader, "moderate", submission)
    return {
        "review": review,
        "checks": checks_for(review) if mine or oversees else [],
        "may_answer": mine and review.holds_lease and may(reader, "score", review),
        "may_look": may_look,
        "max_point": MAX_POINT,
    }


def earlier_attempts(submission: Submission) -> list[Decision]:
    """The standing decisions on the attempts before, newest first."""
    earlier = Decision.objects.standing().filter(
        submission__learner=submission.learner_id,
        submission__programme=submission.programme_id,
        submission__achievement=submission.achievement_id,
        submission__attempt__lt=submission.attempt,
    )
    return list(earlier.select_related("submission", "decided_by").order_by("-submission__attempt"))
