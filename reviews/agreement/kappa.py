"""Cohen's weighted kappa: agreement beyond chance, where a wide miss counts more than a near one.

Cohen (1968), Psychological Bulletin 70, 213-220; the standard error is that of Fleiss, Cohen and Everitt
(1969), Psychological Bulletin 72, 323-327, summed over pieces of work instead of over single items.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from reviews.agreement.figures import MINIMUM_BEYOND_CHANCE, Figure, too_few, unknown
from reviews.agreement.intervals import NORMAL, wilson
from reviews.agreement.items import Comparison

Disagreement = Callable[[int, int], float]

# More than what sums of shares leave over.
NOTHING: Final = 1e-12


def linear(first: int, second: int) -> float:
    return abs(first - second)


def quadratic(first: int, second: int) -> float:
    return (first - second) ** 2


@dataclass(frozen=True, slots=True)
class _Table:
    """Shares of (first, second) levels with what each marker's own habit would make of them by chance."""

    cells: dict[tuple[int, int], float]
    by_first: dict[int, float]
    by_second: dict[int, float]
    observed: float
    expected: float

    @property
    def kappa(self) -> float:
        return 1 - self.observed / self.expected


def weighted_kappa(
    comparisons: Iterable[Comparison],
    *,
    disagreement: Disagreement = linear,
    either_order: bool = False,
    at_least: int = MINIMUM_BEYOND_CHANCE,
) -> Figure:
    """Kappa with its 95 % interval; ``disagreement`` says how far apart two levels are.

    With ``either_order`` nobody is the first marker: every pair is entered both ways round, for items that
    various people marked. A marker who gave one level throughout would have a kappa of 0 whatever the
    other does: that is told as no variation.
    """
    known = list(comparisons)
    works = {one.work for one in known}
    n = len({(one.work, one.criterion) for one in known})
    few = too_few(len(works), n, at_least)
    if few:
        return few
    table = _table(_cells(known, either_order=either_order), disagreement)
    if len(table.by_first) == 1 or len(table.by_second) == 1:
        return unknown("no-variation", n)
    if table.observed < NOTHING:
        return Figure(1.0, max(-1.0, _low_when_perfect(table, disagreement, len(works))), 1.0, n)
    half = NORMAL * sqrt(_variance(known, table, disagreement))
    return Figure(table.kappa, max(-1.0, table.kappa - half), min(1.0, table.kappa + half), n)


def _cells(comparisons: Sequence[Comparison], *, either_order: bool) -> dict[tuple[int, int], float]:
    """The share of each pair of levels; both ways round where nobody is the first marker."""
    total = sum(one.weight for one in comparisons)
    cells: dict[tuple[int, int], float] = defaultdict(float)
    for one in comparisons:
        cells[one.first, one.second] += one.weight / total
    if not either_order:
        return cells
    turned = {(second, first): share for (first, second), share in cells.items()}
    return {cell: (cells.get(cell, 0) + turned.get(cell, 0)) / 2 for cell in {*cells, *turned}}


def _table(cells: dict[tuple[int, int], float], disagreement: Disagreement) -> _Table:
    by_first: dict[int, float] = defaultdict(float)
    by_second: dict[int, float] = defaultdict(float)
    for (first, second), share in cells.items():
        by_first[first] += share
        by_second[second] += share
    observed = sum(share * disagreement(*cell) for cell, share in cells.items())
    expected = sum(
        here * there * disagreement(first, second)
        for first, here in by_first.items()
        for second, there in by_second.items()
    )
    return _Table(cells, by_first, by_second, observed, expected)


def _variance(comparisons: Sequence[Comparison], table: _Table, disagreement: Disagreement) -> float:
    """How much one more item like each cell would move kappa, summed by work: equal to the authors' formula
    where each piece of work holds one item."""
    of_first = {
        level: sum(share * disagreement(level, other) for other, share in table.by_second.items())
        for level in table.by_first
    }
    of_second = {
        level: sum(share * disagreement(other, level) for other, share in table.by_first.items())
        for level in table.by_second
    }
    moved = {
        (first, second): (table.observed - disagreement(first, second)) / table.expected
        + table.observed * (of_first[first] + of_second[second] - 2 * table.expected) / table.expected**2
        for first, second in table.cells
    }
    by_work: dict[Hashable, float] = defaultdict(float)
    for one in comparisons:
        by_work[one.work] += one.weight * moved[one.first, one.second]
    return sum(move**2 for move in by_work.values()) / sum(one.weight for one in comparisons) ** 2


def _low_when_perfect(table: _Table, disagreement: Disagreement, works: int) -> float:
    """Without any disagreement the standard error is 0, which would claim certainty.

    So the lower end is kappa as it would be if as many items as Wilson's interval leaves open were one
    smallest step apart.
    """
    levels = sorted({*table.by_first, *table.by_second})
    step = min(disagreement(low, high) for low in levels for high in levels if low < high)
    return 1 - (1 - wilson(1.0, works)[0]) * step / table.expected
