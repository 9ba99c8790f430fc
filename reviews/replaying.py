"""Replay a sampling policy over the decisions of the last months: how many would it have had checked?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Achievement, Programme
from reviews.drawing import Case, Marker, drawn
from reviews.models import Appeal, Decision, Flag, Review, SamplingPolicy, Verification
from reviews.models.appeal import Ruling
from reviews.models.review import ReviewKind
from reviews.models.verification import Stage, Verdict
from reviews.sampling import agreeing_little, borderline, is_fast, lot, times_are_known

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Replay:
    """``reasons`` counts how often each code would have asked for a check."""

    made: int
    checked: int
    reasons: dict[str, int]


def replay(programme: Programme, policy: SamplingPolicy) -> Replay:
    """As if ``policy`` had stood for the whole time and every check had been accepted, but for real returns.

    An assessor's decisions before the period count as made, and as unchecked.
    """
    since = timezone.now() - LOOKED_BACK
    everything = _History(programme, policy)
    checked, made = 0, 0
    reasons: dict[str, int] = defaultdict(int)
    for decision in everything.decisions:
        case = everything.case(decision)
        result = drawn(case, policy)
        is_old = decision.decided_at < since
        everything.remember(decision, sampled=bool(result.reasons) and not is_old)
        if is_old:
            continue
        made += 1
        checked += bool(result.reasons)
        for code in result.reasons:
            reasons[code] += 1
    return Replay(made, checked, dict(reasons))


class _History:
    """What the draw needs to know of each decision, walked through in the order in which they were made."""

    def __init__(self, programme: Programme, policy: SamplingPolicy) -> None:
        self.policy = policy
        rows = Decision.objects.filter(submission__programme=programme, review__kind=ReviewKind.MARKING)
        only = ("outcome", "results", "basis", "decided_at", "review", "submission__achievement")
        self.decisions = list(rows.select_related("submission").only(*only).order_by("decided_at", "pk"))
        self.reviews = {
            pk: (assessor, seconds)
            for pk, assessor, seconds in Review.objects.filter(
                submission__programme=programme, kind=ReviewKind.MARKING
            ).values_list("pk", "assessor", "seconds")
        }
        achievements = {one.submission.achievement_id for one in self.decisions}
        self.achievements = {
            one.pk: one for one in Achievement.objects.with_rubric().filter(pk__in=achievements)
        }
        returned = Verification.objects.filter(
            review__submission__programme=programme, stage=Stage.SUMMATIVE, verdict=Verdict.RETURNED
        )
        self.returned = set(returned.values_list("decision", flat=True))
        self.flagged = _pks(Flag.objects.raised().filter(submission__programme=programme), "submission")
        overturned = Appeal.objects.filter(
            decision__submission__programme=programme, ruling=Ruling.OVERTURNED
        )
        self.appealed = _pks(overturned, "decision__submission")
        self.low = agreeing_little(programme) if policy.low_agreement else frozenset()
        self.timed = policy.fast and times_are_known(programme)
        self.seen: dict[UUID, set[UUID]] = defaultdict(set)
        self.last_sampled: dict[tuple[UUID, UUID], datetime] = {}
        self.accepted: dict[UUID, int] = defaultdict(int)
        self.sent_back: set[UUID] = set()
        self.decided: set[UUID] = set()

    def case(self, decision: Decision) -> Case:
        submission = decision.submission_id
        achievement = self.achievements[decision.submission.achievement_id]
        return Case(
            is_approval=decision.is_approval,
            markers=tuple(self._marker(*self.reviews[one], decision) for one in self._based_on(decision)),
            draw=lot(decision.pk),
            is_borderline=self.policy.borderline and borderline(decision.results, achievement),
            is_flagged=submission in self.flagged,
            was_sent_back=submission in self.sent_back,
            was_appealed=submission in self.appealed and submission in self.decided,
        )

    def remember(self, decision: Decision, *, sampled: bool) -> None:
        submission = decision.submission_id
        self.decided.add(submission)
        if decision.pk in self.returned:
            self.sent_back.add(submission)
        for review in self._based_on(decision):
            assessor, _seconds = self.reviews[review]
            if decision.is_approval or not self.policy.only_approvals:
                self.seen[assessor].add(submission)
            if sampled:
                self.last_sampled[assessor, decision.submission.achievement_id] = decision.decided_at
                self.accepted[assessor] = 0 if decision.pk in self.returned else self.accepted[assessor] + 1

    def _based_on(self, decision: Decision) -> list[UUID]:
        named = [UUID(one) for one in decision.basis.get("reviews", [])] or [decision.review_id]
        return [one for one in named if one in self.reviews]

    def _marker(self, assessor: UUID, seconds: int, decision: Decision) -> Marker:
        last = self.last_sampled.get((assessor, decision.submission.achievement_id))
        since = decision.decided_at - timedelta(days=self.policy.period_days)
        return Marker(
            made=len(self.seen[assessor] | {decision.submission_id}),
            pair_checked=last is not None and last > since,
            accepted=self.accepted[assessor],
            agrees_little=assessor in self.low,
            was_fast=self.timed and is_fast(seconds, self.policy),
        )


def _pks(rows: QuerySet[Any], name: str) -> set[UUID]:
    return set(rows.values_list(name, flat=True))
