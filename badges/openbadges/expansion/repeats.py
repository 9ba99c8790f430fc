"""Keeps what several documents say alike, such as the achievement that a whole cohort has earned."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from badges.openbadges.expansion.labelling import Blank, Statements
from badges.openbadges.expansion.profile import Values

# The members and places that lead to a value inside an object, and the type of that value.
Numeric = tuple[tuple[str | int, ...], type]


class Kept(NamedTuple):
    """An object, where it stood, and its statements with the first-degree hashes of its blank nodes."""

    item: dict[str, Any]
    numerics: tuple[Numeric, ...]
    values: Values
    name: str | Blank
    said: Statements

    def equals(self, item: dict[str, Any]) -> bool:
        """Whether an object is the same JSON; Python alone would have it that 1 == 1.0 == True."""
        if self.item is item:
            return True
        return self.item == item and all(_at(item, path).__class__ is kind for path, kind in self.numerics)


class Repeats:
    """The first object seen in each place of the documents of one run; nobody may change these objects.

    Labels of blank nodes are not kept: they depend on the whole document. First-degree hashes depend on the
    statements about a node alone, and all of those are inside, since the object itself has an IRI.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], Kept] = {}

    def find(self, item: dict[str, Any], values: Values, depth: int) -> Kept | None:
        """What was kept of an equal object in the same place."""
        kept = self.kept.get((id(values), depth))
        return kept if kept is not None and kept.equals(item) else None

    def is_open(self, values: Values, depth: int) -> bool:
        """Whether nothing was kept in this place yet."""
        return (id(values), depth) not in self.kept

    def keep(
        self, item: dict[str, Any], values: Values, depth: int, name: str | Blank, said: Statements
    ) -> Kept:
        said.hash_all()
        kept = Kept(item, tuple(_numerics(item, ())), values, name, said)
        self.kept[id(values), depth] = kept  # which holds `values`, so that no other gets its id
        return kept


def _numerics(value: Any, path: tuple[str | int, ...]) -> Iterator[Numeric]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numerics(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _numerics(inner, (*path, place))
    elif value.__class__ is not str:
        yield path, value.__class__


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value
