"""How often two markers gave the same level, or levels next to each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from reviews.agreement.figures import Figure, too_few
from reviews.agreement.intervals import Clustered, clustered, wilson
from reviews.agreement.items import Comparison


def exact_agreement(comparisons: Iterable[Comparison]) -> Figure:
    """The share, from 0 to 1, of items on which two markers gave the same level."""
    return _share(comparisons, lambda distance: distance == 0)


def adjacent_agreement(comparisons: Iterable[Comparison]) -> Figure:
    """The share, from 0 to 1, of items on which two markers were at most one level apart."""
    return _share(comparisons, lambda distance: distance <= 1)


def _share(comparisons: Iterable[Comparison], agree: Callable[[int], bool]) -> Figure:
    """An item that three marked counts once, with the share of its pairs that agree."""
    shares: dict[tuple[object, str], float] = defaultdict(float)
    for one in comparisons:
        shares[one.work, one.criterion] += one.weight * agree(abs(one.first - one.second))
    few = too_few(len({work for work, _criterion in shares}), len(shares))
    if few:
        return few
    # Thirds do not add up to one: what is all or nothing must be so exactly.
    found = clustered((work, round(share, 9)) for (work, _criterion), share in shares.items())
    return Figure(found.mean, *wilson(found.mean, _effective(found)), n=found.n)


def _effective(found: Clustered) -> float:
    """So many independent items would say as much (Korn and Graubard 1998, Survey Methodology 24)."""
    if found.variance <= 0:
        return found.clusters
    return min(found.n, found.mean * (1 - found.mean) / found.variance)
