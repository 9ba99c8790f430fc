"""A new version of a rubric: whom it hits, what was offered to me, what I answer."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from assessments.impact import Impact
from assessments.impact import impact as impact_of
from assessments.models import Referential, RubricMove
from assessments.permissions import can_see_impact
from assessments.versioning import answer_move
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.paging import AtPosition, Page, paged

router = Router(tags=["what is asked"])


class HitOut(Schema):
    programme: UUID
    uptake: str = Field(description="new, both or old; empty until it is chosen")
    drafts: int
    returned: int = Field(description="returned, and not tried again yet")
    submitted: int
    in_review: int
    moderation: int
    badges: int = Field(description="in force; they keep their version")
    offers_open: int
    offers_moved: int
    offers_kept: int


class ImpactOut(Schema):
    achievement: UUID
    version: str
    successor: UUID | None = Field(description="the version defined on this referential")
    programmes: list[HitOut]


class ImpactsOut(Schema):
    id: UUID = Field(description="of the referential")
    achievements: list[ImpactOut]


class MoveOut(Schema):
    id: UUID
    submission: UUID
    old: UUID
    new: UUID
    offered_at: datetime
    answer: str = Field(description="keep or move; empty until answered")
    answered_at: datetime | None
    lapsed_at: datetime | None = Field(description="when the work was handed in before an answer")


class AnswerIn(Schema):
    answer: Literal["keep", "move"]


def shaped(moves: list[RubricMove]) -> list[dict[str, Any]]:
    return [
        {
            "id": move.pk,
            "submission": move.submission_id,
            "old": move.old_id,
            "new": move.new_id,
            "offered_at": move.offered_at,
            "answer": move.answer,
            "answered_at": move.answered_at,
            "lapsed_at": move.lapsed_at,
        }
        for move in moves
    ]


def shaped_impact(found: Impact) -> dict[str, Any]:
    return {
        "achievement": found.achievement.pk,
        "version": found.achievement.version,
        "successor": found.successor.pk if found.successor else None,
        "programmes": [
            {
                "programme": hit.programme.pk,
                "uptake": hit.uptake,
                "drafts": hit.drafts,
                "returned": hit.returned,
                "submitted": hit.submitted,
                "in_review": hit.in_review,
                "moderation": hit.moderation,
                "badges": hit.badges,
                "offers_open": hit.open,
                "offers_moved": hit.moved,
                "offers_kept": hit.kept,
            }
            for hit in found.hits
        ],
    }


@router.get(
    "/referentials/{uuid:id}/impact",
    response=ImpactsOut,
    operation_id="get-impact",
    summary="Whom a version of a referential hits: what is under the versions before it",
)
def impact(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Administrators see every programme of the organisation, managers theirs."""
    visible = Referential.objects.visible_to(request.user).select_related("organisation")
    referential = get_object_or_404(visible, pk=id)
    require(can_see_impact, request.user, referential)
    found = impact_of(referential, seen_by=request.user)
    return {"id": referential.pk, "achievements": [shaped_impact(one) for one in found]}


@router.get(
    "/moves",
    response=Page[MoveOut],
    operation_id="list-moves",
    summary="The changes of version that were offered to me, newest first",
)
def index(request: ApiRequest, position: AtPosition) -> dict[str, Any]:
    return paged(RubricMove.objects.visible_to(request.user), position, by="-offered_at", shape=shaped)


@router.post(
    "/moves/{uuid:id}",
    response=MoveOut,
    operation_id="answer-move",
    summary="Keep the version I began with, or move to the new one",
)
def answer(request: ApiRequest, id: UUID, body: AnswerIn) -> dict[str, Any]:
    """Codes: `answered-already`, `offer-lapsed`, `not-offered`, `already-open`."""
    visible = RubricMove.objects.visible_to(request.user).with_versions()
    move = answer_move(get_object_or_404(visible, pk=id), answer=body.answer, by=request.user)
    return shaped([move])[0]
