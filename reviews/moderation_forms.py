"""What the pages of moderation send: filters of the list, marks of a check, days of the matrix."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Programme
from assessments.models.programme import OVERSEEING
from reviews.models import Review
from reviews.moderating import Point
from reviews.moderation_list import LIST_REASONS, Filters, awaiting
from workbench.errors import invalid
from workbench.models import User


class ModerationForm(forms.Form):
    """The filters; a value that means nothing is shown as an error and filters nothing."""

    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=UUID, empty_value=None)
    achievement = forms.TypedChoiceField(
        label=_("Achievement"), required=False, coerce=UUID, empty_value=None
    )
    assessor = forms.TypedChoiceField(label=_("Assessor"), required=False, coerce=UUID, empty_value=None)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("Any reason")), *LIST_REASONS.items()]
    )
    mine = forms.BooleanField(label=_("For me to do"), required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        programmes = Programme.objects.filter(pk__in=user.grants.any_of(OVERSEEING)).only("names")
        offered = Programme.achievements.through.objects.filter(programme__in=programmes.values("pk"))
        achievements = Achievement.objects.filter(pk__in=offered.values("achievement")).only("names")
        marked = Review.objects.complete().filter(submission__in=awaiting(user).values("pk"))
        assessors = User.objects.filter(pk__in=marked.values("assessor")).order_by("name")
        self._offer("programme", _("All programmes"), [(one.pk, one.name) for one in programmes])
        self._offer("achievement", _("All achievements"), [(one.pk, one.name) for one in achievements])
        self._offer("assessor", _("All assessors"), [(one.pk, str(one)) for one in assessors])

    @property
    def filters(self) -> Filters:
        self.full_clean()
        return Filters(**self.cleaned_data)

    def _offer(self, name: str, all_of_them: Any, rows: list[tuple[UUID, str]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", all_of_them), *((str(pk), label) for pk, label in rows)]


def read_points(data: Mapping[str, str], achievement: Achievement) -> list[Point]:
    """Fields ``point-general`` and, by criterion id, ``point-…``; empty ones are no points.

    Raises DomainError ``unknown-criterion``.
    """
    criteria: dict[str, Criterion | None] = {str(one.pk): one for one in achievement.criteria}
    criteria["general"] = None
    points = []
    for key, text in data.items():
        name = key.removeprefix("point-")
        if name == key or not text.strip():
            continue
        if name not in criteria:
            raise invalid(
                "unknown-criterion", _("This criterion does not belong to the rubric of this work.")
            )
        points.append(Point(text, criteria[name]))
    return points
