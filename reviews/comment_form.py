"""The forms of the comment bank: what to look for, and a comment that is written or changed."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Programme
from reviews.commenting import unknown_criterion
from reviews.models import BankComment
from reviews.models.comment import MAX_TEXT, BankCommentQuerySet

MAX_WORDS = 200


def criteria_of(programme: Programme) -> list[Criterion]:
    """What is judged in a programme, in the order of its rubrics; a criterion of several versions once."""
    rows = Criterion.objects.filter(rubric__achievements__programmes=programme).distinct()
    rows = rows.order_by("rubric__referential__created_at", "rubric__position", "position", "code")
    return list({criterion.identifier: criterion for criterion in rows}.values())


class BankSearchForm(forms.Form):
    """A value that means nothing filters nothing."""

    q = forms.CharField(
        label=_("Words in it"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    criterion = forms.ChoiceField(label=_("Criterion"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *settings.LANGUAGES]
    )
    retired = forms.BooleanField(label=_("Retired comments"), required=False)

    def __init__(self, data: Mapping[str, Any], *, criteria: Iterable[Criterion]) -> None:
        super().__init__(data, auto_id="search_%s")
        self.criteria = {str(criterion.pk): criterion for criterion in criteria}
        field = cast(forms.ChoiceField, self.fields["criterion"])
        field.choices = [("", _("All criteria")), *_choices(self.criteria)]

    def narrow(self, rows: BankCommentQuerySet) -> BankCommentQuerySet:
        self.full_clean()
        wanted = self.cleaned_data
        rows = rows.exclude(retired_at=None) if wanted.get("retired") else rows.active()
        if wanted.get("criterion"):
            rows = rows.on([self.criteria[wanted["criterion"]]])
        if wanted.get("language"):
            rows = rows.filter(language=wanted["language"])
        return containing(rows, wanted.get("q", ""))


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write it so that it fits the work of anybody: no names, nothing of one learner."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class NewCommentForm(CommentForm):
    criterion = forms.ChoiceField(label=_("Criterion"))

    field_order = ("criterion", "text", "language")

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = {str(criterion.pk): criterion for criterion in criteria}
        cast(forms.ChoiceField, self.fields["criterion"]).choices = _choices(self.criteria)

    @property
    def chosen(self) -> Criterion:
        return self.criteria[self.cleaned_data["criterion"]]


class ChangedCommentForm(CommentForm):
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


def containing(rows: BankCommentQuerySet, words: str) -> BankCommentQuerySet:
    """Those that hold every word, in any order."""
    for word in words.replace("\0", "")[:MAX_WORDS].split():
        rows = rows.filter(text__icontains=word)
    return rows


def criterion_named(criteria: Iterable[Criterion], given: str) -> Criterion:
    """The criterion of this id; without one the first. Raises DomainError ``unknown-criterion``."""
    found = list(criteria)
    if not given and found:
        return found[0]
    for criterion in found:
        if str(criterion.pk) == given:
            return criterion
    raise unknown_criterion()


def comment_named(rows: BankCommentQuerySet, given: str) -> BankComment | None:
    try:
        return rows.filter(pk=UUID(given)).first()
    except ValueError:
        return None


def _choices(criteria: Mapping[str, Criterion]) -> list[tuple[str, str]]:
    return [(pk, str(criterion)) for pk, criterion in criteria.items()]
