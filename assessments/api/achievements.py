"""Achievements with the rubric they are judged on."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from assessments.models import Achievement, Criterion, Programme
from assessments.models.achievement import AchievementQuerySet
from workbench.api.auth import ApiRequest
from workbench.api.paging import AtPosition, Page, paged
from workbench.models import User

router = Router(tags=["what is asked"])


class LevelOut(Schema):
    id: UUID
    position: int = Field(description="ascends with quality")
    quality: str
    description: str
    points: float | None


class CriterionOut(Schema):
    id: UUID
    code: str
    title: str
    description: str
    weight: float | None
    required_level: UUID | None = Field(description="the lowest level at which the criterion passes")
    levels: list[LevelOut] = Field(description="by ascending position")


class RubricOut(Schema):
    id: UUID
    title: str
    criteria: list[CriterionOut]


class AchievementOut(Schema):
    id: UUID
    code: str
    version: str
    name: str = Field(description="in the language of the token's owner")
    description: str
    narrative: str = Field(description="what has to be shown to earn it")
    organisation: UUID
    programmes: list[UUID] = Field(description="those of my programmes that offer it")
    minimum_total: float | None = Field(description="the least weighted total, in percent")
    max_attempts: int | None
    rubric: RubricOut


class Offered(Schema):
    programme: UUID | None = Field(None, description="only what this programme offers")


@router.get(
    "/achievements",
    response=Page[AchievementOut],
    operation_id="list-achievements",
    summary="Achievements that can be earned",
)
def index(
    request: ApiRequest, position: AtPosition, offered: Annotated[Offered, Query(...)]
) -> dict[str, Any]:
    rows = Achievement.objects.visible_to(request.user)
    if offered.programme:
        rows = rows.filter(programmes=offered.programme)
    return paged(with_context(rows, request.user), position, by="-created_at", shape=shaped)


@router.get(
    "/achievements/{uuid:id}",
    response=AchievementOut,
    operation_id="get-achievement",
    summary="One achievement with its rubric",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    rows = with_context(Achievement.objects.visible_to(request.user), request.user)
    return shaped([get_object_or_404(rows, pk=id)])[0]


def with_context(rows: AchievementQuerySet, user: User) -> AchievementQuerySet:
    mine = Prefetch("programmes", Programme.objects.visible_to(user), to_attr="my_programmes")
    return rows.with_rubric().prefetch_related(mine)


def shaped(achievements: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": achievement.pk,
            "code": achievement.code,
            "version": achievement.version,
            "name": achievement.name,
            "description": achievement.description,
            "narrative": achievement.narrative,
            "organisation": achievement.organisation_id,
            "programmes": [programme.pk for programme in achievement.my_programmes],
            "minimum_total": number(achievement.minimum_total),
            "max_attempts": achievement.max_attempts,
            "rubric": {
                "id": achievement.rubric.pk,
                "title": achievement.rubric.title,
                "criteria": [_criterion(achievement, criterion) for criterion in achievement.criteria],
            },
        }
        for achievement in achievements
    ]


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _criterion(achievement: Achievement, criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.pk,
        "code": criterion.code,
        "title": criterion.title,
        "description": criterion.description,
        "weight": number(criterion.weight),
        "required_level": achievement.required_by_criterion.get(criterion.pk),
        "levels": [
            {
                "id": level.pk,
                "position": level.position,
                "quality": level.quality,
                "description": level.description,
                "points": number(level.points),
            }
            for level in criterion.levels.all()
        ],
    }
