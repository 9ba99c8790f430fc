"""What the pages of moderation send: filters of the list, marks of a check, days of the matrix."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Programme
from assessments.models.programme import OVERSEEING
from reviews.models import Review
from reviews.moderation_list import LIST_REASONS, Filters, awaiting
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
