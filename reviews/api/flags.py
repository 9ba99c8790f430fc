"""Flags for a second look: read, raise, clear; for those who work in the programme alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from assessments.models import Submission
from reviews.flagging import clear, flag, flag_of
from reviews.models import Flag
from reviews.models.flag import MAX_NOTE
from reviews.permissions import can_flag
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text

router = Router(tags=["what is judged"])


class FlagIn(Schema):
    note: Text = Field(max_length=MAX_NOTE, examples=["Is the second capture from the same network?"])


class FlagOut(Schema):
    id: UUID
    submission: UUID
    note: str = Field(description="the learner never reads it")
    flagged_by: UUID
    flagged_at: datetime


class StandingFlagOut(Schema):
    flag: FlagOut | None = Field(description="null while nobody asks for a second look")


def flag_shape(one: Flag) -> dict[str, Any]:
    return {
        "id": one.pk,
        "submission": one.submission_id,
        "note": one.note,
        "flagged_by": one.flagged_by_id,
        "flagged_at": one.flagged_at,
    }


@router.get(
    "/submissions/{uuid:id}/flag",
    response=StandingFlagOut,
    operation_id="get-flag",
    summary="The flag on a piece of work",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    submission = _find(request, id)
    require(can_flag, request.user, submission)
    standing = flag_of(submission, reader=request.user)
    return {"flag": flag_shape(standing) if standing else None}


@router.post(
    "/submissions/{uuid:id}/flag",
    response={201: FlagOut},
    operation_id="flag",
    summary="Ask for a second look",
)
def create(request: ApiRequest, id: UUID, body: FlagIn) -> Status[Any]:
    """Codes: `already-flagged`, `note-missing`."""
    return Status(201, flag_shape(flag(_find(request, id), note=body.note, by=request.user)))


@router.delete(
    "/submissions/{uuid:id}/flag",
    response={204: None},
    operation_id="clear-flag",
    summary="Clear the flag",
)
def delete(request: ApiRequest, id: UUID) -> Status[None]:
    """Code: `not-flagged`."""
    clear(_find(request, id), by=request.user)
    return Status(204, None)


def _find(request: ApiRequest, id: UUID) -> Submission:
    submission: Submission = get_object_or_404(Submission.objects.visible_to(request.user), pk=id)
    return submission
