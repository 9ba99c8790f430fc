"""The forms about a file that is handed in already: settle marks, put a new version in its place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Evidence
from assessments.redacting import REASON_LENGTH
from assessments.secrecy import Key, open_marks


class DismissForm(forms.Form):
    """Places to settle, each by its number in the order of the file, and one reason for them."""

    places = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label=_("Places"),
        error_messages={"required": _("Choose at least one of the places that are marked.")},
    )
    reason = forms.CharField(
        label=_("Why this is no secret"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For instance: these addresses belong to a lab that no longer exists. Your assessor reads it."
        ),
    )

    def __init__(self, *args: Any, item: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks = open_marks(item)
        choices = [(number, "") for number in range(len(self.marks))]
        self.fields["places"].choices = choices  # type: ignore[attr-defined]

    def keys(self) -> set[Key]:
        return {self.marks[number].key for number in self.cleaned_data["places"]}


class ReplaceForm(forms.Form):
    file = forms.FileField(
        label=_("New version"),
        help_text=_(
            "Title, narrative and criteria stay as they are; the file before stays with the earlier attempt."
        ),
    )
