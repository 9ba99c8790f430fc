"""Lay out several markings of one attempt side by side, and how far they lie apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Level
from reviews.forming import DISAGREED, EQUAL, HIGHER, LOWER, MAJORITY, NONE, SINGLE
from reviews.models import Annotation, Decision, MarkingPolicy, Review, Score
from reviews.models.review import EvidenceRule, ReviewKind
from reviews.noting import Group, Note, grouped
from reviews.sheet import LevelCard, level_cards
from reviews.weighing import formed_of, joined
from workbench.models import User

ORDINALS: tuple[Any, ...] = (_("First marker"), _("Second marker"), _("Third marker"))
HOWS: Mapping[str, Any] = {
    SINGLE: _("one marker alone gave a level"),
    EQUAL: _("the markers agree"),
    MAJORITY: _("most markers agree"),
    LOWER: _("one level apart: the lower one counts"),
    HIGHER: _("one level apart: the higher one counts"),
    NONE: _("nobody gave a level"),
    DISAGREED: _("a person has to choose"),
    "adjudicated": _("a moderator chose"),
}


@dataclass(frozen=True)
class Marker:
    """One marker as the page calls them; ``groups`` are their notes in the evidence."""

    review: Review
    title: Any
    groups: list[Group]

    @property
    def confirmed(self) -> list[str]:
        """The rules of evidence that they confirmed, each in its one word before the colon."""
        return [str(one.label).partition(":")[0].strip() for one in EvidenceRule if one in self.review.met]


@dataclass(frozen=True)
class Cell:
    """What one marker gave on one criterion."""

    marker: Marker
    level: Level | None
    comment: str
    notes: list[Note]


@dataclass(frozen=True)
class Line:
    """One criterion. ``distance`` counts the levels between the lowest and the highest that were given.

    ``selected``, ``reason`` and ``comment`` are what stands in the fields.
    """

    criterion: Criterion
    levels: list[LevelCard]
    cells: list[Cell]
    level: Level | None
    how: str
    distance: int
    straddles: bool
    selected: UUID | None
    reason: str = ""
    comment: str = ""

    @property
    def id(self) -> UUID:
        return self.criterion.pk

    @property
    def is_disagreed(self) -> bool:
        return self.how == DISAGREED

    @property
    def formed(self) -> Any:
        return HOWS[self.how]


def markers_of(markings: Sequence[Review], achievement: Achievement, reader: User) -> list[Marker]:
    """The first, second and third marker with the notes that the reader may see."""
    rows = Annotation.objects.visible_to(reader).filter(review__in=markings).with_place().in_order()
    notes: dict[UUID, list[Note]] = {}
    for one in rows:
        notes.setdefault(one.review_id, []).append(Note(one))
    return [
        Marker(one, ORDINALS[min(at, len(ORDINALS) - 1)], grouped(achievement, notes.get(one.pk, [])))
        for at, one in enumerate(markings)
    ]


def lines_of(
    markers: Sequence[Marker],
    policy: MarkingPolicy,
    achievement: Achievement,
    typed: Mapping[str, str] | None = None,
) -> list[Line]:
    """A line a criterion; ``typed`` are the fields sent: ``level-…``, ``reason-…``, ``comment-…`` by id."""
    return [_line(criterion, markers, policy, achievement, typed) for criterion in achievement.criteria]


def _line(
    criterion: Criterion,
    markers: Sequence[Marker],
    policy: MarkingPolicy,
    achievement: Achievement,
    typed: Mapping[str, str] | None,
) -> Line:
    scores: dict[UUID, Score] = {
        score.review_id: score
        for marker in markers
        for score in marker.review.scores.all()
        if score.criterion_id == criterion.pk
    }
    formed = formed_of(criterion, scores.values(), policy, achievement)
    levels = list(criterion.levels.all())
    given = [score.level.position for score in scores.values() if score.level]
    asked = achievement.required_by_criterion.get(criterion.pk)
    required = next((level.position for level in levels if level.pk == asked), None)
    level = next((one for one in levels if one.position == formed.position), None)
    spread = (min(given), max(given)) if given else (0, 0)
    kept = joined(score.comment for score in scores.values())
    return Line(
        criterion,
        level_cards(levels, asked),
        [_cell(marker, scores.get(marker.review.pk), criterion) for marker in markers],
        level,
        formed.how,
        distance=sum(spread[0] < one.position <= spread[1] for one in levels),
        straddles=required is not None and spread[0] < required <= spread[1],
        selected=_selected(criterion, level, levels, typed),
        reason=typed.get(f"reason-{criterion.pk}", "") if typed else "",
        comment=typed.get(f"comment-{criterion.pk}", kept) if typed else kept,
    )


def _selected(
    criterion: Criterion, level: Level | None, levels: Collection[Level], typed: Mapping[str, str] | None
) -> UUID | None:
    chosen = typed.get(f"level-{criterion.pk}", "") if typed is not None else ""
    found = next((one.pk for one in levels if str(one.pk) == chosen), None)
    return found or (level.pk if level else None)


def _cell(marker: Marker, score: Score | None, criterion: Criterion) -> Cell:
    notes = [
        note
        for group in marker.groups
        for note in group.notes
        if note.annotation.criterion_id == criterion.pk
    ]
    return Cell(marker, score.level if score else None, score.comment if score else "", notes)


# --- After the decision ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreed:
    """One criterion after the release: what each marker gave, what it came to, and why."""

    criterion: Criterion
    given: list[tuple[Any, Level | None]]
    level: Level | None
    how: Any
    reason: str


def agreed_on(decision: Decision, achievement: Achievement, reader: User) -> list[Agreed]:
    """What a released decision made of several markings, for those who took part in it.

    Markers are not named; the reader's own marking is called theirs. Empty for a single marking.
    """
    reviews = basis_of(decision)
    markings = [one for one in reviews if one.kind == ReviewKind.MARKING]
    if not decision.is_released or len(reviews) < 2:
        return []
    reasons = {
        score.criterion_id: score.comment
        for one in reviews
        if one.kind == ReviewKind.ADJUDICATION
        for score in one.scores.all()
    }
    results = {row["criterion"]: row["level"] for row in decision.results}
    formed = decision.basis.get("formed", {})
    titles = [
        _("You") if one.assessor_id == reader.pk else ORDINALS[min(at, len(ORDINALS) - 1)]
        for at, one in enumerate(markings)
    ]
    rows = []
    for criterion in achievement.criteria:
        levels = {str(level.pk): level for level in criterion.levels.all()}
        given = {
            one.pk: score.level
            for one in markings
            for score in one.scores.all()
            if score.criterion_id == criterion.pk
        }
        rows.append(
            Agreed(
                criterion,
                [(title, given.get(one.pk)) for title, one in zip(titles, markings, strict=True)],
                levels.get(results.get(str(criterion.pk)) or ""),
                HOWS.get(formed.get(str(criterion.pk), ""), ""),
                reasons.get(criterion.pk, ""),
            )
        )
    return rows


def basis_of(decision: Decision) -> list[Review]:
    """The reviews that a decision rests on, with their scores, in the order in which they ended."""
    rows = Review.objects.filter(pk__in=decision.basis_ids).select_related("assessor")
    return list(rows.prefetch_related("scores__level").order_by("ended_at", "fence"))


def seen_of(text: str) -> set[UUID] | None:
    """The markings that a page showed, as it sends them back; None where it says nothing that can be read."""
    try:
        return {UUID(one) for one in text.split(",") if one} if text else None
    except ValueError:
        return set()
