"""Internal verification: what waits for a moderator, the checks, and the matrix of the sample."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema, Status

from assessments.models import Criterion, Programme, Submission
from assessments.models.lifecycle import State
from reviews import moderation_list
from reviews.models import Decision, Verification
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule
from reviews.models.verification import MAX_POINT, MAX_WORDS, Verdict
from reviews.moderating import MOST_POINTS, Point, accept, send_back
from reviews.permissions import can_oversee
from reviews.sampling_policy import Strategy
from reviews.verification_matrix import Cell, Matrix, days_of, matrix_of
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.api.paging import AtPosition, Page, paged
from workbench.errors import invalid

router = Router(tags=["what is judged"])


class ModerationIn(Schema):
    programme: UUID | None = None
    achievement: UUID | None = None
    assessor: UUID | None = Field(None, description="one of those who marked the work")
    reason: str = Field("", pattern="^[a-z-]{0,20}$", description="one of the codes in `reasons`")
    mine: bool = Field(False, description="only what I may settle or check")


class WaitingOut(Schema):
    id: UUID = Field(description="of the submission")
    programme: UUID
    achievement: UUID
    learner: UUID
    attempt: int
    submitted_at: datetime
    decision: UUID | None = Field(description="the decision to check; null where the markers disagree")
    outcome: Outcome | None
    assessors: list[UUID]
    reasons: list[str] = Field(description="`disagreement`, `held`, or codes of the sampling policy")
    may_moderate: bool = Field(description="false where I took part, or do not moderate")


class AcceptIn(Schema):
    met: list[EvidenceRule] = Field(
        default_factory=lambda: list(EvidenceRule),
        description="the rules of evidence that you found kept; left out: all four",
    )
    remarks: Text = Field("", max_length=MAX_WORDS, description="to the assessor")


class ActionPointIn(Schema):
    text: Text = Field(max_length=MAX_POINT, examples=["Say which packet shows the scan."])
    criterion: UUID | None = Field(None, examples=[EXAMPLE_ID], description="null: the judgement as a whole")


class SendBackIn(Schema):
    remarks: Text = Field("", max_length=MAX_WORDS, description="to the assessor")
    action_points: list[ActionPointIn] = Field(max_length=MOST_POINTS)
    met: list[EvidenceRule] = Field(default_factory=list)


class ActionPointOut(Schema):
    id: UUID
    criterion: UUID | None
    text: str
    answer: str
    done_at: datetime | None


class InternalVerificationOut(Schema):
    id: UUID
    decision: UUID
    submission: UUID
    verdict: Verdict
    met: list[str]
    remarks: str
    verified_at: datetime
    action_points: list[ActionPointOut]
    state: State = Field(description="of the submission, now")


@router.get(
    "/moderation",
    response=Page[WaitingOut],
    operation_id="list-moderation",
    summary="What waits for a moderator where I moderate or manage, oldest first",
)
def index(
    request: ApiRequest, position: AtPosition, filters: Annotated[ModerationIn, Query(...)]
) -> dict[str, Any]:
    chosen = moderation_list.Filters(**filters.model_dump())
    waiting = moderation_list.narrow(moderation_list.awaiting(request.user), chosen, user=request.user)
    return paged(
        moderation_list.with_decisions(waiting),
        position,
        by="submitted_at",
        shape=lambda rows: [_waiting(one) for one in moderation_list.rows_of(rows, user=request.user)],
    )


@router.post(
    "/decisions/{uuid:id}/accept",
    response={201: InternalVerificationOut},
    operation_id="accept",
    summary="Accept a held decision and release it",
)
def approve_it(request: ApiRequest, id: UUID, body: AcceptIn | None = None) -> Status[Any]:
    """Codes: `rules-missing`, `held`, `set-aside`, `already-checked`."""
    body = body or AcceptIn(remarks="")
    verification = accept(_find(request, id), met=body.met, words=body.remarks, by=request.user)
    return Status(201, _verification_shape(verification))


@router.post(
    "/decisions/{uuid:id}/send-back",
    response={201: InternalVerificationOut},
    operation_id="send-back",
    summary="Set a held decision aside and return it to its assessor with action points",
)
def return_it(request: ApiRequest, id: UUID, body: SendBackIn) -> Status[Any]:
    """Codes: `action-points-missing`, `unknown-criterion`, `adjudicated`, `held`, `set-aside`,
    `already-checked`.
    """
    verification = send_back(
        _find(request, id), points=_points(body), met=body.met, words=body.remarks, by=request.user
    )
    return Status(201, _verification_shape(verification))


# --- The matrix --------------------------------------------------------------------------------------


class MatrixIn(Schema):
    since: date | None = Field(None, alias="from", description="decided on this day or later")
    until: date | None = Field(None, alias="to", description="decided on this day or earlier")


class CountsOut(Schema):
    made: int
    to_sample: int = Field(description="what the policy asks for the period")
    sampled: int
    accepted: int
    returned: int
    waiting: int = Field(description="held for a moderator")
    compliant: Literal["yes", "no", "not-yet", ""] = Field(description="empty where nothing is asked")


class SampledPairOut(CountsOut):
    assessor: UUID
    achievement: UUID


class StrategyOut(Schema):
    share: int
    least_share: int
    tapers: bool
    first_decisions: int
    each_pair: bool
    period_days: int
    low_agreement: bool
    borderline: bool
    fast: bool
    fast_seconds: int
    only_approvals: bool


class MatrixOut(Schema):
    programme: UUID
    since: date
    until: date
    policy: StrategyOut | None = Field(description="null where nothing is sampled")
    pairs: list[SampledPairOut] = Field(description="assessor and achievement, where something was decided")
    total: CountsOut


@router.get(
    "/programmes/{uuid:id}/sampling",
    response=MatrixOut,
    operation_id="get-sampling",
    summary="Assessor by achievement: what was to be sampled, and was",
)
def sampling(request: ApiRequest, id: UUID, asked: Annotated[MatrixIn, Query(...)]) -> dict[str, Any]:
    """Without days: the last period of the policy."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=id)
    require(can_oversee, request.user, programme)
    since, until = days_of(programme, asked.since, asked.until)
    return _matrix_shape(matrix_of(programme, since=since, until=until))


def _find(request: ApiRequest, id: UUID) -> Decision:
    seen = Submission.objects.visible_to(request.user)
    rows = Decision.objects.visible_to(request.user).filter(submission__in=seen.values("pk"))
    decision: Decision = get_object_or_404(rows.select_related("submission__programme"), pk=id)
    return decision


def _points(body: SendBackIn) -> list[Point]:
    criteria = Criterion.objects.in_bulk([one.criterion for one in body.action_points if one.criterion])
    if any(one.criterion and one.criterion not in criteria for one in body.action_points):
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    return [Point(one.text, criteria[one.criterion] if one.criterion else None) for one in body.action_points]


def _waiting(row: moderation_list.Row) -> dict[str, Any]:
    submission, decision = row.submission, row.decision
    return {
        "id": submission.pk,
        "programme": submission.programme_id,
        "achievement": submission.achievement_id,
        "learner": submission.learner_id,
        "attempt": submission.attempt,
        "submitted_at": submission.submitted_at,
        "decision": decision.pk if decision else None,
        "outcome": decision.outcome if decision and row.may_look else None,
        "assessors": [one.assessor_id for one in row.markings],
        "reasons": row.codes,
        "may_moderate": row.may_moderate,
    }


def _verification_shape(verification: Verification) -> dict[str, Any]:
    submission = Submission.objects.get(pk=verification.review.submission_id)
    return {
        "id": verification.pk,
        "decision": verification.decision_id,
        "submission": submission.pk,
        "verdict": verification.verdict,
        "met": verification.met,
        "remarks": verification.words,
        "verified_at": verification.verified_at,
        "action_points": [
            {
                "id": one.pk,
                "criterion": one.criterion_id,
                "text": one.text,
                "answer": one.answer,
                "done_at": one.done_at,
            }
            for one in verification.action_points.all()
        ],
        "state": submission.state,
    }


def _matrix_shape(matrix: Matrix) -> dict[str, Any]:
    return {
        "programme": matrix.programme.pk,
        "since": matrix.since,
        "until": matrix.until,
        "policy": vars(Strategy.of(matrix.policy)) if matrix.policy else None,
        "pairs": [
            {"assessor": assessor.pk, "achievement": achievement.pk} | _counts(cell)
            for assessor, achievement, cell in matrix.pairs
        ],
        "total": _counts(matrix.total),
    }


def _counts(cell: Cell) -> dict[str, Any]:
    return {
        "made": cell.made,
        "to_sample": cell.to_sample,
        "sampled": cell.sampled,
        "accepted": cell.accepted,
        "returned": cell.returned,
        "waiting": cell.waiting,
        "compliant": cell.compliant,
    }
