"""Programmes that a person learns, works or administers in."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from assessments.models import Programme
from workbench.api.auth import ApiRequest
from workbench.api.paging import AtPosition, Page, paged

router = Router(tags=["what is asked"])


class ProgrammeOut(Schema):
    id: UUID
    slug: str
    name: str = Field(description="in the language of the token's owner")
    names: dict[str, str] = Field(description="by language")
    description: str
    organisation: UUID
    organisation_slug: str
    starts_on: date
    ends_on: date | None
    markers: str = Field(
        description="single, double_blind or double_open; some achievements may be marked otherwise"
    )
    review_days: int | None = Field(description="days until work is judged; null promises nothing")
    running: bool = Field(description="whether it takes work today")
    achievements: list[UUID]


Teller = Callable[[Iterable[UUID]], Mapping[UUID, str]]
_tellers: list[Teller] = []


def tells_markers(function: Teller) -> Teller:
    """Register who knows how programmes are marked: judging knows programmes, they know no judging."""
    _tellers.append(function)
    return function


def shaped(programmes: list[Programme]) -> list[dict[str, Any]]:
    markers: dict[UUID, str] = {}
    for tell in _tellers:
        markers |= tell([programme.pk for programme in programmes])
    return [
        {
            "id": programme.pk,
            "slug": programme.slug,
            "name": programme.name,
            "names": programme.names,
            "description": programme.description,
            "organisation": programme.organisation_id,
            "organisation_slug": programme.organisation.slug,
            "starts_on": programme.starts_on,
            "ends_on": programme.ends_on,
            "markers": markers.get(programme.pk, "single"),
            "review_days": programme.review_days,
            "running": programme.is_running,
            "achievements": [achievement.pk for achievement in programme.achievements.all()],
        }
        for programme in programmes
    ]


@router.get(
    "/programmes",
    response=Page[ProgrammeOut],
    operation_id="list-programmes",
    summary="The programmes I learn, work or administer in",
)
def index(request: ApiRequest, position: AtPosition) -> dict[str, Any]:
    rows = Programme.objects.visible_to(request.user)
    return paged(_with_context(rows), position, by="-created_at", shape=shaped)


@router.get(
    "/programmes/{uuid:id}", response=ProgrammeOut, operation_id="get-programme", summary="One programme"
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    rows = Programme.objects.visible_to(request.user)
    return shaped([get_object_or_404(_with_context(rows), pk=id)])[0]


def _with_context(rows: Any) -> Any:
    return rows.select_related("organisation").prefetch_related("achievements")
