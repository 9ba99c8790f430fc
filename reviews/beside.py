"""What stands beside a file in its viewer: the notes in it, and the review to write more in."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.urls import reverse

from assessments.models import Achievement, Evidence
from reviews.models import Annotation, Review
from reviews.models.annotation import MAX_TEXT, Unit
from workbench.access import may
from workbench.models import User


class Beside:
    """The notes in one item that a person may read; asked for only where a page shows them."""

    def __init__(self, item: Evidence, person: User) -> None:
        self._item, self._person = item, person

    @cached_property
    def notes(self) -> list[Annotation]:
        rows = Annotation.objects.visible_to(self._person).filter(evidence=self._item)
        return list(rows.with_place().in_order())

    @cached_property
    def by_line(self) -> dict[int, list[Annotation]]:
        """By the line where each begins; a rule's note stands at its first line."""
        return self._by(Unit.LINE, Unit.RULE)

    @cached_property
    def by_rule(self) -> dict[int, list[Annotation]]:
        """By the first line of the rule."""
        return self._by(Unit.RULE)

    @cached_property
    def by_packet(self) -> dict[int, list[Annotation]]:
        return self._by(Unit.PACKET)

    @cached_property
    def by_page(self) -> dict[int, list[Annotation]]:
        return self._by(Unit.PAGE)

    @cached_property
    def review(self) -> Review | None:
        """The review that the person holds and may write notes in."""
        rows = Review.objects.open().filter(submission=self._item.submission_id, assessor=self._person)
        review = rows.select_related("submission__achievement").first()
        return review if review is not None and may(self._person, "score", review) else None

    @cached_property
    def achievement(self) -> Achievement:
        return Achievement.objects.with_rubric().get(pk=self._item.submission.achievement_id)

    @property
    def items(self) -> list[Evidence]:
        return [self._item]

    @property
    def units(self) -> Any:
        return Unit.choices

    @property
    def max_text(self) -> int:
        return MAX_TEXT

    @property
    def back(self) -> str:
        """The viewer that the person is in."""
        return reverse("evidence-view", args=[self._item.pk])

    def _by(self, *units: Unit) -> dict[int, list[Annotation]]:
        found: dict[int, list[Annotation]] = defaultdict(list)
        for note in self.notes:
            if note.unit in units:
                found[note.first].append(note)
        return dict(found)
