"""Lay out the scoring sheet: the rubric with what was given so far, and where two texts differ."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.models import Achievement, Criterion, Level, Submission
from assessments.rubric_table import plain
from reviews.forms import Entry
from reviews.models import Decision, Review
from reviews.scoring import Mark


@dataclass(frozen=True)
class LevelCard:
    id: uuid.UUID
    quality: str
    description: str
    points: int | Decimal | None
    required: bool


@dataclass(frozen=True)
class Row:
    """One criterion to score; ``earlier`` is what the decision on the attempt before said of it.

    ``notes`` counts what this review notes on it in the evidence.
    """

    id: uuid.UUID
    code: str
    title: str
    description: str
    weight: int | Decimal | None
    levels: list[LevelCard]
    selected: uuid.UUID | None = None
    comment: str = ""
    earlier: "Earlier | None" = None
    notes: int = 0


@dataclass(frozen=True)
class Earlier:
    quality: str
    comment: str


@dataclass(frozen=True)
class Difference:
    """A criterion on which what is kept and what was written here differ."""

    row: Row
    kept_level: Level | None
    kept_comment: str
    own_level: Level | None
    own_comment: str

    @property
    def levels_differ(self) -> bool:
        return self.kept_level != self.own_level

    @property
    def comments_differ(self) -> bool:
        return self.kept_comment != self.own_comment


def marks_of(review: Review) -> list[Mark]:
    return [
        Mark(score.criterion, score.level, score.comment)
        for score in review.scores.select_related("criterion", "level")
    ]


def sheet(
    achievement: Achievement,
    marks: Iterable[Mark],
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    notes: Mapping[uuid.UUID | None, int] | None = None,
) -> list[Row]:
    """A row a criterion in the rubric's order; ``earlier`` are frozen results by criterion id."""
    given = {mark.criterion.pk: mark for mark in marks}
    before = earlier or {}
    noted = notes or {}
    return [
        _row(
            achievement,
            criterion,
            given.get(criterion.pk),
            before.get(str(criterion.pk)),
            noted.get(criterion.pk, 0),
        )
        for criterion in achievement.criteria
    ]


def earlier_decision(submission: Submission) -> Decision | None:
    """The decision on the attempt before this one."""
    if submission.previous_id is None:
        return None
    return (
        Decision.objects.released()
        .filter(submission=submission.previous_id)
        .select_related("submission")
        .first()
    )


def results_by_criterion(decision: Decision | None) -> dict[str, Mapping[str, Any]]:
    return {row["criterion"]: row for row in decision.results} if decision else {}


def differences(achievement: Achievement, kept: Iterable[Mark], entry: Entry) -> list[Difference]:
    """Where the kept sheet and the entry differ, in the rubric's order."""
    there = {mark.criterion.pk: mark for mark in kept}
    here = {mark.criterion.pk: mark for mark in entry.marks}
    found = []
    for row in sheet(achievement, entry.marks):
        own = here.get(row.id)
        if own is None:
            continue
        stored = there.get(row.id, Mark(own.criterion, None))
        difference = Difference(row, stored.level, stored.comment, own.level, own.comment)
        if difference.levels_differ or difference.comments_differ:
            found.append(difference)
    return found


def _row(
    achievement: Achievement,
    criterion: Criterion,
    mark: Mark | None,
    before: Mapping[str, Any] | None,
    notes: int,
) -> Row:
    required = achievement.required_by_criterion.get(criterion.pk)
    levels = list(criterion.levels.all())
    return Row(
        id=criterion.pk,
        code=criterion.code,
        title=criterion.title,
        description=criterion.description,
        weight=plain(criterion.weight),
        levels=level_cards(levels, required),
        selected=mark.level.pk if mark and mark.level else None,
        comment=mark.comment if mark else "",
        earlier=_earlier(levels, before) if before else None,
        notes=notes,
    )


def level_cards(levels: Iterable[Level], required: uuid.UUID | None) -> list[LevelCard]:
    return [
        LevelCard(
            level.pk, level.quality, level.description, plain(level.points), required=level.pk == required
        )
        for level in levels
    ]


def _earlier(levels: list[Level], before: Mapping[str, Any]) -> Earlier:
    # The attempt before may have been judged by an older version of the rubric, whose levels are others.
    quality = next((level.quality for level in levels if str(level.pk) == before["level"]), "")
    return Earlier(quality, before["comment"])
