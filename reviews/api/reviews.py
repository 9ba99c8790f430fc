"""A review: score, stay, give back, decide."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema, Status

from assessments.models import Criterion, Level
from assessments.models.skip import MAX_WORDS, Reason
from reviews.api.shapes import DecisionOut, ReviewOut, decision_shape, marking_shape, review_shape
from reviews.claiming import heartbeat, release
from reviews.deciding import decide
from reviews.models import Review
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule
from reviews.scoring import MAX_COMMENT, MAX_FEEDBACK, Mark, save_scores
from reviews.skipping import skip
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.errors import invalid

router = Router(tags=["what is judged"])

LARGEST_VERSION = 2**31 - 1


class ScoreIn(Schema):
    criterion: UUID = Field(examples=[EXAMPLE_ID])
    level: UUID | None = Field(None, description="null while it is not chosen yet", examples=[EXAMPLE_ID])
    comment: Text = Field("", max_length=MAX_COMMENT, examples=["The default policy drops; well argued."])


class ScoresIn(Schema):
    version: int = Field(
        ge=0, le=LARGEST_VERSION, examples=[1], description="the review's version that you saw"
    )
    scores: list[ScoreIn] = Field(max_length=500)
    feedback: Text | None = Field(None, max_length=MAX_FEEDBACK, description="left out: stays as it is")
    met: list[EvidenceRule] | None = Field(None, description="left out: stay as they are")


class DecisionIn(Schema):
    outcome: Outcome = Field(examples=["approve"])
    feedback: Text | None = Field(
        None, max_length=MAX_FEEDBACK, description="left out: what was saved with the scores"
    )
    met: list[EvidenceRule] | None = Field(
        None,
        description="the rules of evidence that you confirm, some policies ask for all; left out: as saved",
    )


class SkipIn(Schema):
    reason: Reason = Field(examples=["language"])
    words: Text = Field("", max_length=MAX_WORDS, description="needed for the reason other")


@router.get(
    "/reviews/{uuid:id}",
    response=ReviewOut,
    operation_id="get-review",
    summary="One review with its scores",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Assessors see their own reviews, moderators and managers those of their programmes, learners none."""
    return review_shape(_find(request, id))


@router.put(
    "/reviews/{uuid:id}/scores",
    response=ReviewOut,
    operation_id="save-scores",
    summary="Save scores; criteria that are left out keep theirs",
)
def scores(request: ApiRequest, id: UUID, body: ScoresIn) -> dict[str, Any]:
    """Codes: `stale` (with the `version`, `scores`, `feedback` and `met` that are kept now), `lease-lost`,
    `already-decided`, `unknown-criterion`, `unknown-level`.
    """
    review = _find(request, id)
    save_scores(
        review,
        version=body.version,
        marks=_marks(body),
        feedback=body.feedback,
        met=body.met,
        by=request.user,
    )
    return review_shape(review)


@router.post(
    "/reviews/{uuid:id}/heartbeat",
    response=ReviewOut,
    operation_id="heartbeat",
    summary="Stay: the lease runs for 45 minutes again",
)
def stay(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Code: `lease-lost`."""
    return review_shape(heartbeat(_find(request, id), by=request.user))


@router.post(
    "/reviews/{uuid:id}/release",
    response=ReviewOut,
    operation_id="release",
    summary="Put the work back in the queue; the scores stay with the review",
)
def give_back(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Code: `lease-lost`."""
    release(_find(request, id), by=request.user)
    return review_shape(_find(request, id))


@router.post(
    "/reviews/{uuid:id}/skip",
    response={204: None},
    operation_id="skip",
    summary="Put the work back with a reason, and be offered it no more",
)
def pass_over(request: ApiRequest, id: UUID, body: SkipIn) -> Status[None]:
    """After a conflict of interest the work and its reviews are no longer found.

    Codes: `lease-lost`, `words-missing`.
    """
    skip(_find(request, id), reason=body.reason, words=body.words, by=request.user)
    return Status(204, None)


@router.post(
    "/reviews/{uuid:id}/decision",
    response={201: DecisionOut, 202: DecisionOut},
    operation_id="decide",
    summary="Approve, return for revision, or reject",
)
def close(request: ApiRequest, id: UUID, body: DecisionIn) -> Status[dict[str, Any]]:
    """An approval plans the badge in the same transaction; it is issued within a minute. A decision that a
    moderator checks first leaves the submission in `moderation`.

    202 with `id` null: the marking is kept, and another marker or a moderator comes before the decision.
    Codes: `scores-missing`, `below-required`, `total-too-low`, `feedback-missing`, `rules-missing`,
    `already-decided`, `lease-lost`.
    """
    review = _find(request, id)
    feedback = review.feedback if body.feedback is None else body.feedback
    decision = decide(review, outcome=body.outcome, feedback=feedback, met=body.met, by=request.user)
    if decision is None:
        return Status(202, marking_shape(_find(request, id)))
    return Status(201, decision_shape(decision, decision.submission.state, marker=_find(request, id)))


def _find(request: ApiRequest, id: UUID) -> Review:
    rows = Review.objects.visible_to(request.user).with_context().prefetch_related("scores")
    review: Review = get_object_or_404(rows, pk=id)
    return review


def _marks(body: ScoresIn) -> list[Mark]:
    """The marks with their criteria and levels, fetched in two queries however many there are."""
    criteria = Criterion.objects.in_bulk([score.criterion for score in body.scores])
    levels = Level.objects.in_bulk([score.level for score in body.scores if score.level])
    if any(score.criterion not in criteria for score in body.scores):
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    if any(score.level and score.level not in levels for score in body.scores):
        raise invalid("unknown-level", _("This level does not belong to its criterion."))
    return [
        Mark(criteria[score.criterion], levels[score.level] if score.level else None, score.comment)
        for score in body.scores
    ]
