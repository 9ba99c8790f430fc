"""The forms of versions: define the next one, say what learners start with, keep or move."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.forms.defining import AchievementForm
from assessments.models import Achievement, Programme, Rubric, RubricMove
from assessments.models.move import Answer
from assessments.versioning import Uptake, answer_move, new_version, take_up
from workbench.languages import CODES
from workbench.models import User


class NewVersionForm(AchievementForm):
    """Filled with what the old version says; ``misfits`` tells what of it does not fit the new rubric."""

    def __init__(self, *args: Any, old: Achievement, rubric: Rubric, **kwargs: Any) -> None:
        self.old = old
        super().__init__(*args, rubric=rubric, **kwargs)
        del self.fields["code"]
        self.misfits: list[str] = []
        for name in self.texts:
            for language in CODES:
                self.fields[f"{name}_{language}"].initial = getattr(old, name).get(language, "")
        self.fields["minimum_total"].initial = old.minimum_total
        self.fields["validity"].initial = old.validity.days if old.validity else None
        self.fields["max_attempts"].initial = old.max_attempts
        self.fields["tags"].initial = ", ".join(old.tags)
        self._carry_competencies()
        self._carry_levels()

    def define(self, *, by: User) -> Achievement:
        return new_version(self.old, self.rubric, by=by, **self.definition())

    def _carry_competencies(self) -> None:
        field = self.fields["competencies"]
        wanted = dict(self.old.competencies.values_list("identifier", "human_code"))
        found = dict(field.queryset.filter(identifier__in=wanted).values_list("identifier", "pk"))  # type: ignore[attr-defined]
        field.initial = list(found.values()) or field.initial
        self.misfits += [
            _("Competency %(code)s is not among those of this version.") % {"code": code or identifier}
            for identifier, code in wanted.items()
            if identifier not in found
        ]

    def _carry_levels(self) -> None:
        """By the identifier of the criterion and the position of the level."""
        before = {one.identifier: one for one in self.old.criteria}
        here = {one.identifier for one in self.criteria}
        for criterion in self.criteria:
            earlier = before.get(criterion.identifier)
            field = self.fields[f"required_{criterion.pk}"]
            if earlier is None:
                self._misfit(_("%(criterion)s is new: choose its required level."), criterion)
                continue
            wanted = self.old.required_by_criterion.get(earlier.pk)
            steps = {level.pk: level.position for level in earlier.levels.all()}
            levels = {level.position: level for level in criterion.levels.all()}
            level = levels.get(steps[wanted]) if wanted else None
            field.initial = str(level.pk) if level else ""
            if wanted and level is None:
                self._misfit(_("%(criterion)s has no level at the place of the required one."), criterion)
            elif len(steps) != len(levels):
                self._misfit(_("%(criterion)s has another number of levels: check what it needs."), criterion)
        for criterion in self.old.criteria:
            if criterion.identifier not in here:
                self._misfit(_("%(criterion)s is gone: nothing is required for it any more."), criterion)

    def _misfit(self, text: str, criterion: Any) -> None:
        self.misfits.append(text % {"criterion": criterion})


class UptakeForm(forms.Form):
    uptake = forms.ChoiceField(
        label=gettext_lazy("What learners start with"), choices=Uptake.choices, widget=forms.RadioSelect
    )

    def take_up(self, programme: Programme, new: Achievement, *, by: User) -> Programme:
        return take_up(programme, new, uptake=self.cleaned_data["uptake"], by=by)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=Answer.choices)

    def answer_move(self, move: RubricMove, *, by: User) -> RubricMove:
        return answer_move(move, answer=self.cleaned_data["answer"], by=by)
