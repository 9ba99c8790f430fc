"""Which decisions a moderator checks before they are released, by the policy of their programme."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import models
from django.db.models import Max, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Programme, Submission
from assessments.models.lifecycle import State
from assessments.models.submission import SubmissionQuerySet
from reviews import drawing
from reviews.bordering import Judged, is_borderline
from reviews.drawing import DRAWS, STEPS, Case, Marker, drawn
from reviews.measuring import low_agreement_assessors
from reviews.models import Appeal, Decision, Flag, Review, SamplingPolicy, Verification
from reviews.models.appeal import Ruling
from reviews.models.decision import DecisionQuerySet, Outcome
from reviews.models.review import COMPLETE, ReviewKind, ReviewState
from reviews.models.verification import Stage, Verdict

# Fewer reviews of a programme with a time on task say nothing of what is fast there.
TIMED_ENOUGH = 5
AGREEMENT_KEPT = 600  # seconds


class Reason(models.TextChoices):
    """Why a decision is checked, in the words of moderators."""

    FIRST = drawing.FIRST, _("among an assessor's first decisions")
    PAIR = drawing.PAIR, _("the first of its assessor on this achievement in a period")
    RANDOM = drawing.RANDOM, _("drawn at random")
    AGREEMENT = drawing.AGREEMENT, _("its assessor agrees little with others")
    BORDER = drawing.BORDER, _("at the border of passing")
    FAST = drawing.FAST, _("reviewed very fast")
    FLAG = drawing.FLAG, _("flagged for a second look")
    APPEAL = drawing.APPEAL, _("marked anew after an appeal")
    RECHECK = drawing.RECHECK, _("returned by a moderator before")


def reasons_to_check(decision: Decision, reviews: Sequence[Review], achievement: Achievement) -> list[str]:
    """The codes of why this decision is to be checked, by its programme's policy; none where nothing asks.

    ``reviews`` are those it rests on. How the lot fell is noted in the decision's ``basis``, which its event
    keeps: an auditor who knows the secret key can draw it again.
    """
    policy = SamplingPolicy.objects.filter(programme=decision.submission.programme_id).first()
    case = case_of(decision, reviews, achievement, policy)
    result = drawn(case, policy)
    if result.share is not None:
        decision.basis["sampling"] = {"share": result.share, "lot": case.draw, "of": DRAWS}
    if policy is None or (policy.only_approvals and not decision.is_approval):
        return result.reasons
    escaped = Decision.objects.taken_back().filter(submission__in=attempts_in_question(decision.submission))
    drawn_before = (code for codes in escaped.values_list("sampled_for", flat=True) for code in codes)
    return list(dict.fromkeys([*result.reasons, *drawn_before]))


def attempts_in_question(submission: Submission) -> SubmissionQuerySet:
    """This attempt and those since the last judged one: whoever takes work back escapes no check by it."""
    same = Submission.objects.filter(
        learner=submission.learner_id,
        programme=submission.programme_id,
        achievement__code=submission.achievement.code,
        attempt__lte=submission.attempt,
    )
    before = same.exclude(Q(pk=submission.pk) | Q(state=State.WITHDRAWN)).aggregate(last=Max("attempt"))
    return same.filter(attempt__gt=before["last"] or 0)


def case_of(
    decision: Decision, reviews: Sequence[Review], achievement: Achievement, policy: SamplingPolicy | None
) -> Case:
    submission = decision.submission
    markings = [one for one in reviews if one.kind == ReviewKind.MARKING]
    attempts = attempts_in_question(submission)
    sent_back = Verification.objects.filter(
        review__submission__in=attempts, stage=Stage.SUMMATIVE, verdict=Verdict.RETURNED
    )
    if policy is None:
        return Case(decision.is_approval, (), 0, was_sent_back=sent_back.exists())
    low = agreeing_little(submission.programme) if policy.low_agreement else frozenset()
    timed = policy.fast and times_are_known(submission.programme)
    return Case(
        is_approval=decision.is_approval,
        markers=tuple(_marker(one, decision, policy, low=low, timed=timed) for one in markings),
        draw=lot(decision.pk),
        is_borderline=policy.borderline and borderline(decision.results, achievement),
        is_flagged=Flag.objects.raised().filter(submission__in=attempts).exists(),
        was_sent_back=sent_back.exists(),
        was_appealed=Appeal.objects.filter(
            decision__submission__in=attempts, ruling=Ruling.OVERTURNED
        ).exists(),
    )


def lot(decision: UUID) -> int:
    """The lot of a decision: no assessor can foresee it, and with the secret key it is the same again."""
    digest = salted_hmac("reviews.sampling", str(decision), algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) * DRAWS >> 64


def _marker(
    review: Review, decision: Decision, policy: SamplingPolicy, *, low: frozenset[UUID], timed: bool
) -> Marker:
    assessor, submission = review.assessor_id, decision.submission
    unseen = Decision.objects.taken_back().values("pk")
    made = decisions_of(assessor, submission.programme_id).exclude(pk__in=unseen)
    if policy.only_approvals:
        made = made.filter(outcome=Outcome.APPROVE)
    since = decision.decided_at - timedelta(days=policy.period_days)
    pair = decisions_of(assessor, submission.programme_id).filter(
        submission__achievement=submission.achievement_id, decided_at__gt=since
    )
    return Marker(
        made=made.values("submission").distinct().count(),
        pair_checked=not policy.each_pair or pair.exclude(pk=decision.pk).sampled().exists(),
        accepted=accepted_in_a_row(assessor, submission.programme_id) if policy.tapers else 0,
        agrees_little=assessor in low,
        was_fast=timed and is_fast(review.seconds, policy),
    )


# --- What the reasons ask of the database --------------------------------------------------------------


def decisions_of(assessor: UUID, programme: UUID) -> DecisionQuerySet:
    """The decisions that rest on an assessor's marking, those set aside since included."""
    finished = (ReviewState.DECIDED, ReviewState.RETURNED, ReviewState.SET_ASIDE)
    markings = Review.objects.filter(
        assessor=assessor, submission__programme=programme, kind=ReviewKind.MARKING, state__in=finished
    )
    return Decision.objects.filter(submission__in=markings.values("submission"))


def accepted_in_a_row(assessor: UUID, programme: UUID) -> int:
    """How many checks of an assessor's decisions went well since the last that did not; counts to ``STEPS``.

    An acceptance is for all whose marking the decision rests on, a return for the one whose review it was.
    """
    marked = Review.objects.filter(assessor=assessor, kind=ReviewKind.MARKING, state__in=COMPLETE)
    whose = Q(verdict=Verdict.RETURNED, review__assessor=assessor) | Q(
        verdict=Verdict.ACCEPTED, decision__submission__in=marked.values("submission")
    )
    checks = Verification.objects.filter(
        whose, stage=Stage.SUMMATIVE, review__submission__programme=programme
    ).order_by("-verified_at", "-pk")
    row = 0
    for verdict in checks.values_list("verdict", flat=True)[:STEPS]:
        if verdict == Verdict.RETURNED:
            break
        row += 1
    return row


def agreeing_little(programme: Programme) -> frozenset[UUID]:
    """Asked of all double-marked work of the programme, so the answer is kept for some minutes."""
    key = f"agreeing-little:{programme.pk}"
    found: frozenset[UUID] | None = cache.get(key)
    if found is None:
        found = frozenset(low_agreement_assessors(programme))
        cache.set(key, found, AGREEMENT_KEPT)
    return found


def times_are_known(programme: Programme) -> bool:
    """Whether enough reviews of a programme have a time on task to call one of them fast."""
    timed = Review.objects.filter(
        submission__programme=programme, kind=ReviewKind.MARKING, state__in=COMPLETE, seconds__gt=0
    )
    return len(timed.values_list("pk")[:TIMED_ENOUGH]) == TIMED_ENOUGH


def is_fast(seconds: int, policy: SamplingPolicy) -> bool:
    """A review without a time was made where none is taken, as through the API: that is not fast."""
    return 0 < seconds < policy.fast_seconds


def borderline(results: Sequence[dict[str, Any]], achievement: Achievement) -> bool:
    """Whether frozen results lie at the border of passing; while a level is missing nothing can be said."""
    given = {row["criterion"]: row for row in results if row["level"] is not None}
    judged = []
    for criterion in achievement.criteria:
        row = given.get(str(criterion.pk))
        if row is None:
            return False
        levels = list(criterion.levels.all())
        points = [one.points or Decimal(0) for one in levels]
        asked = achievement.required_by_criterion.get(criterion.pk)
        required = next((one for one in levels if one.pk == asked), None)
        lowest = min(points, default=Decimal(0))
        judged.append(
            Judged(
                position=row["position"],
                required=required.position if required else None,
                points=Decimal(row["points"] or 0),
                required_points=(required.points or Decimal(0)) if required else lowest,
                most=max(points, default=Decimal(0)),
                weight=criterion.weight if criterion.weight is not None else Decimal(1),
            )
        )
    return is_borderline(judged, achievement.minimum_total)
