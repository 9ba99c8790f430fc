"""All figures of a programme: as a whole, by criterion, achievement, pair and assessor, and over time."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from reviews.agreement.alpha import ordinal_alpha
from reviews.agreement.figures import Figure, is_low
from reviews.agreement.items import Comparison, Item, against_others, compared
from reviews.agreement.kappa import linear, quadratic, weighted_kappa
from reviews.agreement.periods import Period, Span, period_of, periods
from reviews.agreement.severity import severity
from reviews.agreement.shares import adjacent_agreement, exact_agreement

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Counted:
    """How much was marked twice: pieces of ``work``, and items (work × criterion)."""

    works: int
    items: int


@dataclass(frozen=True, slots=True)
class Together:
    """How far markers agree on a set of items; ``alpha`` is only worked out where more than two may mark."""

    counted: Counted
    exact: Figure
    adjacent: Figure
    linear: Figure
    quadratic: Figure
    alpha: Figure | None = None


@dataclass(frozen=True, slots=True)
class Alone:
    """One assessor beside the other markers of the same items."""

    counted: Counted
    exact: Figure
    adjacent: Figure
    linear: Figure
    severity: Figure

    @property
    def is_low(self) -> bool:
        return is_low(self.exact)


@dataclass(frozen=True, slots=True)
class Moment:
    """One period: agreement of all, and of each assessor who marked in it."""

    period: Period
    counted: Counted
    exact: Figure
    assessors: dict[Hashable, "Lone"]


@dataclass(frozen=True, slots=True)
class Lone:
    counted: Counted
    exact: Figure
    severity: Figure


@dataclass(frozen=True, slots=True)
class Agreement:
    """Criteria and achievements by their identifiers, pairs and assessors by theirs."""

    whole: Together
    criteria: dict[str, Together]
    achievements: dict[str, Together]
    pairs: dict[tuple[Hashable, Hashable], Together]
    assessors: dict[Hashable, Alone]
    moments: tuple[Moment, ...]


def tabulate(items: Sequence[Item], *, span: Span = "quarter") -> Agreement:
    by_assessor = by_marker(items)
    return Agreement(
        whole=together(items),
        criteria={key: together(those) for key, those in _grouped(items, lambda one: one.criterion)},
        achievements={key: together(those) for key, those in _grouped(items, lambda one: one.achievement)},
        pairs=_pairs(items),
        assessors={who: alone(those, who) for who, those in by_assessor.items()},
        moments=over_time(items, span),
    )


def together(items: Sequence[Item]) -> Together:
    return _together(compared(items), either_order=True, alpha=ordinal_alpha(items))


def alone(items: Sequence[Item], assessor: Hashable) -> Alone:
    comparisons = against_others(items, assessor)
    return Alone(
        counted=_counted(comparisons),
        exact=exact_agreement(comparisons),
        adjacent=adjacent_agreement(comparisons),
        linear=weighted_kappa(comparisons, disagreement=linear),
        severity=severity(items, assessor),
    )


def over_time(items: Sequence[Item], span: Span) -> tuple[Moment, ...]:
    """Every period from first to last; an item belongs where its last mark was given."""
    grouped = dict(_grouped(items, lambda item: period_of(item.on, span)))
    return tuple(
        _moment(period, grouped.get(period, [])) for period in periods((item.on for item in items), span)
    )


def _moment(period: Period, items: Sequence[Item]) -> Moment:
    comparisons = compared(items)
    return Moment(
        period,
        _counted(comparisons),
        exact_agreement(comparisons),
        {who: lone(those, who) for who, those in by_marker(items).items()},
    )


def lone(items: Sequence[Item], assessor: Hashable) -> Lone:
    comparisons = against_others(items, assessor)
    return Lone(_counted(comparisons), exact_agreement(comparisons), severity(items, assessor))


def _pairs(items: Sequence[Item]) -> dict[tuple[Hashable, Hashable], Together]:
    """Cohen's own case: two markers, each with their own habits."""
    found: dict[tuple[Hashable, Hashable], list[Comparison]] = defaultdict(list)
    for item in items:
        for (one, first), (other, second) in combinations(item.marks, 2):
            found[one, other].append(Comparison(item.work, item.criterion, first, second))
    return {pair: _together(comparisons) for pair, comparisons in found.items()}


def _together(
    comparisons: Sequence[Comparison], *, either_order: bool = False, alpha: Figure | None = None
) -> Together:
    return Together(
        counted=_counted(comparisons),
        exact=exact_agreement(comparisons),
        adjacent=adjacent_agreement(comparisons),
        linear=weighted_kappa(comparisons, disagreement=linear, either_order=either_order),
        quadratic=weighted_kappa(comparisons, disagreement=quadratic, either_order=either_order),
        alpha=alpha,
    )


def _counted(comparisons: Iterable[Comparison]) -> Counted:
    items = {(one.work, one.criterion) for one in comparisons}
    return Counted(works=len({work for work, _criterion in items}), items=len(items))


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> list[tuple[Key, list[Item]]]:
    found: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return list(found.items())


def by_marker(items: Iterable[Item]) -> dict[Hashable, list[Item]]:
    """The items that each assessor marked."""
    found: dict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        for who, _level in item.marks:
            found[who].append(item)
    return found
