"""The page on how far assessors agree, and its figures as a table to take away."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import Programme
from reviews.agreement.charts import Course, Whisker, course, reach, whisker
from reviews.agreement.figures import LOW_EXACT, MINIMUM_BEYOND_CHANCE, MINIMUM_WORKS, Figure
from reviews.agreement.periods import Period
from reviews.agreement.tabulating import Alone, Counted, Together
from reviews.agreement_form import AgreementForm
from reviews.measuring import Answer, Named, OwnAnswer, agreement_of, named_pairs, own_agreement
from reviews.reports.agreement import write_agreement
from workbench.access import may, signed_in
from workbench.requests import Request


@dataclass(frozen=True)
class Row:
    """A criterion, an achievement or a pair with its figures."""

    name: Named
    together: Together


@dataclass(frozen=True)
class Person:
    """An assessor with figures, their interval drawn, and their course: one figure a period."""

    name: str
    alone: Alone
    whisker: Whisker | None
    course: Course
    stops: list[tuple[Period, Figure]]


@dataclass(frozen=True)
class Quarter:
    period: Period
    counted: Counted
    exact: Figure


@signed_in
@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Who oversees the programme sees everything; an assessor of it their own figures."""
    programme = _found(request, pk)
    form = AgreementForm(request.GET)
    context = {
        "programme": programme,
        "form": form,
        "minimum": MINIMUM_WORKS,
        "minimum_beyond_chance": MINIMUM_BEYOND_CHANCE,
        "low": 100 * LOW_EXACT,
        "query": request.GET.urlencode(),
    }
    if may(request.user, "oversee", programme):
        answer = agreement_of(programme, form.question, by=request.user)
        return render(request, "reviews/agreement/index.html", context | _everything(answer))
    own = own_agreement(programme, form.question, by=request.user)
    return render(request, "reviews/agreement/own.html", context | _own(own, str(request.user)))


@signed_in
@require_safe
def sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    answer = agreement_of(programme, AgreementForm(request.GET).question, by=request.user)
    response = HttpResponse(
        write_agreement(answer),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{programme.slug}-agreement.csv"'},
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: Request, pk: uuid.UUID) -> Programme:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, pk=pk)


def _everything(answer: Answer) -> dict[str, Any]:
    figures = answer.figures
    over_time = [Quarter(one.period, one.counted, one.exact) for one in figures.moments]
    return {
        "answer": answer,
        "whole": figures.whole,
        "criteria": _rows(answer.criteria, figures.criteria),
        "achievements": _rows(answer.achievements, figures.achievements),
        "pairs": [
            Row(Named("", " · ".join(answer.people[who] for who in pair)), together)
            for pair, together in named_pairs(answer)
        ],
        "people": _people(answer),
        "reach": reach(one.severity for one in figures.assessors.values()),
        "over_time": over_time,
        "course": course([one.exact for one in over_time], 0, 1),
    }


def _rows(names: dict[str, Named], figures: dict[str, Together]) -> list[Row]:
    rows = [Row(names.get(key, Named("", key)), together) for key, together in figures.items()]
    return sorted(rows, key=lambda row: (row.name.code.casefold(), row.name.title.casefold()))


def _people(answer: Answer) -> list[Person]:
    """The strictest first; those of whom nothing can be said yet last."""
    moments = answer.figures.moments
    stops = {
        who: [
            (one.period, one.assessors[who].severity)
            if who in one.assessors
            else (one.period, Figure(None, None, None, 0, "one-marker"))
            for one in moments
        ]
        for who in answer.figures.assessors
    }
    wide = reach(one.severity for one in answer.figures.assessors.values())
    wide_over_time = reach(figure for row in stops.values() for _period, figure in row)
    people = [
        Person(
            name=answer.people[who],
            alone=alone,
            whisker=whisker(alone.severity, -wide, wide),
            course=course([figure for _period, figure in stops[who]], -wide_over_time, wide_over_time),
            stops=stops[who],
        )
        for who, alone in answer.figures.assessors.items()
        if isinstance(who, uuid.UUID)
    ]
    return sorted(people, key=_strictest_first)


def _strictest_first(person: Person) -> tuple[bool, float, str]:
    value = person.alone.severity.value
    return value is None, value or 0.0, person.name.casefold()


def _own(answer: OwnAnswer, name: str) -> dict[str, Any]:
    stops = [(period, lone.severity) for period, lone in answer.moments]
    wide = reach([answer.figures.severity, *(figure for _period, figure in stops)])
    return {
        "reach": wide,
        "over_time": answer.moments,
        "person": Person(
            name=name,
            alone=answer.figures,
            whisker=whisker(answer.figures.severity, -wide, wide),
            course=course([figure for _period, figure in stops], -wide, wide),
            stops=stops,
        ),
    }
