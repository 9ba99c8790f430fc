"""What the pages of judging send: the filters of the queue, and what is written on a scoring sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Level, Programme
from assessments.models.programme import STAFF
from reviews.allocation_form import group_names
from reviews.models import Review
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule
from reviews.queueing import AGES, Filters
from reviews.scoring import Mark
from workbench.errors import invalid
from workbench.models import User


def _ages() -> list[tuple[str, str]]:
    """Asked for with each form: a number put into a text fixes its language."""
    return [("", gettext("At any time"))] + [
        (str(days), gettext("More than %(days)s days ago") % {"days": days}) for days in AGES
    ]


class QueueForm(forms.Form):
    """The filters; a value that means nothing is shown as an error and filters nothing."""

    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=UUID, empty_value=None)
    achievement = forms.TypedChoiceField(
        label=_("Achievement"), required=False, coerce=UUID, empty_value=None
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All open work")), ("waiting", _("Waiting")), ("in_review", _("In review"))],
    )
    age = forms.TypedChoiceField(
        label=_("Handed in"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=_ages,
    )
    mine = forms.BooleanField(label=_("Held by me"), required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)
    flagged = forms.BooleanField(label=_("Flagged"), required=False)
    assigned = forms.ChoiceField(
        label=_("Assigned"),
        required=False,
        choices=[
            ("", _("To anybody or nobody")),
            ("me", _("To me")),
            ("none", _("To nobody")),
            ("others", _("To others")),
        ],
    )
    group = forms.ChoiceField(label=_("Group"), required=False)
    attention = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        programmes = list(
            Programme.objects.filter(pk__in=user.grants.any_of(STAFF)).only("names", "review_days")
        )
        groups = group_names([one.pk for one in programmes])
        cast(forms.ChoiceField, self.fields["group"]).choices = [
            ("", _("All groups")),
            *((name, name) for name in groups),
        ]
        if not groups:
            self.fields["group"].widget = forms.HiddenInput()
        self.levels = {one.pk: one.review_days for one in programmes if one.review_days}
        offered = Programme.achievements.through.objects.filter(programme__in=programmes)
        achievements = Achievement.objects.filter(pk__in=offered.values("achievement")).only("names")
        self._offer("programme", _("All programmes"), programmes)
        self._offer("achievement", _("All achievements"), achievements)

    @property
    def filters(self) -> Filters:
        self.full_clean()
        return Filters(**self.cleaned_data)

    def _offer(self, name: str, all_of_them: Any, rows: Any) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", all_of_them), *((str(row.pk), row.name) for row in rows)]


# --- The scoring sheet ------------------------------------------------------------------------------------

KEPT, OWN, BOTH = "kept", "own", "both"


@dataclass(frozen=True)
class Entry:
    """What was written on the sheet, and the version of the review that the writer saw."""

    version: int
    marks: list[Mark]
    feedback: str | None
    met: list[str] | None = None


def read_entry(data: Mapping[str, str], review: Review, achievement: Achievement) -> Entry:
    """Fields ``version``, ``feedback`` and, by criterion id, ``level-…``, ``comment-…`` and ``take-…``.

    ``take-…`` answers the page of two texts: which one stands, the kept one, one's own, or both joined.
    Raises DomainError ``bad-version``, ``unknown-criterion`` or ``unknown-level``.
    """
    version = read_version(data)
    kept = {str(score.criterion_id): score.comment for score in review.scores.all()}
    marks = read_marks(data, achievement, kept)
    feedback = data.get("feedback")
    if feedback is not None:
        feedback = taken(data.get("take-feedback", OWN), review.feedback, feedback)
    return Entry(version, marks, feedback, read_met(data))


def read_met(data: Mapping[str, str]) -> list[str] | None:
    """The ticked boxes ``met-…`` by rule of evidence; None from a page that had none."""
    if not any(key.startswith("met-") for key in data):
        return None
    return [rule for rule in EvidenceRule.values if data.get(f"met-{rule}")]


def read_version(data: Mapping[str, str]) -> int:
    """Raises DomainError ``bad-version``."""
    try:
        return int(data.get("version", ""))
    except ValueError:
        raise invalid("bad-version", _("The page is out of date. Open the review again.")) from None


def read_marks(
    data: Mapping[str, str], achievement: Achievement, kept: Mapping[str, str] | None = None
) -> list[Mark]:
    """The marks of a sheet; ``kept`` are the comments on the server, by criterion id.

    Raises DomainError ``unknown-criterion`` or ``unknown-level``.
    """
    kept = kept or {}
    criteria = {str(criterion.pk): criterion for criterion in achievement.criteria}
    named = [key.partition("-")[2] for key in data if key.startswith(("level-", "comment-"))]
    if any(name not in criteria for name in named):
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    return [
        Mark(
            criteria[name],
            read_level(criteria[name], data.get(f"level-{name}", "")),
            taken(data.get(f"take-{name}", OWN), kept.get(name, ""), data.get(f"comment-{name}", "")),
        )
        for name in dict.fromkeys(named)
    ]


def read_outcome(data: Mapping[str, str]) -> Outcome:
    """Raises DomainError ``outcome-missing``."""
    try:
        return Outcome(data.get("outcome", ""))
    except ValueError:
        raise invalid(
            "outcome-missing", _("Choose what you decide: approve, return for revision, or reject.")
        ) from None


def read_level(criterion: Criterion, chosen: str) -> Level | None:
    if not chosen:
        return None
    for level in criterion.levels.all():
        if str(level.pk) == chosen:
            return level
    raise invalid("unknown-level", _("This level does not belong to its criterion."))


def taken(take: str, kept: str, own: str) -> str:
    """What stands of two texts after the page that showed both."""
    own = own.replace("\r\n", "\n")
    if take == KEPT:
        return kept
    if take == BOTH:
        return "\n\n".join(text for text in (kept, own) if text)
    return own
