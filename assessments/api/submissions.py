"""Attempts: start one, follow it, hand it in, take it back."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from assessments.api.shapes import SubmissionOut, shaped
from assessments.models import Achievement, Evidence, Programme, Submission
from assessments.models.lifecycle import State
from assessments.models.submission import SubmissionQuerySet
from assessments.submitting import start, submit, withdraw
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID
from workbench.api.paging import AtPosition, Page, paged

router = Router(tags=["what is handed in"])


class StartIn(Schema):
    programme: UUID = Field(description="one that I am enrolled in", examples=[EXAMPLE_ID])
    achievement: UUID = Field(description="one that it offers", examples=[EXAMPLE_ID])


class DeclarationIn(Schema):
    declaration: bool = Field(False, description="true: I declare that this work is my own", examples=[True])
    language: str = Field("", description="of the work; empty: my own", examples=["fr"])


class Filters(Schema):
    programme: UUID | None = None
    achievement: UUID | None = None
    state: State | None = None
    mine: bool = Field(False, description="only my own attempts")


@router.get(
    "/submissions",
    response=Page[SubmissionOut],
    operation_id="list-submissions",
    summary="My attempts, and those handed in where I work, newest first",
)
def index(
    request: ApiRequest, position: AtPosition, filters: Annotated[Filters, Query(...)]
) -> dict[str, Any]:
    rows = Submission.objects.visible_to(request.user)
    if filters.mine:
        rows = rows.of(request.user)
    rows = rows.filter(**filters.model_dump(include={"programme", "achievement", "state"}, exclude_none=True))
    return paged(with_evidence(rows), position, by="-created_at", shape=partial(shaped, reader=request.user))


@router.post(
    "/submissions",
    response={201: SubmissionOut},
    operation_id="start-submission",
    summary="Start an attempt as a draft",
)
def create(request: ApiRequest, body: StartIn) -> dict[str, Any]:
    """After a return or a withdrawal the evidence of the last attempt comes along.

    Codes: `already-open`, `already-earned`, `no-attempts-left`, `programme-closed`, `not-offered`.
    """
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=body.programme)
    achievement = get_object_or_404(Achievement.objects.visible_to(request.user), pk=body.achievement)
    return told(start(programme, achievement, by=request.user), request)


@router.get(
    "/submissions/{uuid:id}", response=SubmissionOut, operation_id="get-submission", summary="One attempt"
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    return told(find(request, id), request)


@router.post(
    "/submissions/{uuid:id}/submit",
    response=SubmissionOut,
    operation_id="submit",
    summary="Hand in, declaring the work one's own",
)
def hand_in(request: ApiRequest, id: UUID, body: DeclarationIn) -> dict[str, Any]:
    """Codes: `declaration-missing`, `no-evidence`, `criteria-missing`, `not-editable`, `programme-closed`,
    `unknown-language`.
    """
    return told(
        submit(find(request, id), declaration=body.declaration, language=body.language, by=request.user),
        request,
    )


@router.post(
    "/submissions/{uuid:id}/withdraw",
    response=SubmissionOut,
    operation_id="withdraw",
    summary="Take work back that nobody reviews yet",
)
def take_back(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Code: `not-withdrawable`."""
    return told(withdraw(find(request, id), by=request.user), request)


def find(request: ApiRequest, id: UUID) -> Submission:
    """The attempt, or 404 when this person may not see it."""
    submission: Submission = get_object_or_404(
        Submission.objects.visible_to(request.user).with_context(), pk=id
    )
    return submission


def told(submission: Submission, request: ApiRequest) -> dict[str, Any]:
    """The attempt as it is now."""
    found = with_evidence(Submission.objects.all()).get(pk=submission.pk)
    return shaped([found], reader=request.user)[0]


def with_evidence(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    return (
        rows.with_context()
        .select_related("decision")
        .prefetch_related("reviews__annotations")
        .prefetch_related(Prefetch("evidence", Evidence.objects.in_order().with_supports().with_reading()))
    )
