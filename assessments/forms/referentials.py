"""The form by which a referential comes in, and the token by which it is held until it is confirmed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.analysers.names import clean_filename
from assessments.importing.problems import MAX_BYTES, Problem
from workbench.models import Organisation, User
from workbench.uploads import DigestedFile


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; an empty one passes, since the importer says what to do about it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[DigestedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class ImportForm(forms.Form):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Organisation"), empty_label=None
    )
    uploads = FilesField(
        label=_("Files"),
        allow_empty_file=True,
        help_text=_(
            "A CASE package (JSON), or competencies.csv with rubric.csv and referential.csv, "
            "or a ZIP of them; at most %(limit)s MB. Nothing is saved before you have seen what changes."
        ),
        error_messages={"required": _("Choose the file or files to import.")},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.administered_by(by.grants)
        organisation = self.fields["organisation"]
        organisation.queryset = own  # type: ignore[attr-defined]
        files = self.fields["uploads"]
        files.help_text = str(files.help_text) % {"limit": MAX_BYTES // (1024 * 1024)}
        files.widget.attrs |= {"multiple": True, "accept": ".json,.csv,.zip,.txt"}

    def read(self) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
        """The bytes by cleaned name, unless there is too much of them or two files share a name."""
        uploads: list[DigestedFile] = self.cleaned_data["uploads"]
        if any(one.too_large for one in uploads) or sum(one.size or 0 for one in uploads) > MAX_BYTES:
            return {}, (Problem("…", "too-large", {"limit": MAX_BYTES // (1024 * 1024)}),)
        found: dict[str, bytes] = {}
        for upload in uploads:
            name = clean_filename(upload.name or "")
            if name in found:
                return {}, (Problem(name, "repeated-file"),)
            found[name] = upload.read()
        return found, ()


class ConfirmForm(forms.Form):
    token = forms.CharField(max_length=1000, widget=forms.HiddenInput)
