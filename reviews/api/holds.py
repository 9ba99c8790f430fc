"""Investigations: work is held back while a suspicion is looked into; for those who oversee alone."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from assessments.models import Hold, Submission
from assessments.models.hold import MAX_WORDS, Finding
from reviews.investigating import lift, place_hold
from reviews.permissions import can_investigate
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text

router = Router(tags=["what is judged"])


class HoldIn(Schema):
    words: Text = Field(
        max_length=MAX_WORDS,
        description="what is suspected; the learner never reads it",
        examples=["The report is word for word that of another learner."],
    )


class LiftIn(Schema):
    finding: Literal["cleared", "confirmed"] = Field(examples=["cleared"])
    conclusion: Text = Field(
        "",
        max_length=MAX_WORDS,
        description="of a confirmed suspicion the reasons that the learner reads",
        examples=["Both worked on the same exercise; the files are the hand-out of the course."],
    )


class HoldOut(Schema):
    id: UUID
    submission: UUID
    words: str
    placed_by: UUID
    placed_at: datetime
    finding: str | None = Field(description="null as long as it goes on")
    conclusion: str | None
    lifted_by: UUID | None
    lifted_at: datetime | None


@router.post(
    "/submissions/{uuid:id}/hold",
    response={201: HoldOut},
    operation_id="hold",
    summary="Hold work back while a suspicion is looked into",
)
def create(request: ApiRequest, id: UUID, body: HoldIn) -> Status[Any]:
    """Codes: `words-missing`, `not-holdable`, `already-held`, `not-issued`."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user), pk=id)
    return Status(201, hold_shape(place_hold(submission, words=body.words, by=request.user)))


@router.post(
    "/holds/{uuid:id}/lift",
    response=HoldOut,
    operation_id="lift-hold",
    summary="End an investigation: cleared, or confirmed and rejected",
)
def end(request: ApiRequest, id: UUID, body: LiftIn) -> dict[str, Any]:
    """Codes: `words-missing`, `not-held`, `not-issued`."""
    visible = Submission.objects.visible_to(request.user)
    found = get_object_or_404(Hold.objects.filter(submission__in=visible).select_related("submission"), pk=id)
    require(can_investigate, request.user, found.submission)
    ended = lift(found, finding=Finding(body.finding), conclusion=body.conclusion, by=request.user)
    return hold_shape(ended)


def hold_shape(one: Hold) -> dict[str, Any]:
    return {
        "id": one.pk,
        "submission": one.submission_id,
        "words": one.words,
        "placed_by": one.placed_by_id,
        "placed_at": one.placed_at,
        "finding": one.finding or None,
        "conclusion": one.conclusion or None,
        "lifted_by": one.lifted_by_id,
        "lifted_at": one.lifted_at,
    }
