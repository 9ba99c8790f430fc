"""What a learner declares when handing in."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _


def own_names() -> list[tuple[str, str]]:
    """Each language by the name that its speakers give it."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class DeclarationForm(forms.Form):
    """The words of ``submitting.DECLARATION_VERSION``, and the language that the work is written in."""

    language = forms.ChoiceField(
        label=_("Language of the work"),
        choices=own_names,
        required=False,
        help_text=_("It is offered to assessors who read this language."),
    )

    declaration = forms.BooleanField(
        label=_(
            "I declare that this work is my own, that I name every source and every helper in it, "
            "and that I may show what it contains."
        ),
        error_messages={"required": _("Declare that the work is your own before you hand it in.")},
    )
