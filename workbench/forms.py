"""Forms of the account pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from workbench.models import User


def own_names() -> list[tuple[str, str]]:
    """Each language by the name that its speakers give it."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class SignupForm(forms.Form):
    """What the account page asks beside email address and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm[User]):
    """Who assesses also says which languages of work they read."""

    reads = forms.MultipleChoiceField(
        label=_("Languages you read"),
        choices=own_names,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Work in other languages is not offered to you. None ticked means all."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "reads")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        if not self.instance.grants.ids("assess_programme"):
            del self.fields["reads"]
