"""Finish a review: alone, or as one of the markers that the policy asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Submission
from assessments.models.lifecycle import State
from assessments.opening import guard_open
from reviews.annotating import frozen
from reviews.claiming import lease_lost
from reviews.concluding import Result, Standing, conclude, standing_of, to_moderation
from reviews.forming import Formed, form
from reviews.models import Annotation, Decision, MarkingPolicy, Review, Score
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewState
from reviews.permissions import can_decide
from reviews.policies import policy_of
from reviews.scoring import MAX_FEEDBACK, kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User


@transaction.atomic
def decide(
    review: Review, *, outcome: Outcome, feedback: str, met: Iterable[str] = (), by: User
) -> Decision | None:
    """Finish one's review. Decision, planned badge, its job and the event commit together or not at all.

    Returns the decision, or None while another marker is to follow or a moderator has to settle a
    disagreement. ``met`` are the codes of the rules of evidence that the marker confirms.
    Raises DomainError ``scores-missing``, ``below-required``, ``total-too-low``, ``feedback-missing``,
    ``rules-missing``, ``already-decided`` or ``lease-lost``.
    """
    require(can_decide, by, review)
    feedback = kept_text(feedback, limit=MAX_FEEDBACK).strip()
    submission = Submission.objects.select_for_update().get(pk=review.submission_id)
    review = Review.objects.with_context().get(pk=review.pk)
    _guard_lease(review, submission)
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    policy = policy_of(submission)
    met = [rule for rule in EvidenceRule.values if rule in set(met)]
    scores = list(review.scores.select_related("criterion", "level"))
    if outcome == Outcome.APPROVE:
        _guard_opened(submission)
        guard_award(standing_of(achievement, scores))
        _guard_rules(policy, met)
    elif not feedback:
        raise invalid(
            "feedback-missing", _("Tell the learner why, and what to do next, before you decide this.")
        )
    review.outcome, review.feedback, review.met = outcome.value, feedback, met
    review.state, review.ended_at = ReviewState.MARKED, timezone.now()
    review.save(update_fields=["outcome", "feedback", "met", "state", "ended_at"])
    return _go_on(submission, review, policy, achievement, by=by)


# --- What the markings come to -----------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """What complete markings come to; ``disagreed`` are the criteria on which a person has to choose.

    ``outcome`` is None where the markers would decide differently, or approve what does not pass.
    """

    outcome: Outcome | None
    results: list[Result]
    disagreed: list[Criterion]

    @property
    def is_reached(self) -> bool:
        return self.outcome is not None and not self.disagreed


def agree(markings: Sequence[Review], policy: MarkingPolicy, achievement: Achievement) -> Agreement:
    """Form one level a criterion and one outcome; ``markings`` come with their scores, oldest first."""
    results, disagreed = [], []
    scores = [score for review in markings for score in review.scores.all()]
    for criterion in achievement.criteria:
        given = [score for score in scores if score.criterion_id == criterion.pk]
        levels = {level.position: level for level in criterion.levels.all()}
        formed = _formed(criterion, given, policy, achievement)
        if formed.is_disagreed:
            disagreed.append(criterion)
        level = levels.get(formed.position) if formed.position is not None else None
        if given:
            comment = joined(score.comment for score in given)
            results.append(Result(criterion, level, comment, formed.how))
    return Agreement(_outcome(markings, standing_of(achievement, results)), results, disagreed)


def joined(texts: Iterable[str]) -> str:
    """What each marker says to the learner, without saying who; the same words once."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _formed(
    criterion: Criterion, given: Sequence[Score], policy: MarkingPolicy, achievement: Achievement
) -> Formed:
    positions = {level.pk: level.position for level in criterion.levels.all()}
    required = achievement.required_by_criterion.get(criterion.pk)
    return form(
        [positions[score.level_id] for score in given if score.level_id],
        required=positions.get(required) if required else None,
        tolerance=policy.tolerance,
        choice=policy.choice,
    )


def _outcome(markings: Sequence[Review], standing: Standing) -> Outcome | None:
    """What more than half of the markers would decide, unless the levels formed do not allow it."""
    proposed = [review.outcome for review in markings]
    most = max(set(proposed), key=proposed.count)
    if proposed.count(most) * 2 <= len(proposed):
        return None
    if most == Outcome.APPROVE and not standing.may_be_approved:
        return None
    return Outcome(most)


# --- Guards ------------------------------------------------------------------------------------------


def _guard_lease(review: Review, submission: Submission) -> None:
    if submission.is_decided:
        raise DomainError("already-decided", _("This work was decided already."))
    if review.state in (ReviewState.MARKED, ReviewState.DECIDED):
        raise DomainError("already-decided", _("You have finished this review already."))
    if not review.is_open or submission.state != State.IN_REVIEW or submission.fence != review.fence:
        raise lease_lost()


def _guard_rules(policy: MarkingPolicy, met: Sequence[str]) -> None:
    if policy.asks_rules and len(met) < len(EvidenceRule.values):
        raise invalid(
            "rules-missing", _("Confirm all four rules of evidence before you approve, or return the work.")
        )


def _guard_opened(submission: Submission) -> None:
    """Nobody approves what nobody could open."""
    for item in submission.evidence.in_order().select_related("blob"):
        guard_open(item)


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


# --- Changes -----------------------------------------------------------------------------------------


def _go_on(
    submission: Submission, review: Review, policy: MarkingPolicy, achievement: Achievement, *, by: User
) -> Decision | None:
    """Conclude, or hand the work on to the next marker or to a moderator."""
    complete = submission.reviews.complete().order_by("ended_at", "fence")
    markings = list(complete.prefetch_related("scores__criterion", "scores__level"))
    if len(markings) < policy.wanted:
        _hand_on(submission)
        _trace("marked", review, submission, by=by)
        return None
    agreement = agree(markings, policy, achievement)
    if agreement.is_reached and agreement.outcome is not None:
        decision = conclude(
            submission,
            review,
            outcome=agreement.outcome,
            feedback=joined(one.feedback for one in markings),
            results=agreement.results,
            act="mark",
            by=by,
        )
        _trace("decided", review, submission, decision=decision, by=by)
        return decision
    if policy.third_marker and len(markings) == policy.wanted:
        _hand_on(submission)
    else:
        to_moderation(submission, act="mark")
    _trace("marked", review, submission, by=by, disagreed=[str(one.pk) for one in agreement.disagreed])
    return None


def _hand_on(submission: Submission) -> None:
    """Back into the queue, for whoever has not marked it yet."""
    submission.step("mark", State.SUBMITTED)
    submission.claimed_by = submission.lease_until = None
    submission.assigned_to = submission.assigned_at = None
    submission.save(update_fields=["state", "claimed_by", "lease_until", "assigned_to", "assigned_at"])


def _trace(
    verb: str,
    review: Review,
    submission: Submission,
    *,
    decision: Decision | None = None,
    by: User,
    **told: object,
) -> None:
    if decision is not None:
        told |= {"decision": str(decision.pk), "basis": decision.basis, "sampled_for": decision.sampled_for}
    record(
        by,
        verb,
        submission,
        outcome=decision.outcome if decision else review.outcome,
        review=str(review.pk),
        fence=review.fence,
        met=review.met,
        manifest_sha256=submission.manifest_sha256,
        annotations=frozen(Annotation.objects.filter(review=review).in_order()),
        **told,
    )
