"""Lay out the notes of a review: by criterion, with their addresses, and followed into the attempt after."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Evidence, Submission
from reviews.comparing import Pair
from reviews.following_up import Followed
from reviews.models import Annotation, Decision, FollowUp, Review
from reviews.models.annotation import FollowedState, Unit, in_words, viewer_address
from reviews.settling import decision_before
from workbench.models import User

REASONS: dict[str, Any] = {
    "same-file": _("The file is the same as in the attempt before."),
    "same-place": _("The lines are unchanged, at the same place."),
    "moved": _("The lines are unchanged, at another place."),
    "altered": _("The lines were altered."),
    "gone": _("The lines are gone."),
    "same-rule": _("The rule is unchanged."),
    "moved-rule": _("The rule is unchanged, and stands in another order."),
    "altered-rule": _("The rule was altered."),
    "no-rule": _("The rule is gone."),
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
        unit = Unit.LINE if self.unit == Unit.RULE else self.unit
        return in_words(unit, self.found.first, self.found.last, "") if self.found.first else ""

    @property
    def address(self) -> str:
        if self.item is None:
            return ""
        unit = self.unit if self.found.first else Unit.ITEM
        return viewer_address(self.item.pk, unit, self.found.first, self.found.last)


def notes_of(review: Review, person: User) -> list[Note]:
    rows = Annotation.objects.visible_to(person).filter(review=review)
    return [Note(one) for one in rows.with_place().in_order()]


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


def followed(submission: Submission, person: User) -> list[Note]:
    """Each note on the attempt before that the person may read, with what became of it in this one."""
    before = decision_before(submission)
    if before is None:
        return []
    annotations = list(
        Annotation.objects.visible_to(person)
        .filter(review__in=before.basis_ids)
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
    continued = successors(submission, before)
    pairs: dict[uuid.UUID, Pair] = {}
    notes = []
    for one in annotations:
        item = continued.get(one.evidence_id)
        pair = pairs.setdefault(one.evidence_id, Pair(one.evidence, item))
        found, now = pair.follow(one)
        notes.append(Note(one, FollowedNote(item, found, follow_ups.get(one.pk), one.unit, now)))
    return notes


def successors(submission: Submission, before: Decision) -> dict[uuid.UUID, Evidence]:
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
