"""What a learner declares when handing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workbench.forms import own_names


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
