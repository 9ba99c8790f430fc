"""Tell whether a result lies at the border between passing and not passing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# How far, in points of the weighted total in percent, a total still lies near the least that passes.
NEAR: Final = Decimal(5)


@dataclass(frozen=True)
class Judged:
    """One criterion: the position of its level and of the required one, and the points of both.

    ``required`` is None where the award rule asks for no level; ``required_points`` are then those of the
    lowest level. ``most`` are the points of the best level.
    """

    position: int
    required: int | None
    points: Decimal
    required_points: Decimal
    most: Decimal
    weight: Decimal = Decimal(1)


def is_borderline(judged: Sequence[Judged], minimum: Decimal | None) -> bool:
    """Whether one level on one criterion could have changed the outcome.

    A pass is at the border when at least one criterion lies exactly at its required level and the total is no
    more than ``NEAR`` above the least total that passes: the total of somebody who gets just the required
    level everywhere, or ``minimum`` where the achievement asks for more. A failure is at the border when one
    criterion alone lies below what is required, by one level; or when every level is reached and the
    total is no more than ``NEAR`` below ``minimum``.
    """
    if not judged:
        return False
    below = [one for one in judged if one.required is not None and one.position < one.required]
    if below:
        lacks = [(one.required or 0) - one.position for one in below]
        return lacks == [1]
    total = _total(judged, [one.points for one in judged])
    if total is None:
        return any(one.position == one.required for one in judged)
    if minimum is not None and total < minimum:
        return minimum - total <= NEAR
    just = _total(judged, [one.required_points for one in judged]) or Decimal(0)
    at_level = any(one.position == one.required for one in judged)
    return at_level and total - max(just, minimum or Decimal(0)) <= NEAR


def _total(judged: Sequence[Judged], points: Sequence[Decimal]) -> Decimal | None:
    """The weighted total in percent of what could be reached; None where no level carries points."""
    most = sum((one.weight * one.most for one in judged), Decimal(0))
    reached = sum((one.weight * own for one, own in zip(judged, points, strict=True)), Decimal(0))
    return 100 * reached / most if most else None
