"""How the API tells a review and a decision."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from assessments.models.lifecycle import State
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewKind, ReviewState
from reviews.scoring import scores_of


class ScoreOut(Schema):
    criterion: UUID
    level: UUID | None = Field(description="null while it is not chosen yet")
    comment: str


class ReviewOut(Schema):
    id: UUID
    submission: UUID
    assessor: UUID
    state: ReviewState
    kind: ReviewKind = Field(description="adjudication: a moderator settled what the markers disagreed about")
    outcome: str | None = Field(description="what the marker would decide; null until they have finished")
    met: list[EvidenceRule] = Field(description="the rules of evidence that the marker confirmed")
    blind: bool = Field(description="whether other markers see it only after the release")
    version: int = Field(description="give it back when you save scores")
    claimed_at: datetime
    lease_until: datetime | None = Field(description="null once somebody else may take the work")
    feedback: str
    scores: list[ScoreOut]


class DecisionOut(Schema):
    id: UUID | None = Field(description="null while another marker or a moderator comes before the decision")
    review: UUID
    submission: UUID
    outcome: Outcome
    feedback: str
    decided_at: datetime | None
    total: float | None = Field(description="the weighted total, in percent")
    state: State = Field(description="of the submission, now")


def review_shape(review: Review) -> dict[str, Any]:
    return {
        "id": review.pk,
        "submission": review.submission_id,
        "assessor": review.assessor_id,
        "state": review.state,
        "kind": review.kind,
        "outcome": review.outcome or None,
        "met": review.met,
        "blind": review.blind,
        "version": review.version,
        "claimed_at": review.claimed_at,
        "lease_until": review.lease_until,
        "feedback": review.feedback,
        "scores": scores_of(review),
    }


def decision_shape(decision: Decision, state: str, *, marker: Review | None = None) -> dict[str, Any]:
    """To one of several markers, before the release, no more than their own marking."""
    if marker is not None and not decision.is_released and len(decision.basis_ids) > 1:
        return marking_shape(marker) | {"id": decision.pk, "decided_at": decision.decided_at, "state": state}
    return {
        "id": decision.pk,
        "review": decision.review_id,
        "submission": decision.submission_id,
        "outcome": decision.outcome,
        "feedback": decision.feedback,
        "decided_at": decision.decided_at,
        "total": None if decision.total is None else float(decision.total),
        "state": state,
    }


def marking_shape(review: Review) -> dict[str, Any]:
    """A finished marking that is no decision yet, in the shape of one."""
    return {
        "id": None,
        "review": review.pk,
        "submission": review.submission_id,
        "outcome": review.outcome,
        "feedback": review.feedback,
        "decided_at": None,
        "total": None,
        "state": review.submission.state,
    }
