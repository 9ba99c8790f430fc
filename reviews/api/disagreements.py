"""Where markers disagree: what each gave, and a moderator's decision on it."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema, Status

from assessments.models import Achievement, Criterion, Level, Submission
from reviews.adjudicating import MAX_JOINED, Ruling, adjudicate, is_disagreed
from reviews.api.shapes import DecisionOut, ReviewOut, decision_shape, review_shape
from reviews.models.decision import Outcome
from reviews.permissions import can_compare_markings
from reviews.policies import policy_of
from reviews.scoring import MAX_COMMENT, MAX_FEEDBACK
from reviews.side_by_side import Line, lines_of, markers_of
from reviews.weighing import markings_of
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.errors import invalid

router = Router(tags=["what is judged"])


class ComparedOut(Schema):
    criterion: UUID
    level: UUID | None = Field(description="the level that was formed; null where a person has to choose")
    how: str = Field(description="single, equal, majority, lower, higher, none or disagreed")
    distance: int = Field(description="how many levels lie between the lowest and the highest given")
    straddles: bool = Field(description="whether the markers stand on both sides of the required level")


class DisagreementOut(Schema):
    submission: UUID
    waits: bool = Field(description="whether a moderator has to settle it")
    markings: list[ReviewOut] = Field(
        description="in the order in which they were finished; empty once settled"
    )
    criteria: list[ComparedOut]


class CriterionRulingIn(Schema):
    criterion: UUID = Field(examples=[EXAMPLE_ID])
    level: UUID | None = Field(
        None, description="null keeps the level that was formed", examples=[EXAMPLE_ID]
    )
    reason: Text = Field("", max_length=MAX_COMMENT, description="for the markers, never for the learner")
    comment: Text | None = Field(
        None, max_length=MAX_JOINED, description="to the learner; left out: what the markers wrote"
    )


class AdjudicationIn(Schema):
    outcome: Outcome = Field(examples=["return"])
    feedback: Text = Field("", max_length=MAX_FEEDBACK)
    reason: Text = Field(max_length=MAX_COMMENT, examples=["The log rule stands in line 12."])
    rulings: list[CriterionRulingIn] = Field(default_factory=list, max_length=500)
    markings: list[UUID] | None = Field(
        None, max_length=20, description="those you looked at; others than that are refused as stale"
    )


@router.get(
    "/submissions/{uuid:id}/disagreement",
    response=DisagreementOut,
    operation_id="get-disagreement",
    summary="What the markers of a submission gave, where they disagree",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """For moderators and managers who marked nothing of it."""
    submission = _find(request, id)
    require(can_compare_markings, request.user, submission)
    waits = is_disagreed(submission)
    markings = markings_of(submission) if waits else []
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    markers = markers_of(markings, achievement, request.user)
    lines = lines_of(markers, policy_of(submission), achievement) if waits else []
    for one in markings:
        one.submission = submission
    return {
        "submission": submission.pk,
        "waits": waits,
        "markings": [review_shape(one) for one in markings],
        "criteria": [_compared(line) for line in lines],
    }


@router.post(
    "/submissions/{uuid:id}/adjudicate",
    response={201: DecisionOut},
    operation_id="adjudicate",
    summary="Settle what the markers disagreed about",
)
def settle(request: ApiRequest, id: UUID, body: AdjudicationIn) -> Status[Any]:
    """A moderator who took no part chooses the levels and decides.

    Codes: `already-decided`, `not-disagreed`, `held`, `stale`, `levels-missing`, `reason-missing`,
    `change-reason-missing`, `feedback-missing`, `scores-missing`, `below-required`, `total-too-low`,
    `unknown-criterion`, `unknown-level`.
    """
    decision = adjudicate(
        _find(request, id),
        rulings=_rulings(body),
        outcome=body.outcome,
        feedback=body.feedback,
        reason=body.reason,
        seen=body.markings,
        by=request.user,
    )
    return Status(201, decision_shape(decision, decision.submission.state))


def _find(request: ApiRequest, id: UUID) -> Submission:
    rows = Submission.objects.visible_to(request.user).with_context()
    submission: Submission = get_object_or_404(rows, pk=id)
    return submission


def _compared(line: Line) -> dict[str, Any]:
    return {
        "criterion": line.criterion.pk,
        "level": line.level.pk if line.level else None,
        "how": line.how,
        "distance": line.distance,
        "straddles": line.straddles,
    }


def _rulings(body: AdjudicationIn) -> list[Ruling]:
    """Fetched in two queries however many there are."""
    criteria = Criterion.objects.in_bulk([one.criterion for one in body.rulings])
    levels = Level.objects.in_bulk([one.level for one in body.rulings if one.level])
    if any(one.criterion not in criteria for one in body.rulings):
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    if any(one.level and one.level not in levels for one in body.rulings):
        raise invalid("unknown-level", _("This level does not belong to its criterion."))
    return [
        Ruling(criteria[one.criterion], levels[one.level] if one.level else None, one.reason, one.comment)
        for one in body.rulings
    ]
