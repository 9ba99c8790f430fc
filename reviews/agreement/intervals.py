"""The ends of 95 % intervals: of a share, of a mean, of values that come in clusters."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

NORMAL: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Clustered:
    """The mean of values, its variance when values of one cluster go together, and how many there are."""

    mean: float
    variance: float
    clusters: int
    n: int


def clustered(values: Iterable[tuple[Hashable, float]]) -> Clustered:
    """A mean over values of which those of one cluster (one piece of work) are not independent.

    The variance is the linearised one of a ratio mean over clusters (Cochran 1977, Sampling Techniques,
    section 11.8) with the factor G/(G-1); with one value a cluster it is the usual s²/n. Needs a value.
    """
    sums: dict[Hashable, float] = defaultdict(float)
    sizes: dict[Hashable, int] = defaultdict(int)
    for cluster, value in values:
        sums[cluster] += value
        sizes[cluster] += 1
    n, groups = sum(sizes.values()), len(sums)
    mean = sum(sums.values()) / n
    if groups < 2:
        return Clustered(mean, 0.0, groups, n)
    spread = sum((total - sizes[cluster] * mean) ** 2 for cluster, total in sums.items())
    return Clustered(mean, spread * groups / (groups - 1) / n**2, groups, n)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's score interval (Wilson 1927, JASA 22, 209-212), which never shrinks to a point at 0 or 1."""
    square = NORMAL**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n**2))
    return (centre - half if share > 0 else 0.0), (centre + half if share < 1 else 1.0)


def student(freedom: int) -> float:
    """The 97.5 % point of Student's t by the expansion of Abramowitz and Stegun (1964), 26.7.5.

    Good to 0.0002 from eight degrees of freedom on, and less are never asked for.
    """
    z = NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    total: float = z + sum(term / freedom**power for power, term in enumerate(terms, 1))
    return total
