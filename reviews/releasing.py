"""Release a decision to its learner, or set it aside."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.notices import about
from badges.approval import Approval
from badges.issuing import plan
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import COMPLETE, ReviewKind, ReviewState
from reviews.notices import DECIDED
from workbench.models import User
from workbench.notifying import notify

STATES = {Outcome.APPROVE: State.APPROVED, Outcome.RETURN: State.RETURNED, Outcome.REJECT: State.REJECTED}


def release_decision(decision: Decision, submission: Submission, *, act: str, by: User) -> None:
    """Let the learner read it, and plan the badge of an approval, in the transaction of the caller's verb.

    ``submission`` is locked by the caller; ``act`` is the move of the table that leads to its last state.
    """
    now = timezone.now()
    decision.released_at = now
    decision.save(update_fields=["released_at", "moderated"])
    outcome = Outcome(decision.outcome)
    submission.step(act, STATES[outcome])
    submission.decided_at = now
    submission.claimed_by = submission.lease_until = None
    submission.assigned_to = submission.assigned_at = None
    submission.resubmit_by = _resubmit_by(submission) if outcome == Outcome.RETURN else None
    submission.save()
    if decision.is_approval:
        plan(_approval(decision, submission), by=by)  # its learner is told when it is signed
    else:
        told = about(submission) | {"outcome": outcome.value}
        notify(submission.learner, DECIDED.code, submission, by=by, **told)


def set_aside(decision: Decision, *, reviews: ReviewState, by: User) -> None:
    """Let a decision stand no longer; the reviews it rests on go into the state ``reviews``."""
    decision.standing_for = None
    decision.set_aside_at, decision.set_aside_by = timezone.now(), by
    decision.save(update_fields=["standing_for", "set_aside_at", "set_aside_by"])
    Review.objects.filter(submission=decision.submission_id, state__in=COMPLETE).update(state=reviews)


def _resubmit_by(submission: Submission) -> datetime | None:
    days = submission.programme.resubmit_days
    return timezone.now() + timedelta(days=days) if days is not None else None


def _approval(decision: Decision, submission: Submission) -> Approval:
    return Approval(
        decision_id=decision.pk,
        submission=submission,
        decided_at=decision.decided_at,
        released_at=decision.released_at or decision.decided_at,
        levels={
            UUID(row["criterion"]): UUID(row["level"]) for row in decision.results if row["level"] is not None
        },
        roles=_roles(decision, submission),
        moderated=decision.moderated,
    )


def _roles(decision: Decision, submission: Submission) -> tuple[str, ...]:
    """Who took part in the judgement, as the badge names them."""
    markings = Review.objects.filter(
        submission=submission, kind=ReviewKind.MARKING, state=ReviewState.DECIDED
    ).count()
    roles = ["assessor"] + (["second_marker"] if markings > 1 else [])
    return (*roles, "moderator") if decision.moderated else tuple(roles)
