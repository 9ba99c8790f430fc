"""Finish a review: alone, or as one of the markers that the policy asks for."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Programme, Submission
from assessments.models.lifecycle import State
from assessments.opening import guard_open
from reviews.annotating import frozen
from reviews.answering import guard_answered
from reviews.claiming import count_time, lease_lost
from reviews.concluding import conclude, guard_award, standing_of, to_moderation
from reviews.models import Annotation, Decision, MarkingPolicy, Review
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewState
from reviews.permissions import can_decide
from reviews.policies import policy_of
from reviews.scoring import MAX_FEEDBACK, kept_text, rules_in
from reviews.weighing import Agreement, agree, joined, markings_of
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User


@transaction.atomic
def decide(
    review: Review, *, outcome: Outcome, feedback: str, met: Iterable[str] | None = None, by: User
) -> Decision | None:
    """Finish one's review. Decision, planned badge, its job and the event commit together or not at all.

    Returns the decision, or None while another marker is to follow or a moderator has to settle a
    disagreement. ``met`` are the codes of the rules of evidence that the marker confirms, None those saved.
    Raises DomainError ``scores-missing``, ``below-required``, ``total-too-low``, ``feedback-missing``,
    ``rules-missing``, ``action-points-open``, ``already-decided`` or ``lease-lost``.
    """
    require(can_decide, by, review)
    feedback = kept_text(feedback, limit=MAX_FEEDBACK).strip()
    submission = Submission.objects.select_for_update().get(pk=review.submission_id)
    review = Review.objects.with_context().get(pk=review.pk)
    _guard_lease(review, submission)
    count_time(review)
    guard_answered(review)
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    policy = policy_of(submission)
    met = rules_in(review.met if met is None else met)
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
    review.blind = review.blind or policy.is_blind  # the policy may have become blind since the claim
    review.save(update_fields=["outcome", "feedback", "met", "state", "ended_at", "blind"])
    return _go_on(submission, review, policy, achievement, by=by)


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


# --- What comes after a marking ------------------------------------------------------------------------


def go_on_where_possible(programme: Programme | None = None, *, by: User | None = None) -> int:
    """Conclude, or send to a moderator, what waits for another marker that no policy asks for any more.

    A policy may be lowered while work is marked, also while a second marker holds it who then gives it back.
    ``by`` is who changed the policy, whose own work is left to the sweep; returns how many went on.
    """
    marked = Review.objects.filter(state=ReviewState.MARKED, submission__state=State.SUBMITTED)
    # What a moderator sent back waits for its assessor as long as they have it, whatever the others gave.
    returned = Review.objects.filter(state=ReviewState.RETURNED, assessor=F("submission__assigned_to"))
    marked = marked.exclude(submission__in=returned.values("submission"))
    if programme is not None:
        marked = marked.filter(submission__programme=programme)
    if by is not None:
        marked = marked.exclude(submission__learner=by)
    waiting = marked.filter(submission__held_at=None).values_list("submission", flat=True).distinct()
    return sum(_go_on_alone(pk, by) for pk in list(waiting))


@transaction.atomic
def _go_on_alone(pk: UUID, by: User | None) -> bool:
    submission = Submission.objects.select_for_update().get(pk=pk)
    if submission.state != State.SUBMITTED or submission.is_held:
        return False  # claimed or withdrawn in between
    policy = policy_of(submission)
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    markings = markings_of(submission)
    if not markings:
        return False
    agreement = agree(markings, policy, achievement)
    if _wants_another(markings, agreement, policy):
        return False
    decision = _close(submission, markings, agreement, act="close", by=by)
    _trace("closed", markings[-1], submission, decision=decision, disagreed=agreement.disagreed, by=by)
    return True


def _go_on(
    submission: Submission, review: Review, policy: MarkingPolicy, achievement: Achievement, *, by: User
) -> Decision | None:
    """Conclude, or hand the work on to the next marker or to a moderator."""
    markings = markings_of(submission)
    agreement = agree(markings, policy, achievement)
    disagreed = agreement.disagreed if len(markings) >= policy.wanted else []
    if _wants_another(markings, agreement, policy):
        _hand_on(submission)
        decision = None
    else:
        decision = _close(submission, markings, agreement, act="mark", by=by)
    verb = "decided" if decision else "marked"
    _trace(verb, review, submission, decision=decision, disagreed=disagreed, by=by)
    return decision


def _wants_another(markings: Sequence[Review], agreement: Agreement, policy: MarkingPolicy) -> bool:
    if len(markings) < policy.wanted:
        return True
    return policy.asks_third and len(markings) == policy.wanted and not agreement.is_reached


def _close(
    submission: Submission, markings: Sequence[Review], agreement: Agreement, *, act: str, by: User | None
) -> Decision | None:
    """The decision that the markers agree on, in the name of the last; else a moderator has to settle it."""
    last = markings[-1]
    if agreement.disagreed or agreement.outcome is None:
        to_moderation(submission, act=act)
        return None
    return conclude(
        submission,
        last,
        outcome=agreement.outcome,
        feedback=joined(one.feedback for one in markings),
        results=agreement.results,
        act=act,
        by=by or last.assessor,
        decided_by=last.assessor,
    )


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
    decision: Decision | None,
    disagreed: Sequence[Criterion],
    by: User | None,
) -> None:
    told: dict[str, object] = {"disagreed": [str(one.pk) for one in disagreed]} if disagreed else {}
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
