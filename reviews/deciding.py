"""Decide on an attempt: approve, return for revision, or reject."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Submission
from assessments.models.submission import State
from assessments.notices import about
from assessments.opening import guard_open
from badges.approval import Approval
from badges.issuing import plan
from reviews.annotating import frozen
from reviews.claiming import lease_lost
from reviews.models import Annotation, Decision, Review, Score
from reviews.models.decision import Outcome
from reviews.models.review import ReviewState
from reviews.notices import DECIDED
from reviews.permissions import can_decide
from reviews.scoring import MAX_FEEDBACK, kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify

STATES = {Outcome.APPROVE: State.APPROVED, Outcome.RETURN: State.RETURNED, Outcome.REJECT: State.REJECTED}


@transaction.atomic
def decide(review: Review, *, outcome: Outcome, feedback: str, by: User) -> Decision:
    """Close the attempt. Decision, planned badge, its job and the event commit together or not at all."""
    require(can_decide, by, review)
    feedback = kept_text(feedback, limit=MAX_FEEDBACK).strip()
    submission = Submission.objects.select_for_update().get(pk=review.submission_id)
    review = Review.objects.with_context().get(pk=review.pk)
    _guard_lease(review, submission)
    scores = list(review.scores.select_related("criterion", "level"))
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    if outcome == Outcome.APPROVE:
        _guard_opened(submission)
        _guard_award(standing_of(achievement, scores))
    elif not feedback:
        raise invalid(
            "feedback-missing", _("Tell the learner why, and what to do next, before you decide this.")
        )
    total = weighted_total(achievement, scores)
    decision = _close(review, submission, outcome=outcome, feedback=feedback, scores=scores, total=total)
    if outcome == Outcome.APPROVE:
        plan(_approval(decision, submission, scores), by=by)  # its learner is told when it is signed
    else:
        told = about(submission) | {"outcome": outcome.value}
        notify(submission.learner, DECIDED.code, submission, by=by, **told)
    record(
        by,
        "decided",
        submission,
        outcome=outcome,
        decision=str(decision.pk),
        review=str(review.pk),
        fence=review.fence,
        manifest_sha256=submission.manifest_sha256,
        annotations=frozen(Annotation.objects.filter(review=review).in_order()),
    )
    return decision


def weighted_total(achievement: Achievement, scores: list[Score]) -> Decimal | None:
    """Points reached in percent of the points there are, by weight; None while a level is missing."""
    standing = standing_of(achievement, scores)
    return None if standing.missing else standing.total


@dataclass(frozen=True)
class Standing:
    """How far the scores of a review have come.

    ``total`` counts the criteria that have a level, in percent of what these alone could reach, by weight;
    ``missing`` have no level yet, ``below`` one that is lower than the award rule asks.
    """

    total: Decimal | None
    missing: list[Criterion]
    below: list[Criterion]
    least: Decimal | None

    @property
    def is_too_low(self) -> bool:
        return self.least is not None and (self.total is None or self.total < self.least)

    @property
    def may_be_approved(self) -> bool:
        return not (self.missing or self.below or self.is_too_low)


def standing_of(achievement: Achievement, scores: list[Score]) -> Standing:
    levels = {score.criterion_id: score.level for score in scores if score.level_id}
    reached = most = Decimal(0)
    missing, below = [], []
    for criterion in achievement.criteria:
        level = levels.get(criterion.pk)
        if level is None:
            missing.append(criterion)
            continue
        offered = list(criterion.levels.all())
        positions = {one.pk: one.position for one in offered}
        lowest = achievement.required_by_criterion.get(criterion.pk)
        if lowest is not None and level.position < positions[lowest]:
            below.append(criterion)
        weight = criterion.weight if criterion.weight is not None else Decimal(1)
        reached += weight * (level.points or Decimal(0))
        most += weight * max((one.points or Decimal(0) for one in offered), default=Decimal(0))
    total = (100 * reached / most).quantize(Decimal("0.01")) if most else None
    return Standing(total, missing, below, achievement.minimum_total)


# --- Guards ------------------------------------------------------------------------------------------


def _guard_lease(review: Review, submission: Submission) -> None:
    if submission.is_decided:
        raise DomainError("already-decided", _("This work was decided already."))
    if not review.is_open or submission.state != State.IN_REVIEW or submission.fence != review.fence:
        raise lease_lost()


def _guard_opened(submission: Submission) -> None:
    """Nobody approves what nobody could open."""
    for item in submission.evidence.in_order().select_related("blob"):
        guard_open(item)


def _guard_award(standing: Standing) -> None:
    if standing.missing:
        raise invalid(
            "scores-missing",
            _("Choose a level for every criterion before you approve. Missing: %(criteria)s.")
            % {"criteria": _listed(standing.missing)},
        )
    if standing.below:
        raise invalid(
            "below-required",
            _(
                "The levels given do not reach what the achievement asks: %(criteria)s. "
                "Return the work instead."
            )
            % {"criteria": _listed(standing.below)},
        )
    if standing.is_too_low:
        raise invalid(
            "total-too-low",
            _("The weighted total is %(total)s %% and the achievement asks for %(least)s %%.")
            % {"total": standing.total, "least": standing.least},
        )


def _listed(criteria: list[Criterion]) -> str:
    return ", ".join(str(criterion) for criterion in criteria)


# --- Changes -----------------------------------------------------------------------------------------


def _close(
    review: Review,
    submission: Submission,
    *,
    outcome: Outcome,
    feedback: str,
    scores: list[Score],
    total: Decimal | None,
) -> Decision:
    now = timezone.now()
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                submission=submission,
                review=review,
                outcome=outcome,
                feedback=feedback,
                decided_by=review.assessor,
                decided_at=now,
                released_at=now,
                fence=review.fence,
                total=total,
                results=[_result(score) for score in scores],
                manifest_sha256=submission.manifest_sha256,
            )
    except IntegrityError:
        raise DomainError("already-decided", _("This work was decided already.")) from None
    submission.state = STATES[outcome]
    submission.decided_at = now
    submission.claimed_by = submission.lease_until = None
    submission.save(update_fields=["state", "decided_at", "claimed_by", "lease_until"])
    Review.objects.filter(pk=review.pk).update(state=ReviewState.DECIDED, ended_at=now, feedback=feedback)
    return decision


def _result(score: Score) -> dict[str, Any]:
    level = score.level
    return {
        "criterion": str(score.criterion_id),
        "code": score.criterion.code,
        "level": str(level.pk) if level else None,
        "position": level.position if level else None,
        "points": str(level.points) if level and level.points is not None else None,
        "comment": score.comment,
    }


def _approval(decision: Decision, submission: Submission, scores: list[Score]) -> Approval:
    return Approval(
        decision_id=decision.pk,
        submission=submission,
        decided_at=decision.decided_at,
        levels={score.criterion_id: score.level_id for score in scores if score.level_id},
        roles=("assessor",),
        moderated=False,
    )
