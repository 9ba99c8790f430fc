"""Settle what the markers of an attempt disagreed about: a moderator chooses, with reasons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Level, Submission
from assessments.models.lifecycle import State
from reviews.concluding import Result, conclude, guard_award, standing_of
from reviews.forming import DISAGREED
from reviews.models import Decision, Review, Score
from reviews.models.decision import Outcome
from reviews.models.review import ReviewKind, ReviewState
from reviews.permissions import can_moderate
from reviews.policies import policy_of
from reviews.scoring import MAX_COMMENT, MAX_FEEDBACK, guard_level, kept_text
from reviews.weighing import Agreement, agree, markings_of
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

ADJUDICATED = "adjudicated"
# What several markers wrote of one criterion stands together.
MAX_JOINED = 3 * MAX_COMMENT + 10


@dataclass(frozen=True)
class Ruling:
    """What a moderator says of one criterion: the level, why, and what the learner reads of it.

    ``reason`` is read by those who judge; ``comment`` of None keeps what the markers wrote.
    """

    criterion: Criterion
    level: Level | None
    reason: str = ""
    comment: str | None = None


@transaction.atomic
def adjudicate(
    submission: Submission,
    *,
    rulings: Collection[Ruling],
    outcome: Outcome,
    feedback: str,
    reason: str,
    seen: Collection[UUID] | None = None,
    by: User,
) -> Decision:
    """Decide in the place of markers who disagree; criteria without a ruling keep the level that was formed.

    ``reason`` is the one for the decision as a whole, read by those who judge; ``seen`` are the markings that
    the moderator had before them. Decision, planned badge, its job and the event commit together.

    Raises DomainError ``already-decided``, ``not-disagreed``, ``stale``, ``held``, ``unknown-criterion``,
    ``unknown-level``, ``levels-missing``, ``reason-missing``, ``change-reason-missing``,
    ``feedback-missing``, ``text-too-long``, and for an approval what ``guard_award`` raises.
    """
    require(can_moderate, by, submission)
    feedback = kept_text(feedback, limit=MAX_FEEDBACK).strip()
    reason = kept_text(reason, limit=MAX_COMMENT).strip()
    submission = _locked(submission)
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    markings = markings_of(submission)
    if seen is not None and set(seen) != {one.pk for one in markings}:
        raise DomainError(
            "stale", _("The markings changed meanwhile. Look at them again; what you wrote is kept here.")
        )
    agreement = agree(markings, policy_of(submission), achievement)
    settled = _settled(agreement, rulings, achievement)
    results = [one.result for one in settled]
    if not reason:
        raise invalid("reason-missing", _("Say why you decide so: those who marked the work read it."))
    if outcome == Outcome.APPROVE:
        guard_award(standing_of(achievement, results))
    elif not feedback:
        raise invalid(
            "feedback-missing", _("Tell the learner why, and what to do next, before you decide this.")
        )
    review = _review(submission, settled, outcome, feedback, by)
    decision = conclude(
        submission,
        review,
        outcome=outcome,
        feedback=feedback,
        results=results,
        act="adjudicate",
        moderated=True,
        reason=reason,
        by=by,
    )
    record(
        by,
        "adjudicated",
        submission,
        outcome=decision.outcome,
        decision=str(decision.pk),
        review=str(review.pk),
        fence=review.fence,
        basis={name: decision.basis[name] for name in ("reviews", "formed")},
        disagreed=[str(criterion.pk) for criterion in agreement.disagreed],
        changed=[str(one.result.criterion.pk) for one in settled if one.is_changed],
        manifest_sha256=submission.manifest_sha256,
    )
    return decision


def is_disagreed(submission: Submission) -> bool:
    """Whether its markers disagree and nobody has settled that yet."""
    if submission.state != State.MODERATION:
        return False
    return not Decision.objects.standing().filter(submission=submission).exists()


# --- Guards ------------------------------------------------------------------------------------------


def _locked(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).with_context()
    submission = rows.get(pk=submission.pk)
    if submission.is_decided or Decision.objects.standing().filter(submission=submission).exists():
        raise already_decided()
    if submission.state != State.MODERATION:
        raise DomainError("not-disagreed", _("There is nothing to settle on this work any more."))
    if submission.is_held:
        raise DomainError(
            "held", _("This work is under investigation. It can be settled once that has ended.")
        )
    return submission


def already_decided() -> DomainError:
    return DomainError("already-decided", _("This work was decided already."))


@dataclass(frozen=True)
class _Settled:
    result: Result
    reason: str
    is_changed: bool


def _settled(agreement: Agreement, rulings: Collection[Ruling], achievement: Achievement) -> list[_Settled]:
    """A level for each criterion: the moderator's where there is one, else the one that was formed."""
    for one in rulings:
        guard_level(one.criterion, one.level, rubric=achievement.rubric_id)
    chosen: Mapping[UUID, Ruling] = {one.criterion.pk: one for one in rulings}
    formed = {one.criterion.pk: one for one in agreement.results}
    settled = []
    for criterion in achievement.criteria:
        before, ruling = formed.get(criterion.pk), chosen.get(criterion.pk)
        if before is None and (ruling is None or ruling.level is None):
            continue  # nobody said anything of it
        settled.append(_one(criterion, before, ruling))
    undecided = [one.result.criterion for one in settled if one.result.how == DISAGREED]
    if undecided:
        raise invalid(
            "levels-missing",
            _("Choose a level where the markers disagree. Missing: %(criteria)s.")
            % {"criteria": ", ".join(str(one) for one in undecided)},
        )
    unexplained = [one.result.criterion for one in settled if one.is_changed and not one.reason]
    if unexplained:
        raise invalid(
            "change-reason-missing",
            _("Say why you change what the markers agreed on: %(criteria)s.")
            % {"criteria": ", ".join(str(one) for one in unexplained)},
        )
    return settled


def _one(criterion: Criterion, before: Result | None, ruling: Ruling | None) -> _Settled:
    comment = before.comment if before else ""
    if ruling is None:
        assert before is not None, "a criterion without a ruling has a result"
        return _Settled(before, "", is_changed=False)
    reason = kept_text(ruling.reason, limit=MAX_COMMENT).strip()
    if ruling.comment is not None:
        comment = kept_text(ruling.comment, limit=MAX_JOINED).strip()
    formed = before.level if before else None
    disagreed = before is not None and before.how == DISAGREED
    level = ruling.level or formed
    if disagreed:
        how = ADJUDICATED if level else DISAGREED
    else:
        how = ADJUDICATED if level != formed or before is None else before.how
    return _Settled(Result(criterion, level, comment, how), reason, not disagreed and how == ADJUDICATED)


# --- Changes -----------------------------------------------------------------------------------------


def _review(
    submission: Submission, settled: list[_Settled], outcome: Outcome, feedback: str, by: User
) -> Review:
    """The moderator's own review; its comments are the reasons."""
    submission.fence += 1
    submission.save(update_fields=["fence"])
    now = timezone.now()
    review = Review.objects.create(
        submission=submission,
        assessor=by,
        fence=submission.fence,
        kind=ReviewKind.ADJUDICATION,
        state=ReviewState.MARKED,
        outcome=outcome.value,
        feedback=feedback,
        claimed_at=now,
        ended_at=now,
    )
    Score.objects.bulk_create(
        Score(review=review, criterion=one.result.criterion, level=one.result.level, comment=one.reason)
        for one in settled
        if one.result.how == ADJUDICATED
    )
    return review
