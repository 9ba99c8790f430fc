"""Exemplars and one's calibration by them; for overseers who stands where."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema, Status

from assessments.models import Criterion, Level, Programme
from reviews import calibrating
from reviews.exemplified import levels_of, read_by
from reviews.models import Calibration, Exemplar
from reviews.models.exemplar import MAX_REASON
from reviews.permissions import can_oversee
from reviews.scoring import Mark
from workbench.access import may, require
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.api.paging import AtPosition, Page, paged
from workbench.errors import invalid
from workbench.models import User

router = Router(tags=["what is judged"])

LARGEST_VERSION = 2**31 - 1


class ExemplarsIn(Schema):
    programme: UUID | None = None
    achievement: UUID | None = None


class ExemplarOut(Schema):
    id: UUID
    programme: UUID
    achievement: UUID
    name: str
    published_at: datetime


class AgreedOut(Schema):
    criterion: UUID
    level: UUID
    reason: str


class OneExemplarOut(ExemplarOut):
    evidence: list[UUID] = Field(description="the items to read, as `/files/{id}/` serves them")
    note: str | None = Field(description="null as long as the agreed levels are hidden from you")
    agreed: list[AgreedOut] | None = Field(description="null until you have scored it")


class CalibrationScoreOut(Schema):
    criterion: UUID
    level: UUID | None
    comment: str


class CalibrationOut(Schema):
    id: UUID
    exemplar: UUID
    assessor: UUID
    attempt: int
    version: int = Field(description="give it back when you save scores")
    started_at: datetime
    scored_at: datetime | None = Field(description="null as long as it is open")
    exact: int
    adjacent: int = Field(description="criteria one level beside the agreed one")
    criteria: int
    passed: bool
    scores: list[CalibrationScoreOut] = Field(
        description="empty in finished tries of others on an exemplar that I still have to score"
    )


class CalibrationScoreIn(Schema):
    criterion: UUID = Field(examples=[EXAMPLE_ID])
    level: UUID | None = Field(None, examples=[EXAMPLE_ID])
    comment: Text = Field("", max_length=MAX_REASON, examples=["The default policy drops."])


class CalibrationScoresIn(Schema):
    version: int = Field(ge=0, le=LARGEST_VERSION, examples=[1])
    scores: list[CalibrationScoreIn] = Field(max_length=500)


def exemplars_shaped(rows: list[Exemplar]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.pk,
            "programme": one.programme_id,
            "achievement": one.submission.achievement_id,
            "name": one.name,
            "published_at": one.published_at,
        }
        for one in rows
    ]


def calibrations_shaped(rows: list[Calibration], reader: User) -> list[dict[str, Any]]:
    read = read_by(reader, {one.exemplar.programme_id for one in rows})
    return [
        {
            "id": one.pk,
            "exemplar": one.exemplar_id,
            "assessor": one.assessor_id,
            "attempt": one.attempt,
            "version": one.version,
            "started_at": one.started_at,
            "scored_at": one.scored_at,
            "exact": one.exact,
            "adjacent": one.adjacent,
            "criteria": one.criteria,
            "passed": one.passed,
            "scores": calibrating.scores_of(one)
            if one.assessor_id == reader.pk or one.is_open or one.exemplar_id in read
            else [],
        }
        for one in rows
    ]


@router.get(
    "/exemplars",
    response=Page[ExemplarOut],
    operation_id="list-exemplars",
    summary="The exemplars in use where I work",
)
def index(
    request: ApiRequest, position: AtPosition, filters: Annotated[ExemplarsIn, Query(...)]
) -> dict[str, Any]:
    rows = Exemplar.objects.visible_to(request.user).in_use().with_context()
    if filters.programme:
        rows = rows.filter(programme=filters.programme)
    if filters.achievement:
        rows = rows.filter(submission__achievement=filters.achievement)
    return paged(rows, position, by="made_at", shape=exemplars_shaped)


@router.get(
    "/exemplars/{uuid:id}",
    response=OneExemplarOut,
    operation_id="get-exemplar",
    summary="One exemplar; its agreed levels once they give nothing away",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    exemplar = _exemplar(request, id)
    reads = may(request.user, "read-agreed-levels", exemplar)
    agreed = [
        {"criterion": one.criterion_id, "level": one.level_id, "reason": one.reason}
        for one in levels_of(exemplar).values()
    ]
    return exemplars_shaped([exemplar])[0] | {
        "evidence": list(exemplar.submission.evidence.in_order().values_list("pk", flat=True)),
        "note": exemplar.note if reads else None,
        "agreed": agreed if reads else None,
    }


@router.get(
    "/exemplars/{uuid:id}/calibration",
    response=CalibrationOut,
    operation_id="get-calibration",
    summary="My newest try on an exemplar",
)
def newest(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """404 as long as I have not begun one."""
    tries = Calibration.objects.filter(exemplar=_exemplar(request, id), assessor=request.user)
    found = tries.select_related("exemplar").order_by("-attempt").first()
    if found is None:
        raise Http404
    return calibrations_shaped([found], request.user)[0]


@router.post(
    "/exemplars/{uuid:id}/calibration",
    response={201: CalibrationOut},
    operation_id="start-calibration",
    summary="Begin to score an exemplar, or go on with the open try",
)
def begin(request: ApiRequest, id: UUID) -> Status[Any]:
    """Codes: `calibration-passed`, `calibration-closed`."""
    made = calibrating.start(_exemplar(request, id), by=request.user)
    return Status(201, calibrations_shaped([made], request.user)[0])


@router.put(
    "/calibrations/{uuid:id}/scores",
    response=CalibrationOut,
    operation_id="save-calibration",
    summary="Save scores; criteria that are left out keep theirs",
)
def scores(request: ApiRequest, id: UUID, body: CalibrationScoresIn) -> dict[str, Any]:
    """Codes: `stale` (with the `version` and `scores` that are kept now), `calibration-finished`,
    `exemplar-retired`, `unknown-criterion`, `unknown-level`.
    """
    calibration = _calibration(request, id)
    calibrating.save(calibration, version=body.version, marks=_marks(body), by=request.user)
    return calibrations_shaped([_calibration(request, id)], request.user)[0]


@router.post(
    "/calibrations/{uuid:id}/finish",
    response=CalibrationOut,
    operation_id="finish-calibration",
    summary="Finish a try and compare it with the agreed levels",
)
def finish(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Codes: `scores-missing`, `calibration-finished`, `exemplar-retired`."""
    calibrating.score(_calibration(request, id), by=request.user)
    return calibrations_shaped([_calibration(request, id)], request.user)[0]


@router.post(
    "/calibrations/{uuid:id}/reopen",
    response=CalibrationOut,
    operation_id="reopen-calibration",
    summary="Let an assessor try a failed exemplar again at once",
)
def reopen(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """For moderators and managers. Code: `not-failed`."""
    calibrating.reopen(_calibration(request, id), by=request.user)
    return calibrations_shaped([_calibration(request, id)], request.user)[0]


@router.get(
    "/programmes/{uuid:id}/calibrations",
    response=Page[CalibrationOut],
    operation_id="list-calibrations",
    summary="What was scored on the exemplars of a programme that I oversee",
)
def overview(request: ApiRequest, id: UUID, position: AtPosition) -> dict[str, Any]:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=id)
    require(can_oversee, request.user, programme)
    rows = Calibration.objects.visible_to(request.user).filter(exemplar__programme=programme)
    rows = rows.with_context().prefetch_related("scores")
    return paged(rows, position, by="started_at", shape=partial(calibrations_shaped, reader=request.user))


def _exemplar(request: ApiRequest, id: UUID) -> Exemplar:
    rows = Exemplar.objects.visible_to(request.user).filter(published_at__isnull=False)
    exemplar: Exemplar = get_object_or_404(rows.with_context(), pk=id)
    return exemplar


def _calibration(request: ApiRequest, id: UUID) -> Calibration:
    rows = Calibration.objects.visible_to(request.user).with_context().prefetch_related("scores")
    calibration: Calibration = get_object_or_404(rows, pk=id)
    return calibration


def _marks(body: CalibrationScoresIn) -> list[Mark]:
    criteria = Criterion.objects.in_bulk([one.criterion for one in body.scores])
    levels = Level.objects.in_bulk([one.level for one in body.scores if one.level])
    if any(one.criterion not in criteria for one in body.scores):
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    if any(one.level and one.level not in levels for one in body.scores):
        raise invalid("unknown-level", _("This level does not belong to its criterion."))
    return [
        Mark(criteria[one.criterion], levels[one.level] if one.level else None, one.comment)
        for one in body.scores
    ]
