"""Close an attempt by a decision: released at once, or held until a moderator has looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Level, Submission
from assessments.models.conflict import bound_to
from assessments.models.lifecycle import State
from assessments.notices import about
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import COMPLETE, LEFT, ReviewState
from reviews.notices import TO_MODERATE
from reviews.releasing import release_decision
from reviews.sampling import reasons_to_check
from workbench.access import members
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify_all


@dataclass(frozen=True)
class Result:
    """The level that a criterion came to, what is said of it, and how it was formed (see ``forming``)."""

    criterion: Criterion
    level: Level | None
    comment: str
    how: str = "single"

    def to_json(self) -> dict[str, Any]:
        level = self.level
        return {
            "criterion": str(self.criterion.pk),
            "code": self.criterion.code,
            "level": str(level.pk) if level else None,
            "position": level.position if level else None,
            "points": str(level.points) if level and level.points is not None else None,
            "comment": self.comment,
        }


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


def standing_of(achievement: Achievement, scores: Sequence[Any]) -> Standing:
    """Of scores or results: whatever has a criterion and a level."""
    levels = {score.criterion.pk: score.level for score in scores if score.level}
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


def guard_award(standing: Standing) -> None:
    """Raises DomainError ``scores-missing``, ``below-required`` or ``total-too-low``."""
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


def conclude(
    submission: Submission,
    review: Review,
    *,
    outcome: Outcome,
    feedback: str,
    results: Sequence[Result],
    act: str,
    moderated: bool = False,
    by: User,
    decided_by: User | None = None,
    reason: str = "",
) -> Decision:
    """Make the decision that stands for an attempt, by ``review`` that closes it and every complete one.

    ``decided_by`` is whose judgement it is, where that is not who acts; ``reason`` is kept with the basis
    for those who judge.

    The caller holds the lock on ``submission``, has asked its rule, and records the event.

    Raises DomainError ``already-decided``.
    """
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    standing = standing_of(achievement, results)
    now = timezone.now()
    Review.objects.filter(pk=review.pk).update(
        state=ReviewState.DECIDED, ended_at=now, feedback=review.feedback, outcome=review.outcome
    )
    Review.objects.filter(submission=submission, state=ReviewState.MARKED).update(state=ReviewState.DECIDED)
    review.state = ReviewState.DECIDED
    reviews = list(submission.reviews.filter(state__in=COMPLETE).order_by("ended_at"))
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                submission=submission,
                standing_for=submission,
                review=review,
                outcome=outcome,
                feedback=feedback,
                decided_by=decided_by or by,
                decided_at=now,
                fence=review.fence,
                total=None if standing.missing else standing.total,
                results=[result.to_json() for result in results],
                basis={
                    "reviews": [str(one.pk) for one in reviews],
                    "formed": {str(result.criterion.pk): result.how for result in results},
                    **({"reason": reason} if reason else {}),
                },
                manifest_sha256=submission.manifest_sha256,
                moderated=moderated,
            )
    except IntegrityError:
        raise DomainError("already-decided", _("This work was decided already.")) from None
    decision.sampled_for = [] if moderated else reasons_to_check(decision, reviews, achievement)
    decision.save(update_fields=["sampled_for", "basis"])
    if decision.sampled_for or submission.is_held:
        to_moderation(submission, act=act)
    else:
        release_decision(decision, submission, act=act, by=by)
    return decision


def to_moderation(submission: Submission, *, act: str) -> None:
    """Keep the work for a moderator, and tell those who may moderate it; where nobody may, the managers."""
    submission.step(act, State.MODERATION)
    submission.claimed_by = submission.lease_until = None
    submission.save(update_fields=["state", "claimed_by", "lease_until"])
    judged = submission.reviews.exclude(state__in=LEFT).values("assessor")
    moderators = members("moderator", submission.programme).filter(is_active=True)
    moderators = moderators.exclude(bound_to(submission)).exclude(pk__in=judged)
    managers = members("manager", submission.programme).exclude(pk=submission.learner_id)
    concerned = list(moderators.exclude(pk=submission.learner_id)) or list(managers)
    notify_all(concerned, TO_MODERATE.code, submission, **about(submission))
