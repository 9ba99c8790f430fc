"""Release a decision to its learner, or set it aside."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.notices import about
from assessments.submitting import when_withdrawn
from badges.approval import Approval
from badges.issuing import plan
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import COMPLETE, ReviewKind, ReviewState
from reviews.notices import DECIDED
from workbench.errors import DomainError
from workbench.models import User
from workbench.notifying import notify

STATES = {Outcome.APPROVE: State.APPROVED, Outcome.RETURN: State.RETURNED, Outcome.REJECT: State.REJECTED}


def release_decision(decision: Decision, submission: Submission, *, act: str, by: User) -> None:
    """Let the learner read it, and plan the badge of an approval, in the transaction of the caller's verb.

    ``submission`` is locked by the caller; ``act`` is the move of the table that leads to its last state.
    Raises DomainError ``under-investigation``.
    """
    guard_not_held(submission)
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


@when_withdrawn
def forget_judgement(submission: Submission, by: User) -> None:
    """Set aside what was marked or decided of an attempt that its learner takes back before the release."""
    standing = Decision.objects.standing().filter(submission=submission).first()
    if standing is not None:
        set_aside(standing, reviews=ReviewState.SET_ASIDE, by=by)
    submission.reviews.filter(state__in=COMPLETE).update(state=ReviewState.SET_ASIDE)


def guard_not_held(submission: Submission) -> None:
    """Raises DomainError ``under-investigation``: nothing is judged or released of work that is held."""
    if submission.is_held:
        raise DomainError(
            "under-investigation",
            _("This work is being looked into: nothing is decided or released of it now."),
        )


def end_of_day(moment: datetime, days: int) -> datetime:
    """The last moment of the local day that is ``days`` after ``moment``."""
    day = timezone.localdate(moment) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.max))


def lengthen(submission: Submission, *, since: datetime) -> None:
    """Give back the time to hand in again during which no new attempt could start; saving is the caller's."""
    if submission.resubmit_by is not None:
        submission.resubmit_by = end_of_day(submission.resubmit_by + (timezone.now() - since), 0)


def _resubmit_by(submission: Submission) -> datetime | None:
    days = submission.programme.resubmit_days
    return end_of_day(timezone.now(), days) if days is not None else None


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
