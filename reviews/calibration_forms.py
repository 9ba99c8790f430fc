"""What is written on the pages of exemplars and calibration."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement
from reviews.calibrating import MOST_EXEMPLARS
from reviews.exemplifying import Agreed
from reviews.forms import read_marks
from reviews.models.exemplar import MAX_NAME, MAX_REASON


class AskForm(forms.Form):
    """What a marking policy asks of assessors before they judge."""

    exemplars = forms.IntegerField(
        label=_("Exemplars to score first"),
        min_value=0,
        max_value=MOST_EXEMPLARS,
        help_text=_("With 0 the queue is open to every assessor."),
    )
    exact = forms.IntegerField(
        label=_("Criteria to hit exactly, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("The others may lie one level beside, none farther."),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME,
        help_text=_("What assessors see instead of the learner, such as “Default drop, thin documentation”."),
    )
    note = forms.CharField(
        label=_("What it shows"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Assessors read it beside the agreed levels, after they have scored."),
    )


def read_agreed(data: Mapping[str, str], achievement: Achievement) -> list[Agreed]:
    """Fields ``level-…`` and ``comment-…`` by criterion id.

    Raises DomainError ``unknown-criterion`` or ``unknown-level``.
    """
    return [Agreed(one.criterion, one.level, one.comment) for one in read_marks(data, achievement)]
