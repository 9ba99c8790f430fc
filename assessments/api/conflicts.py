"""Conflicts of interest: what I declared, declaring, withdrawing; and where I work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from assessments.conflicting import declare, declared_by, state_employer, withdraw
from assessments.models import Conflict
from assessments.models.conflict import MAX_WORDS, Tie
from workbench.access import may
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.api.paging import AtPosition, Page, paged
from workbench.models import User
from workbench.models.user import LONGEST_EMPLOYER

router = Router(tags=["account"])


class ConflictIn(Schema):
    learner: UUID = Field(examples=[EXAMPLE_ID])
    assessor: UUID = Field(description="who then neither sees nor judges the learner's work")
    tie: Tie = Field(examples=["taught"])
    words: Text = Field("", max_length=MAX_WORDS, description="for managers; the other person never reads it")


class ConflictOut(ConflictIn):
    id: UUID
    declared_at: datetime


class EmployerIn(Schema):
    employer: Text = Field(max_length=LONGEST_EMPLOYER, description="colleagues do not judge each other")


def shaped(conflicts: list[Conflict]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.pk,
            "learner": one.learner_id,
            "assessor": one.assessor_id,
            "tie": one.tie,
            "words": one.words,
            "declared_at": one.declared_at,
        }
        for one in conflicts
    ]


@router.get(
    "/conflicts",
    response=Page[ConflictOut],
    operation_id="list-conflicts",
    summary="The conflicts of interest that I declared, newest first",
)
def index(request: ApiRequest, position: AtPosition) -> dict[str, Any]:
    return paged(declared_by(request.user).order_by(), position, by="-declared_at", shape=shaped)


@router.post(
    "/conflicts",
    response={201: ConflictOut},
    operation_id="declare-conflict",
    summary="Declare that somebody must not judge somebody's work",
)
def create(request: ApiRequest, body: ConflictIn) -> Status[Any]:
    """Between a learner and an assessor or moderator of one programme; I am one of them or manage there.

    Codes: `unknown-tie`, `words-missing`, `already-declared`.
    """
    # Whom I cannot name is refused like whom I may not name: nobody finds out who has an account.
    learner, assessor = _person(body.learner), _person(body.assessor)
    conflict = declare(learner, assessor, tie=body.tie, words=body.words, by=request.user)
    return Status(201, shaped([conflict])[0])


@router.delete(
    "/conflicts/{uuid:id}",
    response={204: None},
    operation_id="withdraw-conflict",
    summary="Withdraw a conflict of interest",
)
def delete(request: ApiRequest, id: UUID) -> Status[None]:
    """404 for the other side, who learns of none. Codes: `already-withdrawn`."""
    conflict: Conflict = get_object_or_404(Conflict.objects.select_related("learner", "assessor"), pk=id)
    if conflict.declared_by_id != request.user.pk and not may(request.user, "withdraw-conflict", conflict):
        raise Http404
    withdraw(conflict, by=request.user)
    return Status(204, None)


@router.put(
    "/me/employer",
    response={204: None},
    operation_id="state-employer",
    summary="Say where I work; nobody else reads it",
)
def employer(request: ApiRequest, body: EmployerIn) -> Status[None]:
    """Whoever names another employer stays apart from former colleagues until a manager decides."""
    state_employer(request.user, body.employer, by=request.user)
    return Status(204, None)


def _person(pk: UUID) -> User:
    return User.objects.filter(pk=pk).first() or User(pk=pk)
