"""Forms of the badge pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from badges.opening import MAX_BYTES
from badges.revoking import MAX_REASON


class OwnerForm(forms.Form):
    """Whose badge is it?"""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whoever checks the badge reads this. Name nobody."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class VerifyForm(forms.Form):
    """A file, or a text: an address, or the badge itself; and whose it should be."""

    file = forms.FileField(
        label=_("Badge file"),
        help_text=_("The PNG, SVG, JSON, JWT or PDF file, as the holder downloaded it. At most 2 MB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.json,.jsonld,.jwt,.jws,.pdf"}),
    )
    credential = forms.CharField(
        label=_("Or its address, or its text"),
        help_text=_("The address of a badge issued here, or the text of any Open Badge 2.0 or 3.0."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )

    recipient = forms.EmailField(
        label=_("Email address of its holder"),
        help_text=_("If you want to know whether the badge was awarded to this address. It is not kept."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size > MAX_BYTES:
            self.add_error("file", _("A badge is at most 2 MB large. Choose the badge's own file."))
        elif file is None and not cleaned.get("credential") and not self.errors:
            self.add_error(None, _("Choose the badge's file, or paste its address or its text."))
        return cleaned

    @property
    def holder(self) -> str:
        """Empty when nobody asks whose it is."""
        address: str = self.cleaned_data["recipient"]
        return address

    @property
    def source(self) -> bytes | str:
        """What ``badges.verifying.verify`` takes. A file goes first."""
        file = self.cleaned_data["file"]
        if file is not None:
            content: bytes = file.read()
            return content
        text: str = self.cleaned_data["credential"]
        return text


class PartnerForm(forms.Form):
    """An issuer elsewhere that the organisation knows."""

    name = forms.CharField(label=_("Name"), max_length=200)
    identifier = forms.CharField(
        label=_("Identifier in its badges"),
        help_text=_(
            "A did:web, did:key, did:jwk or https address, as the verification of its badge shows it."
        ),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("How you know that it is theirs"),
        help_text=_("For your colleagues: who told you, by which way. Name no learner."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
