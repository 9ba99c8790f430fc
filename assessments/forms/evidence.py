"""The three forms that put evidence into a draft, and the one that describes it anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from assessments.evidencing import (
    NARRATIVE_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    Description,
    add_file,
    add_link,
    add_text,
)
from assessments.models import Achievement, Criterion, Evidence, Submission
from assessments.models.evidence import Form, Kind, Visibility
from workbench.errors import DomainError
from workbench.models import User

# Below the two megabytes that a request without files may have; longer texts are handed in as files.
TYPED_LENGTH = 500_000


@dataclass(frozen=True)
class SupportRow:
    """The two fields of one criterion: does this evidence support it, and why."""

    criterion: Criterion
    chosen: forms.BoundField
    reason: forms.BoundField


class DescriptionForm(forms.Form):
    """What the learner says of an item, whatever its form is."""

    kinds: ClassVar[tuple[Kind, ...]] = tuple(Kind)
    unstated_kind: ClassVar[Any] = _("Tell by the content")
    # The field at which a refusal of the verb is shown; every other refusal stands above the form.
    places: ClassVar[Mapping[str, str]] = {
        "title-missing": "title",
        "type-mismatch": "kind",
        "kind-mismatch": "kind",
    }

    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        help_text=_("What it is, in a few words: the assessor sees it first."),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    narrative = forms.CharField(
        label=_("Narrative"),
        max_length=NARRATIVE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("How it came about: the task, what you did yourself, what you decided and why."),
    )
    visibility = forms.ChoiceField(
        choices=Visibility, initial=Visibility.PRIVATE, widget=forms.RadioSelect, label=_("Visibility")
    )

    def __init__(self, *args: Any, achievement: Achievement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = achievement.criteria
        kinds = [(kind.value, kind.label) for kind in self.kinds]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), required=False, choices=[("", self.unstated_kind), *kinds]
        )
        for criterion in self.criteria:
            self.fields[f"supports-{criterion.pk}"] = forms.BooleanField(required=False, label=str(criterion))
            self.fields[f"reason-{criterion.pk}"] = forms.CharField(
                label=_("Why it supports %(criterion)s") % {"criterion": criterion},
                max_length=REASON_LENGTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields that only this form has: a file, an address, a text."""
        return [self[name] for name in self.own if name in self.fields]

    own: ClassVar[tuple[str, ...]] = ()

    @property
    def rows(self) -> list[SupportRow]:
        return [
            SupportRow(criterion, self[f"supports-{criterion.pk}"], self[f"reason-{criterion.pk}"])
            for criterion in self.criteria
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for criterion in self.criteria:
            chosen, reason = f"supports-{criterion.pk}", f"reason-{criterion.pk}"
            if cleaned.get(chosen) and not cleaned.get(reason) and reason not in self.errors:
                self.add_error(reason, _("Say why this evidence supports the criterion."))
            if cleaned.get(reason) and not cleaned.get(chosen):
                self.add_error(chosen, _("You gave a reason: tick the criterion, or empty its reason."))
        return cleaned

    def description(self) -> Description:
        cleaned = self.cleaned_data
        return Description(
            title=cleaned["title"],
            narrative=cleaned["narrative"],
            visibility=Visibility(cleaned["visibility"]),
            supports={
                criterion: cleaned[f"reason-{criterion.pk}"]
                for criterion in self.criteria
                if cleaned[f"supports-{criterion.pk}"]
            },
            kind=Kind(cleaned["kind"]) if cleaned["kind"] else None,
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal where it can be put right, with everything typed kept."""
        place = self.places.get(error.code)
        self.add_error(place if place in self.fields else None, str(error.message))

    @classmethod
    def initial_of(cls, evidence: Evidence) -> dict[str, Any]:
        """The values with which an edit begins; ``evidence`` comes with its supports."""
        values: dict[str, Any] = {
            "title": evidence.title,
            "narrative": evidence.narrative,
            "visibility": evidence.visibility,
            "kind": evidence.kind,
        }
        for support in evidence.supports.all():
            values[f"supports-{support.criterion_id}"] = True
            values[f"reason-{support.criterion_id}"] = support.justification
        return values


class EditForm(DescriptionForm):
    unstated_kind = _("As it is")


class FileForm(DescriptionForm):
    own = ("file",)
    places: ClassVar[Mapping[str, str]] = {
        **DescriptionForm.places,
        "too-large": "file",
        "empty-file": "file",
        "program-refused": "file",
        "type-mismatch": "file",
        "quota-exceeded": "file",
    }
    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=None)
    field_order = ("file",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = settings.MAX_EVIDENCE_BYTES
        self.fields["file"].help_text = _(
            "At most %(limit)s. A configuration, a capture, a document, an image: told by its content."
        ) % {"limit": filesizeformat(limit)}
        self.fields["file"].widget.attrs |= {
            "data-max-bytes": limit,
            "data-too-large": _("This file is larger than %(limit)s: choose a smaller part of it.")
            % {"limit": filesizeformat(limit)},
            "data-empty": _("This file is empty."),
        }

    def add_to(self, submission: Submission, *, by: User) -> Evidence:
        return add_file(submission, self.cleaned_data["file"], self.description(), by=by)


class LinkForm(DescriptionForm):
    own = ("url",)
    unstated_kind = _("Other")
    places: ClassVar[Mapping[str, str]] = {**DescriptionForm.places, "bad-link": "url"}
    url = forms.CharField(
        label=_("Address"),
        max_length=URL_LENGTH,
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
        help_text=_("A page that your assessor can open. Its content is not kept here, so it has no digest."),
    )
    field_order = ("url",)

    def add_to(self, submission: Submission, *, by: User) -> Evidence:
        return add_link(submission, self.cleaned_data["url"], self.description(), by=by)


class TextForm(DescriptionForm):
    own = ("text",)
    kinds = (Kind.FIREWALL_CONFIGURATION, Kind.DOCUMENT, Kind.OTHER)
    places: ClassVar[Mapping[str, str]] = {
        **DescriptionForm.places,
        "empty-text": "text",
        "too-large": "text",
        "quota-exceeded": "text",
    }
    text = forms.CharField(
        label=_("Text"),
        max_length=TYPED_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mono", "spellcheck": "true"}),
        help_text=_("A reflection, a report, or rules you paste. It is kept with a digest, as a file is."),
    )
    field_order = ("text",)

    def add_to(self, submission: Submission, *, by: User) -> Evidence:
        return add_text(submission, self.cleaned_data["text"], self.description(), by=by)


ADDING: Mapping[str, type[FileForm | LinkForm | TextForm]] = {
    Form.FILE: FileForm,
    Form.LINK: LinkForm,
    Form.TEXT: TextForm,
}
