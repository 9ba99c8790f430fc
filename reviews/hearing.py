"""Lay out an appeal: the decision in question, what it rests on, and who may rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Achievement, Level, Submission
from assessments.rubric_table import read_results, rubric_table
from badges.models import Credential
from reviews import appealing
from reviews.impartial import impartial, rulers
from reviews.models import Annotation, Appeal, Decision, Review
from reviews.models.appeal import Ruling
from reviews.models.review import COMPLETE, ReviewKind, ReviewState
from workbench.access import may
from workbench.models import User

SHOWN = (*COMPLETE, ReviewState.SET_ASIDE)


@dataclass(frozen=True)
class Cell:
    """What one marker gave on one criterion."""

    marker: User
    level: Level | None
    comment: str


@dataclass(frozen=True)
class Row:
    """A criterion with the level that was decided and what each marker gave, in the order of the markers."""

    decided: Any
    cells: list[Cell]


@dataclass(frozen=True)
class Standpoint:
    """Where the learner of an attempt stands with the decision that counts now."""

    appeal: Appeal | None
    may_appeal: bool
    until: datetime | None = None


def released(submission: Submission) -> Decision | None:
    return Decision.objects.released().filter(submission=submission).first()


def standpoint(decision: Decision, submission: Submission) -> Standpoint:
    appeal = Appeal.objects.filter(decision=decision).first()
    if appeal is not None:
        return Standpoint(appeal, may_appeal=False)
    until = appealing.appealable_until(decision, submission)
    refusal = appealing.refusal_to_appeal(decision, submission, until=until, now=timezone.now())
    return Standpoint(None, may_appeal=refusal is None, until=until)


def past(submission: Submission) -> list[Decision]:
    """What the learner read and stands no longer, oldest first, each with its appeal if there was one."""
    rows = Decision.objects.filter(submission=submission, standing_for=None, released_at__isnull=False)
    return list(rows.select_related("appeal").order_by("decided_at"))


def context(appeal: Appeal, *, reader: User) -> dict[str, Any]:
    """Everything that the page of an appeal shows."""
    decision, submission = appeal.decision, appeal.decision.submission
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    reviews = _reviews(decision)
    evidence = list(submission.evidence.in_order().with_supports().with_reading())
    for one in evidence:
        one.submission = submission
    may_rule = appeal.is_open and may(reader, "rule-on", appeal)
    return {
        "appeal": appeal,
        "decision": decision,
        "submission": submission,
        "achievement": achievement,
        "items": evidence if evidence and may(reader, "read-evidence", evidence[0]) else [],
        "reviews": reviews,
        "rows": _rows(achievement, decision, reviews),
        "notes": _notes(reviews),
        "credential": Credential.objects.filter(decision_id=decision.pk).first(),
        "may_rule": may_rule,
        "rulers": list(rulers(submission)) if appeal.is_open else [],
        "next_assessors": impartial("assessor", submission).count() if may_rule else None,
        "rulings": rulings(),
    }


def rulings() -> list[dict[str, Any]]:
    return [
        {
            "value": Ruling.UPHELD,
            "label": _("Uphold the decision"),
            "text": _("It was reached properly and the levels hold: the decision stands."),
            "icon": "circle-check",
        },
        {
            "value": Ruling.OVERTURNED,
            "label": _("Overturn the decision"),
            "text": _("It is set aside, its badge is revoked, and an assessor who took no part judges anew."),
            "icon": "undo-2",
        },
    ]


def _reviews(decision: Decision) -> list[Review]:
    """What the decision rests on, the markings before the adjudication."""
    basis = [*decision.basis.get("reviews", []), str(decision.review_id)]
    rows = Review.objects.filter(pk__in=basis, state__in=SHOWN).select_related("assessor")
    rows = rows.prefetch_related("scores__criterion", "scores__level").order_by("ended_at", "fence")
    return sorted(rows, key=lambda review: review.kind == ReviewKind.ADJUDICATION)


def _rows(achievement: Achievement, decision: Decision, reviews: Sequence[Review]) -> list[Row]:
    given = [
        (review.assessor, {score.criterion_id: score for score in review.scores.all()}) for review in reviews
    ]
    table = rubric_table(achievement, read_results(decision.results))
    rows = []
    for criterion, decided in zip(achievement.criteria, table, strict=True):
        found = [(marker, scores.get(criterion.pk)) for marker, scores in given]
        rows.append(Row(decided, [Cell(who, one.level, one.comment) for who, one in found if one]))
    return rows


def _notes(reviews: Sequence[Review]) -> list[Annotation]:
    return list(Annotation.objects.filter(review__in=reviews).with_place().in_order())
