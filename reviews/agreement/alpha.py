"""Krippendorff's alpha for ordered levels: agreement beyond chance of any number of markers, gaps allowed.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D (ordinal data). The interval
is the percentile bootstrap over pieces of work, as Zapf and others (2016), BMC Medical Research
Methodology 16:93, recommend.
"""

from collections.abc import Hashable, Iterable
from typing import Any, Final

import numpy
from numpy.typing import NDArray

from reviews.agreement.figures import MINIMUM_BEYOND_CHANCE, Figure, too_few, unknown
from reviews.agreement.intervals import wilson
from reviews.agreement.items import Item

Floats = NDArray[numpy.float64]

RESAMPLES: Final = 1000
# Any number would do; a fixed one gives the same interval for the same marks, whoever asks and when.
SEED: Final = 19_700_101
# Resamples in which nothing varies have no alpha; with more of them than this share there is no interval.
MOST_UNDEFINED: Final = 0.05
# Drawn at a time, so that many thousand pieces of work do not fill the memory.
MOST_NUMBERS: Final = 4_000_000


def ordinal_alpha(items: Iterable[Item], *, at_least: int = MINIMUM_BEYOND_CHANCE) -> Figure:
    """Alpha with its 95 % interval, the same for the same marks in whatever order they come."""
    known = list(items)
    works = len({item.work for item in known})
    few = too_few(works, len(known), at_least)
    if few:
        return few
    levels = sorted({level for item in known for _who, level in item.marks})
    patterns, counts = _patterns(known, levels)
    whole = counts @ patterns
    size = len(levels)
    value = _alphas(whole.reshape(1, size, size))[0]
    if numpy.isnan(value):
        return unknown("no-variation", len(known))
    if not whole.reshape(size, size)[~numpy.eye(size, dtype=bool)].any():
        return Figure(1.0, _low_when_perfect(whole.reshape(size, size), works), 1.0, len(known))
    drawn = _resampled(patterns, counts, size)
    defined = drawn[~numpy.isnan(drawn)]
    if len(defined) < len(drawn) * (1 - MOST_UNDEFINED):
        return unknown("no-variation", len(known))
    low, high = numpy.percentile(defined, (2.5, 97.5))
    return Figure(float(value), max(-1.0, float(low)), float(high), len(known))


def _patterns(items: list[Item], levels: list[int]) -> tuple[Floats, NDArray[Any]]:
    """The coincidences of each piece of work as one row, equal rows only once, and how often each occurs."""
    numbers: dict[Hashable, int] = {}
    known: dict[tuple[int, ...], Floats] = {}
    rows = numpy.zeros((len({item.work for item in items}), len(levels) ** 2))
    for item in items:
        given = tuple(sorted(level for _who, level in item.marks))
        if given not in known:
            known[given] = _coincidences(given, levels)
        rows[numbers.setdefault(item.work, len(numbers))] += known[given]
    # Thirds and sevenths add up to the same only when rounded.
    patterns, counts = numpy.unique(rows.round(9), axis=0, return_counts=True)
    return patterns, counts


def _coincidences(given: tuple[int, ...], levels: list[int]) -> Floats:
    often = numpy.array([given.count(level) for level in levels], dtype=numpy.float64)
    found: Floats = ((numpy.outer(often, often) - numpy.diag(often)) / (len(given) - 1)).ravel()
    return found


def _alphas(coincidences: Floats) -> Floats:
    """Alpha of each of many coincidence matrices; not a number where all levels are the same."""
    totals = coincidences.sum(axis=2)
    numbers = totals.sum(axis=1)
    # The ordinal difference of two levels is the number of marks between their middles.
    middles = totals.cumsum(axis=1) - totals / 2
    differences = (middles[:, :, None] - middles[:, None, :]) ** 2
    observed = (coincidences * differences).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * differences).sum(axis=(1, 2))
    ratios = numpy.full(len(numbers), numpy.nan)
    numpy.divide(observed * (numbers - 1), expected, out=ratios, where=expected > 0)
    return 1 - ratios


def _resampled(patterns: Floats, counts: NDArray[Any], size: int) -> Floats:
    """Alpha of as many works again, drawn with replacement, a thousand times."""
    random = numpy.random.default_rng(SEED)
    at_once = max(1, min(RESAMPLES, MOST_NUMBERS // len(counts)))
    found = []
    for start in range(0, RESAMPLES, at_once):
        often = random.multinomial(counts.sum(), counts / counts.sum(), size=min(at_once, RESAMPLES - start))
        found.append(_alphas((often @ patterns).reshape(-1, size, size)))
    return numpy.concatenate(found)


def _low_when_perfect(coincidences: Floats, works: int) -> float:
    """Every resample of perfect agreement is perfect, which would claim certainty.

    So the lower end is alpha as it would be if as many marks as Wilson's interval leaves open were one
    level away from their partner, where that costs most.
    """
    totals = coincidences.sum(axis=1)
    number = totals.sum()
    middles = totals.cumsum() - totals / 2
    step = float((numpy.diff(middles) ** 2).max())
    expected = float((numpy.outer(totals, totals) * (middles[:, None] - middles[None, :]) ** 2).sum())
    share = 1 - wilson(1.0, works)[0]
    return max(-1.0, float(1 - share * number * step * (number - 1) / expected))
