"""The forms by which an administrator defines an achievement, opens a programme and offers more in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from assessments import defining
from assessments.models import Achievement, Competency, Criterion, Level, Programme, Rubric
from workbench.errors import DomainError
from workbench.languages import CODES
from workbench.models import Organisation, User

# More competencies than that make no list to tick: those that the rubric judges are offered.
MOST_COMPETENCIES = 100


class TrilingualForm(forms.Form):
    """Each of ``texts`` is a field a language; only one language must be filled in, which the verb checks."""

    texts: ClassVar[Mapping[str, tuple[Any, int, int]]] = {}
    # The field at which a refusal of the verb is shown; every other refusal stands above the form.
    places: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, limit, rows) in self.texts.items():
            for language in CODES:
                widget: forms.Widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
                widget.attrs["lang"] = language
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=_("%(field)s in %(language)s")
                    % {"field": label, "language": get_language_info(language)["name_translated"]},
                    max_length=limit,
                    required=False,
                    widget=widget,
                )
        self.order_fields(self.field_order)

    def texts_of(self, name: str) -> dict[str, str]:
        return {language: self.cleaned_data[f"{name}_{language}"] for language in CODES}

    def refuse(self, error: DomainError) -> None:
        """Show a refusal where it can be put right, with everything typed kept."""
        place = self.places.get(error.code)
        self.add_error(place if place in self.fields else None, str(error.message))


FIRST = CODES[0]


class AchievementForm(TrilingualForm):
    texts = {
        "names": (_("Name"), defining.NAME_LENGTH, 0),
        "descriptions": (_("Description"), defining.TEXT_LENGTH, 3),
        "narratives": (_("How it is earned"), defining.TEXT_LENGTH, 4),
    }
    places = {
        "bad-code": "code",
        "code-taken": "code",
        "name-missing": f"names_{FIRST}",
        "description-missing": f"descriptions_{FIRST}",
        "narrative-missing": f"narratives_{FIRST}",
        "bad-total": "minimum_total",
        "no-points": "minimum_total",
        "no-award-rule": "minimum_total",
        "no-competency": "competencies",
        "bad-validity": "validity",
        "bad-attempts": "max_attempts",
        "bad-tags": "tags",
    }

    code = forms.CharField(
        label=_("Short name"),
        max_length=defining.SHORT_NAME_LENGTH,
        help_text=_("Small letters, digits and hyphens, such as firewall-management."),
    )
    competencies = forms.ModelMultipleChoiceField(
        queryset=Competency.objects.none(),
        label=_("Competencies it attests"),
        widget=forms.CheckboxSelectMultiple,
    )
    minimum_total = forms.DecimalField(
        label=_("Least weighted total, in percent"), max_digits=5, decimal_places=2, required=False
    )
    validity = forms.IntegerField(
        label=_("Valid for how many days"),
        required=False,
        max_value=defining.LONGEST_VALIDITY.days,
        help_text=_("Leave it empty for a badge without end."),
    )
    max_attempts = forms.IntegerField(
        label=_("Attempts allowed"), required=False, max_value=defining.MAX_ATTEMPTS
    )
    tags = forms.CharField(
        label=_("Keywords"), max_length=2000, required=False, help_text=_("Separated by commas.")
    )

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        self.rubric = rubric
        self.criteria = list(rubric.criteria.with_levels())
        self.levels = {str(level.pk): level for one in self.criteria for level in one.levels.all()}
        super().__init__(*args, **kwargs)
        judged = {one.competency_id for one in self.criteria if one.competency_id}
        offered = Competency.objects.filter(referential=rubric.referential_id).order_by("order")
        if judged and offered[MOST_COMPETENCIES:].exists():
            offered = offered.filter(pk__in=judged)
        competencies = self.fields["competencies"]
        competencies.queryset = offered  # type: ignore[attr-defined]
        competencies.initial = list(judged)
        for criterion in self.criteria:
            self.fields[f"required_{criterion.pk}"] = _required_level(criterion)
        levels = [name for name in self.fields if name.startswith("required_")]
        texts = [f"{name}_{language}" for name in self.texts for language in CODES]
        self.order_fields(
            [*texts[: len(CODES)], "code", *texts[len(CODES) :], "competencies", *levels, "minimum_total"]
        )

    def define(self, *, by: User) -> Achievement:
        return defining.define_achievement(
            self.rubric, code=self.cleaned_data["code"], by=by, **self.definition()
        )

    def definition(self) -> defining.Definition:
        cleaned = self.cleaned_data
        chosen = {one: self.levels.get(cleaned[f"required_{one.pk}"]) for one in self.criteria}
        required: dict[Criterion, Level] = {one: level for one, level in chosen.items() if level is not None}
        days = cleaned["validity"]
        return {
            "names": self.texts_of("names"),
            "descriptions": self.texts_of("descriptions"),
            "narratives": self.texts_of("narratives"),
            "required": required,
            "competencies": list(cleaned["competencies"]),
            "minimum_total": cleaned["minimum_total"],
            "validity": None if days is None else timedelta(days=days),
            "max_attempts": cleaned["max_attempts"],
            "tags": cleaned["tags"].split(","),
        }


def _required_level(criterion: Criterion) -> forms.ChoiceField:
    """The upper half passes at first sight: the third of four levels, the second of three."""
    levels = list(criterion.levels.all())
    choices = [
        ("", _("no required level")),
        *((str(level.pk), level.quality or level.description) for level in levels),
    ]
    return forms.ChoiceField(
        label=_("Level required for %(criterion)s") % {"criterion": criterion},
        choices=choices,
        required=False,
        initial=str(levels[len(levels) // 2].pk) if levels else "",
    )


class ProgrammeForm(TrilingualForm):
    texts = {
        "names": (_("Name"), defining.NAME_LENGTH, 0),
        "descriptions": (_("Description"), defining.TEXT_LENGTH, 3),
    }
    places = {
        "bad-slug": "slug",
        "slug-taken": "slug",
        "name-missing": f"names_{FIRST}",
        "ends-before-start": "ends_on",
        "achievement-elsewhere": "achievements",
    }
    field_order = (
        "organisation",
        *(f"names_{language}" for language in CODES),
        "slug",
        *(f"descriptions_{language}" for language in CODES),
        "starts_on",
        "ends_on",
        "achievements",
    )

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Organisation"), empty_label=None
    )
    slug = forms.CharField(
        label=_("Short name"),
        max_length=defining.SHORT_NAME_LENGTH,
        help_text=_("Small letters, digits and hyphens, such as cyber-2027."),
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    achievements = forms.ModelMultipleChoiceField(
        queryset=Achievement.objects.none(),
        label=_("What can be earned"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.administered_by(by.grants)
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        achievements = Achievement.objects.filter(organisation__in=own).select_related("organisation")
        self.fields["achievements"].queryset = achievements  # type: ignore[attr-defined]

    def create(self, *, by: User) -> Programme:
        cleaned = self.cleaned_data
        return defining.create_programme(
            cleaned["organisation"],
            slug=cleaned["slug"],
            names=self.texts_of("names"),
            descriptions=self.texts_of("descriptions"),
            starts_on=cleaned["starts_on"],
            ends_on=cleaned["ends_on"],
            achievements=list(cleaned["achievements"]),
            by=by,
        )


class OfferForm(forms.Form):
    achievements = forms.ModelMultipleChoiceField(
        queryset=Achievement.objects.none(),
        label=_("Achievements to offer"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        own = Achievement.objects.filter(organisation=programme.organisation_id)
        fresh = own.exclude(programmes=programme)
        self.fields["achievements"].queryset = fresh  # type: ignore[attr-defined]

    @property
    def offers_nothing(self) -> bool:
        return not self.fields["achievements"].queryset.exists()  # type: ignore[attr-defined]

    def offer(self, *, by: User) -> Programme:
        return defining.offer(self.programme, list(self.cleaned_data["achievements"]), by=by)
