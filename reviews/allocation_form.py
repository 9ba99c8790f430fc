"""What the pages of allocation send: the policy of a programme, and who gets which work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assessments.models import Enrolment, Programme, Submission
from assessments.models.programme import OVERSEEING
from reviews.allocating import Part, assign, free, groups_in, set_allocation, unassign
from reviews.models.allocation import MOST_SHARE, Mode
from reviews.workload import Team
from workbench.models import User

MODE_TEXTS = {
    Mode.PULL: _("Whoever has time takes the oldest work."),
    Mode.MANUAL: _("Nobody takes work by themselves; assign it on the page of the queue."),
    Mode.EQUAL: _("New work goes to whoever has the least of it, open or done in the last 30 days."),
    Mode.SHARE: _("The same, by shares: who has the share 2 gets twice the work of a share 1."),
    Mode.GROUP: _("The work of each group of learners goes to the assessors who take that group."),
}


@dataclass(frozen=True)
class Row:
    """One assessor in the table of parts."""

    person: User
    share: BoundField
    groups: BoundField
    open: int
    done: int


class AllocationForm(forms.Form):
    mode = forms.ChoiceField(label=_("How work finds its assessor"), choices=Mode.choices)
    random_order = forms.BooleanField(
        label=_("Offer the next work in random order"),
        required=False,
        help_text=_(
            "Among the ten oldest, so that nobody is always judged first or last. "
            "After three days it is again the oldest first."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, team: Team) -> None:
        self.team = team
        self.assessors = team.assessors
        policy = team.policy
        super().__init__(data, initial={"mode": policy.mode, "random_order": policy.random_order})
        for person in self.assessors:
            part = team.allotments[person.pk]
            self.fields[f"share-{person.pk}"] = forms.IntegerField(
                label=_("Share of %(name)s") % {"name": person},
                min_value=0,
                max_value=MOST_SHARE,
                initial=part.share,
            )
            self.fields[f"groups-{person.pk}"] = forms.CharField(
                label=_("Groups of %(name)s") % {"name": person},
                required=False,
                max_length=3000,
                initial=", ".join(part.groups),
            )

    @property
    def modes(self) -> list[dict[str, Any]]:
        return [
            {"value": mode.value, "label": capfirst(mode.label), "text": MODE_TEXTS[mode]} for mode in Mode
        ]

    def rows(self) -> Iterator[Row]:
        loads = {judge.id: judge for judge in self.team.judges}
        for person in self.assessors:
            yield Row(
                person,
                self[f"share-{person.pk}"],
                self[f"groups-{person.pk}"],
                loads[person.pk].open,
                loads[person.pk].done,
            )

    def groups(self) -> list[str]:
        """The names of the programme's groups, to choose from."""
        return group_names([self.team.programme.pk])

    def save(self, *, by: User) -> None:
        parts = {
            person: Part(
                self.cleaned_data[f"share-{person.pk}"], groups_in(self.cleaned_data[f"groups-{person.pk}"])
            )
            for person in self.assessors
        }
        set_allocation(
            self.team.programme,
            mode=self.cleaned_data["mode"],
            random_order=self.cleaned_data["random_order"],
            parts=parts,
            by=by,
        )


class AssignForm(forms.Form):
    """The work that was ticked, and what to do with it."""

    act_with = {"assign": None, "unassign": unassign, "free": free}

    submission = forms.TypedMultipleChoiceField(
        coerce=UUID,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Tick at least one piece of work.")),
    )
    do = forms.ChoiceField(
        choices=[(name, name) for name in act_with],
        error_messages={"required": _("Choose what to do with it.")},
    )
    assessor = forms.TypedChoiceField(coerce=UUID, empty_value=None, required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        ticked = dict.fromkeys(data.getlist("submission")[:100])  # type: ignore[attr-defined]
        field: Any = self.fields["submission"]
        field.choices = [(one, one) for one in ticked if _is_uuid(one)]
        self.people = {person.pk: person for person in assessors_under(user)}
        field = self.fields["assessor"]
        field.choices = [("", ""), *((str(pk), person.name) for pk, person in self.people.items())]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("do") == "assign" and not cleaned.get("assessor") and "assessor" not in self.errors:
            self.add_error("assessor", _("Choose who gets the work."))
        return cleaned

    def act(self, submission: Submission, *, by: User) -> None:
        act = self.act_with[self.cleaned_data["do"]]
        if act is None:
            assign(submission, to=self.people[self.cleaned_data["assessor"]], by=by)
        else:
            act(submission, by=by)


def assessors_under(user: User) -> list[User]:
    """Everybody who assesses where a person moderates or manages."""
    label = Programme._meta.label_lower
    names = [f"{label}:{pk}:assessor" for pk in user.grants.any_of(OVERSEEING)]
    people = User.objects.filter(groups__name__in=names, is_active=True)
    return list(people.distinct().order_by("name", "pk"))


def group_names(programmes: Any) -> list[str]:
    rows = Enrolment.objects.filter(programme__in=programmes).exclude(group="")
    return list(rows.order_by("group").values_list("group", flat=True).distinct())


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
