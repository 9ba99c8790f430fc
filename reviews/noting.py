"""Lay out the notes of a review: by criterion, with their addresses, and followed into the attempt after."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Evidence, Submission
from reviews.following_up import ITEM_REMOVED, OTHER_FILE, SAME_FILE, Followed, Versions
from reviews.models import Annotation, Decision, FollowUp, Review
from reviews.models.annotation import FollowedState, Unit, in_words, viewer_address
from reviews.quoting import Reading, read_lines
from reviews.settling import decision_before
from workbench.errors import DomainError

REASONS: dict[str, Any] = {
    "same-file": _("The file is the same as in the attempt before."),
    "same-place": _("The lines are unchanged, at the same place."),
    "moved": _("The lines are unchanged, at another place."),
    "altered": _("The lines were altered."),
    "gone": _("The lines are gone."),
    "other-file": _("The file is another one: compare the two."),
    "item-removed": _("The item is not part of this attempt."),
}


@dataclass(frozen=True)
class Group:
    """The notes on one criterion; without a criterion those on the work as a whole."""

    criterion: Criterion | None
    notes: "list[Note]"


@dataclass(frozen=True)
class Note:
    """A note, ``followed`` in the attempt after."""

    annotation: Annotation
    followed: "FollowedNote | None" = None


@dataclass(frozen=True)
class FollowedNote:
    """What the program found of a note in the next attempt, and what people said of it."""

    item: Evidence | None
    found: Followed
    follow_up: FollowUp | None
    unit: str
    now: str = ""

    @property
    def state(self) -> str:
        """By hand where somebody said so, else as found."""
        return self.follow_up.state if self.is_set and self.follow_up else self.found.state

    @property
    def is_set(self) -> bool:
        return self.follow_up is not None and self.follow_up.state != ""

    @property
    def label(self) -> Any:
        return FollowedState(self.state).label

    @property
    def reason(self) -> Any:
        return REASONS[self.found.reason]

    @property
    def place(self) -> str:
        return in_words(Unit.LINE, self.found.first, self.found.last, "") if self.found.first else ""

    @property
    def address(self) -> str:
        if self.item is None:
            return ""
        return viewer_address(self.item.pk, self.unit if self.found.first else Unit.ITEM, self.found.first)


def notes_of(review: Review) -> list[Note]:
    return [Note(one) for one in Annotation.objects.filter(review=review).with_place().in_order()]


def grouped(achievement: Achievement, notes: Iterable[Note]) -> list[Group]:
    """By criterion in the rubric's order, those on no criterion last; only groups that hold something."""
    found = list(notes)
    known = {criterion.pk for criterion in achievement.criteria}
    groups = [
        Group(criterion, [one for one in found if one.annotation.criterion_id == criterion.pk])
        for criterion in achievement.criteria
    ]
    # The attempt before may have been judged by another version of the rubric.
    groups.append(Group(None, [one for one in found if one.annotation.criterion_id not in known]))
    return [group for group in groups if group.notes]


def counted(notes: Iterable[Note]) -> dict[uuid.UUID | None, int]:
    return Counter(one.annotation.criterion_id for one in notes)


# --- In the attempt after ----------------------------------------------------------------------------


def followed(submission: Submission) -> list[Note]:
    """Each note on the attempt before, with what became of it in this one."""
    before = decision_before(submission)
    if before is None:
        return []
    annotations = list(
        Annotation.objects.filter(review=before.review_id)
        .with_place()
        .select_related("evidence__blob__analysis", "criterion")
        .in_order()
    )
    if not annotations:
        return []
    follow_ups = {
        one.annotation_id: one
        for one in FollowUp.objects.filter(submission=submission, annotation__in=annotations).select_related(
            "set_by"
        )
    }
    successors = _successors(submission, before)
    pairs: dict[uuid.UUID, _Pair] = {}
    notes = []
    for one in annotations:
        item = successors.get(one.evidence_id)
        pair = pairs.setdefault(one.evidence_id, _Pair(one.evidence, item))
        found, now = pair.follow(one)
        notes.append(Note(one, FollowedNote(item, found, follow_ups.get(one.pk), one.unit, now)))
    return notes


def _successors(submission: Submission, before: Decision) -> dict[uuid.UUID, Evidence]:
    """The item of this attempt that continues each item of the attempt judged; withdrawn ones lie between."""
    items = list(submission.evidence.in_order().with_reading())
    links = {
        pk: replaces or carried
        for pk, replaces, carried in Evidence.objects.filter(
            submission__learner=submission.learner_id,
            submission__programme=submission.programme_id,
            submission__achievement=submission.achievement_id,
            submission__attempt__gt=before.submission.attempt,
            submission__attempt__lte=submission.attempt,
        ).values_list("pk", "replaces", "carried_from")
    }
    found: dict[uuid.UUID, Evidence] = {}
    for item in items:
        origin: uuid.UUID | None = item.pk
        while origin in links:
            origin = links[origin]
        # A new version says more than the old one that stayed beside it.
        if origin and (origin not in found or item.replaces_id):
            found[origin] = item
    return found


class _Pair:
    """An item and what continues it; each file is read once, and only when a note stands at its lines."""

    def __init__(self, old: Evidence, new: Evidence | None) -> None:
        self._old, self._new = old, new
        self._read = False
        self._before: Reading | None = None
        self._after: Reading | None = None
        self._versions: Versions | None = None

    def follow(self, annotation: Annotation) -> tuple[Followed, str]:
        if self._new is None:
            return ITEM_REMOVED, ""
        if self._new.sha256 == self._old.sha256 and self._new.url == self._old.url:
            place = (annotation.first, annotation.last)
            return Followed(SAME_FILE.state, SAME_FILE.reason, *place), ""
        if not annotation.is_of_lines:
            return OTHER_FILE, ""
        self._open()
        if self._after is None or self._versions is None:
            return OTHER_FILE, ""
        quoted = annotation.quote.splitlines()
        if self._before is not None:
            quoted = self._before.lines[annotation.first - 1 : annotation.last]
        if not quoted:
            return OTHER_FILE, ""
        found = self._versions.follow(quoted, annotation.first)
        now = self._after.quote(found.first, found.last) if found.reason == "altered" else ""
        return found, now

    def _open(self) -> None:
        if self._read or self._new is None:
            return
        self._read = True
        self._before, self._after = _lines_or_none(self._old), _lines_or_none(self._new)
        if self._after is None:
            return
        if self._before is None:
            # A quote holds no secrets, so it is looked for where there are none either.
            self._versions = Versions(self._after.masked)
        else:
            self._versions = Versions(self._after.lines, self._before.lines)


def _lines_or_none(item: Evidence) -> Reading | None:
    try:
        return read_lines(item)
    except DomainError:
        return None  # in quarantine, or erased: there is nothing to compare
