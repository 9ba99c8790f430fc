"""A figure of agreement with its interval and its number of items, or the reason why there is none."""

from dataclasses import dataclass
from typing import Final, Literal

Reason = Literal["", "one-marker", "few-works", "no-variation"]

# Below so many pieces of work marked twice nothing is said. Intervals of shares and mean differences hold
# from ten on; those of kappa and alpha, which promise to miss one time in twenty, missed up to one in six
# with ten and up to one in eleven with twenty (docs/decisions/0009).
MINIMUM_WORKS: Final = 10
MINIMUM_BEYOND_CHANCE: Final = 20
# Who demonstrably gives the same level as others on less than half of the items needs a second look.
LOW_EXACT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """``n`` counts items: one piece of work on one criterion. A reason stands in for a missing value.

    ``low`` and ``high`` are the ends of a 95 % interval.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: Reason = ""

    @property
    def is_known(self) -> bool:
        return self.value is not None


def unknown(reason: Reason, n: int) -> Figure:
    return Figure(None, None, None, n, reason)


def too_few(works: int, n: int, at_least: int = MINIMUM_WORKS) -> Figure | None:
    """The answer while too little work was marked twice; None when there is enough of it."""
    if works == 0:
        return unknown("one-marker", n)
    if works < at_least:
        return unknown("few-works", n)
    return None


def is_low(exact: Figure) -> bool:
    """Whether the whole interval of an assessor's exact agreement lies below the threshold."""
    return exact.high is not None and exact.high < LOW_EXACT
