"""What was marked more than once: one piece of work on one criterion, with each marker's level."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import NamedTuple


class Marking(NamedTuple):
    """One level given by one assessor; ``level`` is the place on the criterion's scale, 1 the lowest.

    ``blind`` where nobody saw another's marking.
    """

    work: Hashable
    criterion: str
    achievement: str
    assessor: Hashable
    level: int
    on: date
    blind: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """``marks`` are (assessor, level), at least two, in a fixed order; ``on`` is the day of the last one.

    ``independent`` where every marking was blind.
    """

    work: Hashable
    criterion: str
    achievement: str
    marks: tuple[tuple[Hashable, int], ...]
    on: date
    independent: bool = True

    @property
    def pairs(self) -> int:
        return len(self.marks) * (len(self.marks) - 1) // 2


class Comparison(NamedTuple):
    """Two levels given to the same item; the comparisons of one item weigh 1 together."""

    work: Hashable
    criterion: str
    first: int
    second: int
    weight: float = 1.0


def double_marked(markings: Iterable[Marking]) -> list[Item]:
    """The items that two or more assessors marked; of one assessor's several marks the last counts."""
    found: dict[tuple[Hashable, str], dict[Hashable, Marking]] = defaultdict(dict)
    for marking in markings:
        marks = found[marking.work, marking.criterion]
        earlier = marks.get(marking.assessor)
        if earlier is None or earlier.on <= marking.on:
            marks[marking.assessor] = marking
    return [_item(list(marks.values())) for marks in found.values() if len(marks) > 1]


def _item(marks: list[Marking]) -> Item:
    last = max(marks, key=lambda mark: mark.on)
    ordered = sorted(((mark.assessor, mark.level) for mark in marks), key=lambda mark: str(mark[0]))
    independent = all(mark.blind for mark in marks)
    return Item(last.work, last.criterion, last.achievement, tuple(ordered), last.on, independent)


def compared(items: Iterable[Item]) -> list[Comparison]:
    """Every two marks of each item."""
    return [
        Comparison(item.work, item.criterion, first, second, 1 / item.pairs)
        for item in items
        for (_one, first), (_other, second) in combinations(item.marks, 2)
    ]


def against_others(items: Iterable[Item], assessor: Hashable) -> list[Comparison]:
    """An assessor's level, first, beside each other marker's, for the items that this assessor marked."""
    found = []
    for item in items:
        own = next((level for who, level in item.marks if who == assessor), None)
        if own is None:
            continue
        weight = 1 / (len(item.marks) - 1)
        found += [
            Comparison(item.work, item.criterion, own, level, weight)
            for who, level in item.marks
            if who != assessor
        ]
    return found
