"""Form one level of a criterion out of what several markers gave."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SINGLE, EQUAL, MAJORITY, LOWER, HIGHER, NONE, DISAGREED = (
    "single",
    "equal",
    "majority",
    "lower",
    "higher",
    "none",
    "disagreed",
)


@dataclass(frozen=True)
class Formed:
    """``position`` of the level on its criterion's scale, counted from 1; None where nobody gave one, or
    where a person has to choose. ``how`` is one of the codes above."""

    position: int | None
    how: str

    @property
    def is_disagreed(self) -> bool:
        return self.how == DISAGREED


def form(positions: Sequence[int], *, required: int | None, tolerance: int, choice: str) -> Formed:
    """The level that the markers' ``positions`` come to, in whichever order they were given.

    Equal positions agree, and so do two of three. Two within ``tolerance`` agree when ``choice`` is "lower"
    or "higher" and both lie on the same side of the ``required`` position: no rule ever decides whether a
    criterion is passed on which two people differ.
    """
    if not positions:
        return Formed(None, NONE)
    if len(positions) == 1:
        return Formed(positions[0], SINGLE)
    position, times = Counter(positions).most_common(1)[0]
    if times == len(positions):
        return Formed(position, EQUAL)
    if times * 2 > len(positions):
        return Formed(position, MAJORITY)
    low, high = min(positions), max(positions)
    straddles = required is not None and low < required <= high
    if len(positions) == 2 and high - low <= tolerance and not straddles and choice in (LOWER, HIGHER):
        return Formed(low if choice == LOWER else high, choice)
    return Formed(None, DISAGREED)
