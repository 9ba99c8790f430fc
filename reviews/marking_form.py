"""The form of a marking policy, with examples of what its rules come to."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.forming import LOWER, form
from reviews.models.policy import Choice, Markers
from reviews.prescribing import Rules

# The required level of the examples, and what two markers give.
REQUIRED = 3
PAIRS = ((3, 3), (3, 4), (2, 3), (2, 4))


@dataclass(frozen=True)
class Example:
    first: int
    second: int
    outcome: str
    by_person: bool


class MarkingForm(forms.Form):
    markers = forms.ChoiceField(label=gettext_lazy("Who marks"), choices=Markers, widget=forms.RadioSelect)
    third_marker = forms.BooleanField(
        label=gettext_lazy("Where two disagree, a third assessor marks before a moderator is asked"),
        required=False,
    )
    tolerance = forms.TypedChoiceField(
        label=gettext_lazy("Two assessors agree on a criterion"),
        coerce=int,
        choices=[(0, gettext_lazy("only on the same level")), (1, gettext_lazy("also one level apart"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "One level apart on either side of the level that passes is never agreement: a person decides."
        ),
    )
    choice = forms.ChoiceField(
        label=gettext_lazy("One level apart"),
        choices=Choice,
        widget=forms.RadioSelect,
    )
    hides_learner = forms.BooleanField(
        label=gettext_lazy("Hide the learner's name from assessors until the decision is released"),
        required=False,
        help_text=gettext_lazy(
            "They read “Learner” and a code. Moderators and managers see the name; "
            "evidence may still tell whose it is."
        ),
    )
    asks_rules = forms.BooleanField(
        label=gettext_lazy("An approval needs the four rules of evidence confirmed"),
        required=False,
        help_text=gettext_lazy("Valid, authentic, current, sufficient: the boxes stand beside the decision."),
    )

    @classmethod
    def showing(cls, rules: Rules) -> "MarkingForm":
        return cls(initial=vars(rules))

    @property
    def rules(self) -> Rules:
        """Of a form that is valid."""
        return Rules(**self.cleaned_data)

    def rules_so_far(self, fallback: Rules) -> Rules:
        """What the fields say that can be read, for the examples."""
        self.full_clean()
        return Rules(**(vars(fallback) | self.cleaned_data))


def examples(rules: Rules) -> list[Example]:
    """What pairs of levels come to; none where one assessor decides."""
    if rules.markers == Markers.SINGLE:
        return []
    return [_example(first, second, rules) for first, second in PAIRS]


def _example(first: int, second: int, rules: Rules) -> Example:
    formed = form((first, second), required=REQUIRED, tolerance=rules.tolerance, choice=rules.choice)
    if not formed.is_disagreed:
        words: Any = {LOWER: _("level %(level)s counts, the lower one")}.get(
            formed.how, _("level %(level)s counts")
        )
        return Example(first, second, words % {"level": formed.position}, by_person=False)
    if rules.third_marker:
        return Example(
            first, second, _("a third assessor marks, then a moderator if need be"), by_person=True
        )
    return Example(first, second, _("a moderator decides"), by_person=True)
