"""Draw the sample: for which reasons a policy wants one decision checked before it is released."""

from dataclasses import dataclass
from typing import Final, Protocol

FIRST, RANDOM, PAIR, AGREEMENT, BORDER, FAST, FLAG, RECHECK, APPEAL = (
    "first",
    "random",
    "pair",
    "agreement",
    "border",
    "fast",
    "flag",
    "recheck",
    "appeal",
)
# Draws are in hundredths of a percent: from 0 to DRAWS - 1.
DRAWS: Final = 10_000
# After so many decisions of an assessor that were accepted in a row, the share has fallen to its least.
STEPS: Final = 10


class Policy(Protocol):
    """What a sampling policy says; see ``SamplingPolicy``."""

    share: int
    least_share: int
    tapers: bool
    first_decisions: int
    each_pair: bool
    low_agreement: bool
    borderline: bool
    fast: bool
    only_approvals: bool


@dataclass(frozen=True)
class Marker:
    """One assessor on whose marking a decision rests, as things stood when it was made.

    ``made`` counts their decisions of the kind that is checked, this one included; ``pair_checked`` says
    whether one of theirs on this achievement was sampled within the period; ``accepted`` how many of theirs
    were accepted since the last that was returned.
    """

    made: int
    pair_checked: bool
    accepted: int = 0
    agrees_little: bool = False
    was_fast: bool = False


@dataclass(frozen=True)
class Case:
    """One decision as the draw sees it; ``draw`` is its lot, at least 0 and below ``DRAWS``."""

    is_approval: bool
    markers: tuple[Marker, ...]
    draw: int
    is_borderline: bool = False
    is_flagged: bool = False
    was_sent_back: bool = False
    was_appealed: bool = False


@dataclass(frozen=True)
class Drawn:
    """``share`` is the share in percent that the lot was held against; None where nothing was drawn."""

    reasons: list[str]
    share: int | None = None


def tapered(share: int, least: int, accepted: int) -> int:
    """The share in percent after ``accepted`` decisions in a row: in ``STEPS`` equal steps down to ``least``.

    Rounded up, so that no share is lost to rounding. A return sets ``accepted`` to 0: the full share again.
    """
    steps = min(max(accepted, 0), STEPS)
    return share - (share - least) * steps // STEPS


def drawn(case: Case, policy: Policy | None) -> Drawn:
    """The reasons, in a fixed order; none where nothing asks.

    What a moderator sent back is checked again whatever the policy says now. Flagged work and work marked
    anew after an appeal are checked whatever the outcome; the rest only for outcomes that the policy checks.
    """
    again = [RECHECK] if case.was_sent_back else []
    if policy is None:
        return Drawn(again)
    always = [code for code, holds in ((FLAG, case.is_flagged), (APPEAL, case.was_appealed)) if holds]
    if policy.only_approvals and not case.is_approval:
        return Drawn([*always, *again])
    share = share_for(case, policy)
    asked = (
        (FIRST, any(one.made <= policy.first_decisions for one in case.markers)),
        (PAIR, policy.each_pair and not all(one.pair_checked for one in case.markers)),
        (RANDOM, case.draw * 100 < share * DRAWS),
        (AGREEMENT, policy.low_agreement and any(one.agrees_little for one in case.markers)),
        (BORDER, policy.borderline and case.is_borderline),
        (FAST, policy.fast and any(one.was_fast for one in case.markers)),
    )
    return Drawn([code for code, holds in asked if holds] + always + again, share)


def share_for(case: Case, policy: Policy) -> int:
    """The share of the marker who is to be checked most."""
    if not policy.tapers:
        return policy.share
    accepted = min((one.accepted for one in case.markers), default=0)
    return tapered(policy.share, policy.least_share, accepted)
