"""Allocation: how a programme's work finds its assessors, and who has which piece."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from assessments.models import Programme, Submission
from assessments.permissions import can_manage
from reviews.allocating import Part, assign, free, not_an_assessor, set_allocation, unassign
from reviews.models.allocation import MOST_SHARE, Mode
from reviews.workload import Team
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.models import User

router = Router(tags=["what is judged"])


class PartIn(Schema):
    assessor: UUID = Field(examples=[EXAMPLE_ID])
    share: int = Field(1, ge=0, le=MOST_SHARE, description="weighs against the others'; 0 takes no new work")
    groups: list[Text] = Field([], max_length=50, description="of learners, whose work the assessor takes")


class PartOut(PartIn):
    open: int = Field(description="assigned or held in this programme")
    done: int = Field(description="finished in the last 30 days")


class AllocationIn(Schema):
    mode: Mode
    random_order: bool = Field(False, description="whether the next work is one of the ten oldest, by chance")
    parts: list[PartIn] = Field([], max_length=500, description="those left out keep theirs")


class AllocationOut(AllocationIn):
    parts: list[PartOut]  # type: ignore[assignment]


class AssignmentIn(Schema):
    assessor: UUID = Field(examples=[EXAMPLE_ID])


class AssignmentOut(Schema):
    submission: UUID
    assessor: UUID | None
    assigned_at: datetime | None
    freed_at: datetime | None = Field(description="since when every assessor of the programme may take it")


class UnassignIn(Schema):
    free: bool = Field(False, description="true opens the work to every assessor of the programme")


@router.get(
    "/programmes/{uuid:id}/allocation",
    response=AllocationOut,
    operation_id="get-allocation",
    summary="How work finds its assessors, with the load of each",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    programme = _programme(request, id)
    require(can_manage, request.user, programme)
    return _told(programme)


@router.put(
    "/programmes/{uuid:id}/allocation",
    response=AllocationOut,
    operation_id="set-allocation",
    summary="Set how work finds its assessors",
)
def change(request: ApiRequest, id: UUID, body: AllocationIn) -> dict[str, Any]:
    """The worker shares out what waits within the next minute. Codes: `not-an-assessor`, `bad-groups`."""
    programme = _programme(request, id)
    require(can_manage, request.user, programme)
    people = {person.pk: person for person in Team(programme).assessors}
    parts: dict[User, Part] = {}
    for part in body.parts:
        if part.assessor not in people:
            raise not_an_assessor()
        parts[people[part.assessor]] = Part(part.share, tuple(part.groups))
    set_allocation(programme, mode=body.mode, random_order=body.random_order, parts=parts, by=request.user)
    return _told(programme)


@router.put(
    "/submissions/{uuid:id}/assignment",
    response=AssignmentOut,
    operation_id="assign",
    summary="Assign waiting work to an assessor",
)
def give(request: ApiRequest, id: UUID, body: AssignmentIn) -> dict[str, Any]:
    """Codes: `not-waiting`, `not-an-assessor`, `not-assignable` (a conflict of interest, for example)."""
    submission = _submission(request, id)
    person = User.objects.filter(pk=body.assessor).first() or User(pk=body.assessor)
    return _assignment(assign(submission, to=person, by=request.user))


@router.delete(
    "/submissions/{uuid:id}/assignment",
    response=AssignmentOut,
    operation_id="unassign",
    summary="Take waiting work from its assessor",
)
def take_back(request: ApiRequest, id: UUID, how: Annotated[UnassignIn, Query(...)]) -> dict[str, Any]:
    """Codes: `not-waiting`, `not-assigned`."""
    act = free if how.free else unassign
    return _assignment(act(_submission(request, id), by=request.user))


def _told(programme: Programme) -> dict[str, Any]:
    team = Team(Programme.objects.get(pk=programme.pk))
    return {
        "mode": team.policy.mode,
        "random_order": team.policy.random_order,
        "parts": [
            {
                "assessor": judge.id,
                "share": judge.share,
                "groups": sorted(judge.groups),
                "open": judge.open,
                "done": judge.done,
            }
            for judge in team.judges
        ],
    }


def _assignment(submission: Submission) -> dict[str, Any]:
    return {
        "submission": submission.pk,
        "assessor": submission.assigned_to_id,
        "assigned_at": submission.assigned_at,
        "freed_at": submission.freed_at,
    }


def _programme(request: ApiRequest, id: UUID) -> Programme:
    programme: Programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=id)
    return programme


def _submission(request: ApiRequest, id: UUID) -> Submission:
    submission: Submission = get_object_or_404(Submission.objects.visible_to(request.user), pk=id)
    return submission
