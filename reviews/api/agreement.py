"""How far the assessors of a programme agree, with intervals and numbers of items."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from assessments.models import Programme
from reviews.agreement.figures import MINIMUM_BEYOND_CHANCE, MINIMUM_WORKS, Figure
from reviews.agreement.tabulating import Alone, Counted, Lone, Together
from reviews.measuring import Answer, Question, agreement_of, named_pairs, own_agreement
from workbench.api.auth import ApiRequest

router = Router(tags=["what is judged"])


class Asked(Schema):
    since: date | None = Field(None, description="items last marked on this day or later")
    until: date | None = Field(None, description="items last marked on this day or earlier")
    span: Literal["month", "quarter"] = Field("quarter", description="the periods of the course over time")
    independent: bool = Field(False, description="leave out work on which a marker saw another's marking")


class FigureOut(Schema):
    """A value with the ends of its 95 % interval, or the reason why there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int = Field(description="items: one piece of work on one criterion")
    reason: Literal["", "one-marker", "few-works", "no-variation"]


class TogetherOut(Schema):
    works: int = Field(description="pieces of work marked twice")
    items: int
    exact: FigureOut = Field(description="share of items with the same level, 0 to 1")
    adjacent: FigureOut = Field(description="share of items at most one level apart, 0 to 1")
    kappa_linear: FigureOut
    kappa_quadratic: FigureOut
    alpha: FigureOut | None = Field(description="Krippendorff's, ordinal; null for a pair")


class AgreementCriterionOut(TogetherOut):
    criterion: str = Field(description="CASE identifier, the same in every version of the rubric")
    code: str
    title: str


class AchievementAgreementOut(TogetherOut):
    code: str
    name: str


class AssessorOut(Schema):
    id: UUID
    name: str


class AgreementPairOut(TogetherOut):
    assessors: list[AssessorOut]


class AloneOut(Schema):
    works: int
    items: int
    exact: FigureOut
    adjacent: FigureOut
    kappa_linear: FigureOut
    severity: FigureOut = Field(description="levels above (+) or below (-) the other markers")
    agrees_little: bool = Field(description="demonstrably the same level on less than half of the items")


class OneOut(AloneOut):
    assessor: AssessorOut


class LoneOut(Schema):
    works: int
    items: int
    exact: FigureOut
    severity: FigureOut


class AssessorPeriodOut(LoneOut):
    assessor: UUID


class PeriodOut(Schema):
    period: str = Field(examples=["2026-Q1", "2026-03"])
    works: int
    items: int
    exact: FigureOut
    assessors: list[AssessorPeriodOut]


class OwnPeriodOut(LoneOut):
    period: str = Field(examples=["2026-Q1", "2026-03"])


class AgreementOut(Schema):
    programme: UUID
    minimum_works: int = Field(description="below so many pieces of work there is no figure")
    minimum_works_beyond_chance: int = Field(description="below so many there is no kappa and no alpha")
    open_works: int = Field(description="of them, those on which a marker saw another's marking")
    whole: TogetherOut
    criteria: list[AgreementCriterionOut]
    achievements: list[AchievementAgreementOut]
    pairs: list[AgreementPairOut]
    assessors: list[OneOut]
    periods: list[PeriodOut]


class OwnAgreementOut(AloneOut):
    programme: UUID
    periods: list[OwnPeriodOut]


@router.get(
    "/programmes/{uuid:id}/agreement",
    response=AgreementOut,
    operation_id="get-agreement",
    summary="How far the assessors of a programme agree",
)
def detail(request: ApiRequest, id: UUID, asked: Annotated[Asked, Query(...)]) -> dict[str, Any]:
    """For moderators and managers."""
    return _answer(agreement_of(_found(request, id), _question(asked), by=request.user))


@router.get(
    "/programmes/{uuid:id}/agreement/own",
    response=OwnAgreementOut,
    operation_id="get-own-agreement",
    summary="How my own marks compare with those of the others",
)
def own(request: ApiRequest, id: UUID, asked: Annotated[Asked, Query(...)]) -> dict[str, Any]:
    """For assessors; of decided work only."""
    answer = own_agreement(_found(request, id), _question(asked), by=request.user)
    periods = [{"period": period.code, **_lone(lone)} for period, lone in answer.moments]
    return {"programme": answer.programme.pk, "periods": periods, **_alone(answer.figures)}


def _found(request: ApiRequest, id: UUID) -> Programme:
    return get_object_or_404(Programme.objects.visible_to(request.user), pk=id)


def _question(asked: Asked) -> Question:
    return Question(**asked.dict())


def _answer(answer: Answer) -> dict[str, Any]:
    figures = answer.figures
    people = {who: {"id": who, "name": name} for who, name in answer.people.items()}
    return {
        "programme": answer.programme.pk,
        "minimum_works": MINIMUM_WORKS,
        "minimum_works_beyond_chance": MINIMUM_BEYOND_CHANCE,
        "open_works": answer.open_works,
        "whole": _together(figures.whole),
        "criteria": [
            {"criterion": key, "code": name.code, "title": name.title, **_together(figures.criteria[key])}
            for key, name in answer.criteria.items()
        ],
        "achievements": [
            {"code": name.code, "name": name.title, **_together(figures.achievements[key])}
            for key, name in answer.achievements.items()
        ],
        "pairs": [
            {"assessors": [people[who] for who in pair], **_together(together)}
            for pair, together in named_pairs(answer)
        ],
        "assessors": [
            {"assessor": person, **_alone(figures.assessors[who])} for who, person in people.items()
        ],
        "periods": [
            {
                "period": moment.period.code,
                **_counted(moment.counted),
                "exact": _figure(moment.exact),
                "assessors": [{"assessor": who, **_lone(lone)} for who, lone in moment.assessors.items()],
            }
            for moment in figures.moments
        ],
    }


def _together(one: Together) -> dict[str, Any]:
    return {
        **_counted(one.counted),
        "exact": _figure(one.exact),
        "adjacent": _figure(one.adjacent),
        "kappa_linear": _figure(one.linear),
        "kappa_quadratic": _figure(one.quadratic),
        "alpha": None if one.alpha is None else _figure(one.alpha),
    }


def _alone(one: Alone) -> dict[str, Any]:
    return {
        **_counted(one.counted),
        "exact": _figure(one.exact),
        "adjacent": _figure(one.adjacent),
        "kappa_linear": _figure(one.linear),
        "severity": _figure(one.severity),
        "agrees_little": one.is_low,
    }


def _lone(one: Lone) -> dict[str, Any]:
    return {**_counted(one.counted), "exact": _figure(one.exact), "severity": _figure(one.severity)}


def _counted(counted: Counted) -> dict[str, int]:
    return {"works": counted.works, "items": counted.items}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "reason": figure.reason,
    }
