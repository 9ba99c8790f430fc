"""Forms of the key pages: who watched, what happened, and since when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from badges.witnessing import MAX_NOTE, MAX_WITNESSES, Ceremony


class CeremonyForm(forms.Form):
    """What people add to the key register; both fields may stay empty."""

    witnesses = forms.CharField(
        label=_("Witnesses"),
        help_text=_(
            "Who watches, by role or by name. Names stand in the key register only and can be taken out."
        ),
        max_length=MAX_WITNESSES,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=pgettext_lazy("key register", "Note"),
        help_text=_("For the key register, such as the occasion or the place."),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def ceremony(self) -> Ceremony:
        return Ceremony(self.cleaned_data["witnesses"], self.cleaned_data["note"])


class CompromiseForm(CeremonyForm):
    since = forms.DateTimeField(
        label=_("Since when"),
        help_text=_(
            "The first moment at which somebody else may have had the key. In doubt take the earlier one: "
            "genuine badges can be signed again."
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("since", "note", "witnesses")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("What happened")
        self.fields["note"].help_text = _("For the key register.")
