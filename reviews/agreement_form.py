"""The filters of the agreement page, as they stand in its address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.measuring import Question


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class AgreementForm(forms.Form):
    """A value that means nothing is shown as an error, and then nothing is left out."""

    since = _day(_("Marked from"))
    until = _day(_("Marked until"))
    span = forms.ChoiceField(
        label=_("Course over time"),
        required=False,
        choices=[("quarter", _("by quarter")), ("month", _("by month"))],
    )
    independent = forms.BooleanField(label=_("Blind marking only"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return cleaned

    @property
    def question(self) -> Question:
        if not self.is_valid():
            return Question()
        asked = self.cleaned_data
        return Question(
            since=asked["since"],
            until=asked["until"],
            span=asked["span"] or "quarter",
            independent=asked["independent"],
        )
