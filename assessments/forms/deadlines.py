"""The forms of what a programme limits: attempts, time to hand in again, time to appeal."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.extending import extend
from assessments.limiting import MOST_ATTEMPTS, limit
from assessments.models import Extension, Programme, Submission
from assessments.models.extension import MAX_REASON
from assessments.models.programme import MOST_REVIEW_DAYS
from workbench.models import User


class LimitsForm(forms.Form):
    max_attempts = forms.IntegerField(
        label=_("Attempts allowed"),
        required=False,
        min_value=1,
        max_value=MOST_ATTEMPTS,
        help_text=_("Empty: any number. Where an achievement allows fewer, the smaller number counts."),
    )
    resubmit_days = forms.IntegerField(
        label=_("Days to hand in again after a return"),
        required=False,
        min_value=1,
        max_value=MOST_REVIEW_DAYS,
        help_text=_("Empty: no deadline. It is set when work is returned, to the end of the last day."),
    )
    appeal_days = forms.IntegerField(
        label=_("Days to appeal after a decision"),
        required=False,
        min_value=1,
        max_value=MOST_REVIEW_DAYS,
        help_text=_("Empty: this programme takes no appeals."),
    )

    def limit(self, programme: Programme, *, by: User) -> Programme:
        return limit(programme, **self.cleaned_data, by=by)


class MoreTimeForm(forms.Form):
    until = forms.DateField(
        label=_("New last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    reason = forms.CharField(
        label=_("Why there is more time"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The learner reads it beside the new deadline."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tomorrow = timezone.localdate() + timedelta(days=1)
        self.fields["until"].widget.attrs["min"] = tomorrow.isoformat()

    def extend(self, submission: Submission, *, by: User) -> Extension:
        return extend(submission, **self.cleaned_data, by=by)
