"""The forms about conflicts of interest."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.conflicting import DECLARABLE, declare, judges_for, learners_for, state_employer
from assessments.enrolling import person_for
from assessments.models import Conflict, Programme
from assessments.models.conflict import MAX_WORDS
from assessments.models.programme import JUDGING
from workbench.access import members
from workbench.errors import invalid
from workbench.models import User
from workbench.models.user import LONGEST_EMPLOYER

TIES = [("", _("Choose what it is"))] + [(tie.value, tie.label) for tie in DECLARABLE]
MOST_OFFERED = 2000
JUDGES, LEARNS = "judges", "learns"


class EmployerForm(forms.Form):
    employer = forms.CharField(
        label=_("Your employer"),
        max_length=LONGEST_EMPLOYER,
        required=False,
        help_text=_(
            "People of the same employer do not judge each other. Nobody is shown where you work. "
            "Whoever names another employer stays apart from former colleagues until a manager decides."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def state(self, *, by: User) -> User:
        return state_employer(by, self.cleaned_data["employer"], by=by)


class TieForm(forms.Form):
    """What ties two people; the forms below say which two."""

    tie = forms.ChoiceField(label=_("What ties you"), choices=TIES)
    words = forms.CharField(
        label=_("In a few words"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Programme managers read it. The other person never does."),
    )


class DeclareForm(TieForm):
    """For one of the two: whoever may judge one's work, and whose work one may judge."""

    other = forms.ChoiceField(label=_("Person"))
    field_order = ("other", "tie", "words")

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        judges, learners = judges_for(user), learners_for(user)
        self.people: dict[str, User] = {f"{JUDGES}:{one.pk}": one for one in judges[:MOST_OFFERED]}
        if user.grants.any_of(JUDGING):
            self.people |= {f"{LEARNS}:{one.pk}": one for one in learners[:MOST_OFFERED]}
        field: Any = self.fields["other"]
        field.choices = [("", _("Choose a person")), *self._groups()]

    @property
    def is_needed(self) -> bool:
        """Whether there is anybody to name."""
        return bool(self.people)

    def _groups(self) -> list[tuple[Any, list[tuple[str, str]]]]:
        named = (
            (JUDGES, _("They may judge your work")),
            (LEARNS, _("You may judge their work")),
        )
        groups = [
            (label, [(key, one.name) for key, one in self.people.items() if key.startswith(side)])
            for side, label in named
        ]
        return [(label, people) for label, people in groups if people]

    def declare(self, *, by: User) -> Conflict:
        chosen = self.cleaned_data["other"]
        other = self.people[chosen]
        learner, assessor = (by, other) if chosen.startswith(JUDGES) else (other, by)
        return declare(
            learner, assessor, tie=self.cleaned_data["tie"], words=self.cleaned_data["words"], by=by
        )


class DeclareForOthersForm(TieForm):
    """For a manager: who of the staff taught whom."""

    email = forms.EmailField(label=_("Email address of the learner"), max_length=254)
    judge = forms.TypedChoiceField(label=_("Assessor or moderator"), coerce=UUID)
    field_order = ("email", "judge", "tie", "words")

    def __init__(self, data: Mapping[str, Any] | None = None, *, programme: Programme) -> None:
        super().__init__(data, initial={"tie": "taught"})
        self.fields["tie"].label = _("What ties them")
        people = {one.pk: one for role in ("assessor", "moderator") for one in members(role, programme)}
        self.people = people
        field: Any = self.fields["judge"]
        field.choices = [("", _("Choose a person")), *((str(pk), one.name) for pk, one in people.items())]

    def declare(self, *, by: User) -> Conflict:
        learner, assessor = person_for(self.cleaned_data["email"]), self.people[self.cleaned_data["judge"]]
        if learner.pk == assessor.pk:
            raise invalid("same-person", _("Nobody judges their own work anyway: name two people."))
        return declare(
            learner, assessor, tie=self.cleaned_data["tie"], words=self.cleaned_data["words"], by=by
        )
