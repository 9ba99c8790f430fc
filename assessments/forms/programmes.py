"""The forms of a programme's people."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assessments.enrolling import (
    LONGEST_GROUP,
    MAX_ADDRESSES,
    PROGRAMME_ROLES,
    Enrolled,
    addresses_in,
    appoint,
    enrol_all,
    person_for,
    put_in_group,
)
from assessments.models import Programme
from assessments.models.programme import MOST_REVIEW_DAYS
from assessments.promising import promise
from workbench.access import ROLES, may
from workbench.models import User


class SearchForm(forms.Form):
    """Find people by a part of their name or address."""

    q = forms.CharField(
        label=_("Name or email"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class EnrolForm(forms.Form):
    addresses = forms.CharField(
        label=_("Email addresses"),
        max_length=30_000,
        widget=forms.Textarea(
            attrs={"rows": 5, "placeholder": "ada@example.org\nalan@example.org", "autocomplete": "off"}
        ),
        help_text=_("One a line. Each person needs an account first; addresses without one are listed."),
    )

    def enrol(self, programme: Programme, *, by: User) -> Enrolled:
        return enrol_all(programme, addresses_in(self.cleaned_data["addresses"]), by=by)


class AppointForm(forms.Form):
    """The roles offered are those that the person may give."""

    email = forms.EmailField(label=_("Email address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, programme: Programme, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        managers = may(by, "appoint-managers", programme)
        offered = [code for code in PROGRAMME_ROLES if managers or code != "manager"]
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[(code, capfirst(ROLES[code].label)) for code in offered]
        )

    def appoint(self, *, by: User) -> User:
        person = person_for(self.cleaned_data["email"])
        appoint(self.programme, person, self.cleaned_data["role"], by=by)
        return person


class ReviewDaysForm(forms.Form):
    """The service level of a programme; empty promises nothing."""

    days = forms.IntegerField(
        label=_("Days until work is judged"),
        required=False,
        min_value=1,
        max_value=MOST_REVIEW_DAYS,
        help_text=_("Learners read by when to expect a decision, and the queue marks what is overdue."),
    )

    def promise(self, programme: Programme, *, by: User) -> Programme:
        return promise(programme, days=self.cleaned_data["days"], by=by)


class GroupForm(forms.Form):
    """The learners that were ticked on a page of the table, and their group."""

    person = forms.TypedMultipleChoiceField(
        coerce=UUID,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Tick at least one learner.")),
    )
    group = forms.CharField(max_length=LONGEST_GROUP, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["person"]
        field.choices = [(one, one) for one in data.getlist("person")[:MAX_ADDRESSES] if is_uuid(one)]

    def group_all(self, programme: Programme, *, by: User) -> int:
        """All or nobody; returns how many."""
        learners = User.objects.filter(
            enrolments__programme=programme, pk__in=self.cleaned_data["person"]
        ).order_by("pk")
        with transaction.atomic():
            for learner in learners:
                put_in_group(programme, learner, self.cleaned_data["group"], by=by)
        return len(learners)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class PersonForm(forms.Form):
    """Whom a button of a table is about, and for which role."""

    person = forms.UUIDField()
    role = forms.ChoiceField(choices=[(code, code) for code in PROGRAMME_ROLES], required=False)
