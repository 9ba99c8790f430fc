"""Appeals: filed by the learner, read by those who oversee, ruled on by somebody who took no part."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from assessments.models import Submission
from assessments.permissions import can_work_on
from reviews.appealing import appeal, rule_on, withdraw_appeal
from reviews.hearing import released
from reviews.models import Appeal
from reviews.models.appeal import MAX_REASON, Ruling
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text
from workbench.api.paging import AtPosition, Page, paged
from workbench.errors import DomainError

router = Router(tags=["what is judged"])


class AppealIn(Schema):
    reason: Text = Field(max_length=MAX_REASON, examples=["The log that is asked for stands in line 8."])


class AppealRulingIn(Schema):
    ruling: Literal["upheld", "overturned"] = Field(examples=["upheld"])
    words: Text = Field(
        max_length=MAX_REASON,
        description="your reasons; the learner and the assessors read them",
        examples=["Line 8 logs what is accepted, not what is dropped."],
    )


class AppealOut(Schema):
    id: UUID
    submission: UUID
    decision: UUID
    state: str = Field(description="open, taken_back, upheld, overturned or lapsed")
    reason: str
    filed_at: datetime
    expected_by: datetime | None = Field(description="null where nothing is promised, or once closed")
    words: str | None = Field(description="the reasons of the ruling")
    ruled_at: datetime | None


@router.post(
    "/submissions/{uuid:id}/appeal",
    response={201: AppealOut},
    operation_id="appeal",
    summary="Appeal the decision that stands",
)
def create(request: ApiRequest, id: UUID, body: AppealIn) -> Status[Any]:
    """Once a decision, within the days that the programme allows.

    Codes: `reason-missing`, `not-released`, `already-appealed`, `no-appeals`, `too-late`, `went-on`,
    `under-investigation`.
    """
    submission = get_object_or_404(Submission.objects.visible_to(request.user), pk=id)
    require(can_work_on, request.user, submission)
    decision = released(submission)
    if decision is None:
        raise DomainError("not-released", _("This decision does not stand: there is nothing to appeal."))
    filed = appeal(decision, reason=body.reason, by=request.user)
    return Status(201, appeal_shape(filed))


@router.get(
    "/appeals",
    response=Page[AppealOut],
    operation_id="list-appeals",
    summary="My appeals, and those where I oversee or whose work I judged, newest first",
)
def index(request: ApiRequest, position: AtPosition) -> dict[str, Any]:
    rows = Appeal.objects.visible_to(request.user).with_context()
    return paged(rows, position, by="-filed_at", shape=lambda found: [appeal_shape(one) for one in found])


@router.post(
    "/appeals/{uuid:id}/withdraw",
    response=AppealOut,
    operation_id="withdraw-appeal",
    summary="Take an appeal back for good",
)
def take_back(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Code: `appeal-closed`."""
    return appeal_shape(withdraw_appeal(_find(request, id), by=request.user))


@router.post(
    "/appeals/{uuid:id}/ruling",
    response=AppealOut,
    operation_id="rule-on-appeal",
    summary="Uphold or overturn the decision",
)
def rule(request: ApiRequest, id: UUID, body: AppealRulingIn) -> dict[str, Any]:
    """For a moderator who took no part; where there is none, a manager who took none.

    Codes: `words-missing`, `appeal-closed`, `under-investigation`, `not-issued`.
    """
    found = _find(request, id)
    return appeal_shape(rule_on(found, ruling=Ruling(body.ruling), words=body.words, by=request.user))


def appeal_shape(one: Appeal) -> dict[str, Any]:
    return {
        "id": one.pk,
        "submission": one.decision.submission_id,
        "decision": one.decision_id,
        "state": one.state,
        "reason": one.reason,
        "filed_at": one.filed_at,
        "expected_by": one.expected_by,
        "words": one.words or None,
        "ruled_at": one.ruled_at,
    }


def _find(request: ApiRequest, id: UUID) -> Appeal:
    found: Appeal = get_object_or_404(Appeal.objects.visible_to(request.user).with_context(), pk=id)
    return found
