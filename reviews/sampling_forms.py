"""The forms of sampling: the policy of a programme, and the programme and days of the matrix."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme
from assessments.models.programme import OVERSEEING
from reviews.models import SamplingPolicy
from reviews.sampling_policy import MOST_FIRST, MOST_SECONDS, PERIOD, Strategy
from reviews.verification_matrix import days_of
from workbench.models import User


class SamplingForm(forms.Form):
    """Its fields are those of ``Strategy``."""

    share = forms.IntegerField(
        label=_("Share of decisions drawn at random, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("No assessor can foresee which. 0 draws none, 100 checks everything."),
    )
    tapers = forms.BooleanField(
        label=_("Lower the share of an assessor whose decisions go on being accepted"),
        required=False,
        help_text=_(
            "In ten equal steps, one for each acceptance in a row, down to the least share. "
            "One return, and the full share holds again."
        ),
    )
    least_share = forms.IntegerField(label=_("Least share, in percent"), min_value=0, max_value=100)
    first_decisions = forms.IntegerField(
        label=_("First decisions of a new assessor"),
        min_value=0,
        max_value=MOST_FIRST,
        help_text=_("So many of each assessor who is new to this programme are all checked."),
    )
    each_pair = forms.BooleanField(
        label=_("At least one of every assessor on every achievement in each period"), required=False
    )
    period_days = forms.IntegerField(
        label=_("Length of a period, in days"), min_value=PERIOD[0], max_value=PERIOD[1]
    )
    borderline = forms.BooleanField(
        label=_("Results at the border of passing"),
        required=False,
        help_text=_(
            "A criterion lies exactly at its required level and the total is at most 5 points above the "
            "least that passes; or a single level more would have passed."
        ),
    )
    low_agreement = forms.BooleanField(
        label=_("Assessors who agree little with others"),
        required=False,
        help_text=_("Only where enough work was marked twice to be sure of it."),
    )
    fast = forms.BooleanField(
        label=_("Very fast reviews"),
        required=False,
        help_text=_("By the time really spent on the page; reviews without a time are never called fast."),
    )
    fast_seconds = forms.IntegerField(label=_("Faster than, in seconds"), min_value=1, max_value=MOST_SECONDS)
    only_approvals = forms.BooleanField(
        label=_("Check approvals only"),
        required=False,
        help_text=_(
            "Flagged work, work marked anew after an appeal and work that a moderator returned before are "
            "checked whatever the outcome."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        share, least = cleaned.get("share"), cleaned.get("least_share")
        if share is not None and least is not None and least > share:
            self.add_error("least_share", _("The least share cannot be more than the share."))
        return cleaned

    @property
    def strategy(self) -> Strategy:
        """Of a form that is valid."""
        return Strategy(**{one.name: self.cleaned_data[one.name] for one in fields(Strategy)})


class MatrixForm(forms.Form):
    """``from`` and ``to`` are days, both included; what is left out is the policy's last period."""

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        self.programmes = {
            str(one.pk): one for one in Programme.objects.filter(pk__in=user.grants.any_of(OVERSEEING))
        }
        choices = [(pk, one.name) for pk, one in self.programmes.items()]
        day = forms.DateInput(attrs={"type": "date"})
        self.fields["programme"] = forms.ChoiceField(label=_("Programme"), choices=choices, required=False)
        self.fields["from"] = forms.DateField(label=_("Decided from"), required=False, widget=day)
        self.fields["to"] = forms.DateField(label=_("until"), required=False, widget=day)

    @property
    def programme(self) -> Programme:
        """The one asked for, else the newest that samples, else the newest."""
        self.full_clean()
        asked = self.programmes.get(self.cleaned_data.get("programme", ""))
        if asked is not None:
            return asked
        sampling = set(
            SamplingPolicy.objects.filter(programme__in=self.programmes.values()).values_list(
                "programme", flat=True
            )
        )
        programmes = list(self.programmes.values())
        return next((one for one in programmes if one.pk in sampling), programmes[0])

    def days(self, programme: Programme) -> tuple[date, date]:
        self.full_clean()
        return days_of(programme, self.cleaned_data.get("from"), self.cleaned_data.get("to"))


def shown(programme: Programme, since: date, until: date) -> dict[str, str]:
    """What the form shows: the days that were taken, also where none were asked for."""
    return {"programme": str(programme.pk), "from": since.isoformat(), "to": until.isoformat()}
