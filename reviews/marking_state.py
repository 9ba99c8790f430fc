"""What a marker is told while several mark the same work, and afterwards what the others gave."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Level
from assessments.models.lifecycle import State
from reviews.models import Decision, Review
from reviews.models.policy import Markers
from reviews.models.review import ReviewKind, ReviewState
from reviews.policies import policy_of
from reviews.side_by_side import ORDINALS, Agreed, agreed_on
from reviews.weighing import markings_of
from workbench.models import User


@dataclass(frozen=True)
class Told:
    """What another marker gave on one criterion, where the policy opens it."""

    title: Any
    level: Level | None
    comment: str


@dataclass(frozen=True)
class MarkingState:
    """``several`` where this marking alone decides nothing; ``text`` says how it stands.

    ``others`` are open markings by criterion id; ``agreed`` what a released decision made of all of them,
    with its ``reason`` where a moderator settled it.
    """

    several: bool = False
    asks_rules: bool = False
    text: Any = ""
    others: dict[UUID, list[Told]] = field(default_factory=dict)
    agreed: list[Agreed] = field(default_factory=list)
    reason: str = ""


BLIND = _("You are one of two assessors. The other's marking stays hidden until both are done.")
FIRST_OPEN = _("You are the first of two assessors. The second one sees your marking.")
SECOND_OPEN = _("You are the second assessor. What the first one gave stands beside each criterion.")
THIRD_BLIND = _(
    "You are the third assessor: the first two differ. Their marking stays hidden until you are done."
)
THIRD_OPEN = _(
    "You are the third assessor: the first two differ. What they gave stands beside each criterion."
)
WAITS = _("Your marking is finished. Another assessor marks the work before it is decided.")
SETTLED = _("Your marking is finished. A moderator looks at the work before the decision is released.")


def marking_state(
    review: Review, decision: Decision | None, achievement: Achievement, reader: User
) -> MarkingState:
    """Of a review as its reader may know it; ``decision`` is the one that the reader may read."""
    if review.kind != ReviewKind.MARKING or review.assessor_id != reader.pk:
        agreed = agreed_on(decision, achievement, reader) if decision else []
        return MarkingState(agreed=agreed, reason=_reason(decision, agreed))
    if review.is_open:
        return _while_marking(review)
    if decision is not None and decision.is_released:
        agreed = agreed_on(decision, achievement, reader)
        return MarkingState(several=bool(agreed), agreed=agreed, reason=_reason(decision, agreed))
    if review.state not in (ReviewState.MARKED, ReviewState.DECIDED):
        return MarkingState()
    waits = {State.SUBMITTED: WAITS, State.IN_REVIEW: WAITS, State.MODERATION: SETTLED}
    return MarkingState(several=True, text=waits.get(State(review.submission.state), ""))


def _while_marking(review: Review) -> MarkingState:
    policy = policy_of(review.submission)
    markings = [one for one in markings_of(review.submission) if one.assessor_id != review.assessor_id]
    if policy.wanted < 2 and not markings:
        return MarkingState(asks_rules=policy.asks_rules)
    opened = policy.markers != Markers.DOUBLE_BLIND and not any(one.blind for one in markings)
    if len(markings) > 1:
        text = THIRD_OPEN if opened else THIRD_BLIND
    elif not opened:
        text = BLIND
    else:
        text = SECOND_OPEN if markings else FIRST_OPEN
    others: dict[UUID, list[Told]] = {}
    for title, one in zip(ORDINALS, markings if opened else [], strict=False):
        for score in one.scores.all():
            others.setdefault(score.criterion_id, []).append(Told(title, score.level, score.comment))
    return MarkingState(True, policy.asks_rules, text, others)


def _reason(decision: Decision | None, agreed: list[Agreed]) -> str:
    return str(decision.basis.get("reason", "")) if decision and agreed else ""
