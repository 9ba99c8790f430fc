"""Lay a difference out for reading: by kind, with the large parts folded and cut."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assessments.importing.difference import Change, Difference, Named
from assessments.importing.labels import FIELDS, KINDS, ONE
from workbench.languages import in_language

SHOWN = 200
FOLDED = 12


@dataclass(frozen=True)
class Group:
    """The nodes of one kind that come or go; ``more`` are not among ``items``."""

    label: str | Promise
    items: list[tuple[str, str]]
    number: int

    @property
    def more(self) -> int:
        return self.number - len(self.items)

    @property
    def folded(self) -> bool:
        return self.number > FOLDED


@dataclass(frozen=True)
class ChangeRow:
    kind: str | Promise
    code: str
    field: str | Promise
    language: str
    before: str
    after: str


@dataclass(frozen=True)
class Summary:
    added: list[Group]
    removed: list[Group]
    changed: list[ChangeRow]
    numbers: tuple[int, int, int, int]

    @property
    def more_changes(self) -> int:
        return self.numbers[2] - len(self.changed)

    @property
    def changes_folded(self) -> bool:
        return self.numbers[2] > 3 * FOLDED


def summary(found: Difference) -> Summary:
    """``numbers`` are those of what is added, removed, changed and unchanged."""
    return Summary(
        added=list(_groups(found.added)),
        removed=list(_groups(found.removed)),
        changed=[_row(change) for change in found.changed[:SHOWN]],
        numbers=(len(found.added), len(found.removed), len(found.changed), found.unchanged),
    )


def lines(found: Difference) -> Iterator[str]:
    """The same for a terminal: how many nodes of each kind, then each change on a line."""
    for sign, nodes in (("+", found.added), ("-", found.removed)):
        for group in _groups(nodes):
            yield f"{sign} {group.label}: {group.number}"
    for change in found.changed[:SHOWN]:
        row = _row(change)
        field = f"{row.field} ({row.language})" if row.language else row.field
        yield f"~ {row.kind} {row.code}: {field}: {_short(row.before)} → {_short(row.after)}"
    if len(found.changed) > SHOWN:
        yield "~ " + _("%(number)s more changes") % {"number": len(found.changed) - SHOWN}
    yield "= " + _("%(number)s parts stay as they are") % {"number": found.unchanged}


def _groups(nodes: tuple[Named, ...]) -> Iterator[Group]:
    for kind, label in KINDS.items():
        found = [node for node in nodes if node.kind == kind]
        if found:
            items = [(node.code, in_language(node.titles)) for node in found[:SHOWN]]
            yield Group(label, items, len(found))


def _row(change: Change) -> ChangeRow:
    return ChangeRow(
        ONE[change.kind],
        change.code,
        FIELDS[change.field],
        change.language,
        change.before,
        change.after,
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat[:79]}…”" if len(flat) > 80 else f"“{flat}”"
