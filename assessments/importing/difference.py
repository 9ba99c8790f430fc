"""What a new version of a referential changes, in a form that a page can show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from assessments.importing.case.terms import iso
from assessments.importing.records import LevelRecord, Node, ReferentialRecord, Texts, nodes

_PARTS = ("competencies", "associations", "rubrics", "criteria", "levels", "identifier")
_CODES = {"competency": "human_code", "criterion": "code", "association": "type", "document": "version"}
_TITLES = {
    "document": "titles",
    "competency": "full_statement",
    "rubric": "titles",
    "criterion": "headings",
    "level": "qualities",
}
_REFERENCES = ("parent", "competency", "origin_identifier", "destination_identifier")


@dataclass(frozen=True)
class Named:
    """A node that only one of the versions has. ``titles`` may be empty (an association has none)."""

    kind: str
    code: str
    titles: Texts


@dataclass(frozen=True)
class Change:
    """One field of one node, before and after; ``language`` is set when the field is a text in several.

    ``before`` and ``after`` are ready to read: a node is named by its code, nothing is ``""``.
    """

    kind: str
    code: str
    field: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True)
class Difference:
    """What comes, what goes, what changes, and how many nodes stay as they are."""

    added: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def difference(old: ReferentialRecord | None, new: ReferentialRecord) -> Difference:
    """Nodes are the same when their identifiers are; the time of change is no change."""
    before = {node.identifier: node for node in nodes(old)} if old else {}
    after = {node.identifier: node for node in nodes(new)}
    if old and old.identifier != new.identifier:  # compared on purpose: the documents stand for each other
        before[new.identifier] = before.pop(old.identifier)
    names = _names(before) | _names(after)
    changed: list[Change] = []
    unchanged = 0
    for identifier, node in after.items():
        if identifier in before and before[identifier].kind == node.kind:
            changes = list(_changes(before[identifier], node, names))
            changed += changes
            unchanged += not changes
    return Difference(
        added=tuple(_named(node, names) for node in _missing_from(before, after)),
        removed=tuple(_named(node, names) for node in _missing_from(after, before)),
        changed=tuple(changed),
        unchanged=unchanged,
    )


def _missing_from(some: dict[str, Node], others: dict[str, Node]) -> Iterator[Node]:
    for identifier, node in others.items():
        if identifier not in some or some[identifier].kind != node.kind:
            yield node


def _names(found: dict[str, Node]) -> dict[str, str]:
    """How a page calls each node: by its code, a level by its criterion's code and its position."""
    names: dict[str, str] = {}
    criterion = ""
    rubrics = 0
    for identifier, node in found.items():
        if node.kind == "rubric":
            rubrics += 1
            names[identifier] = str(rubrics)
        elif isinstance(node.record, LevelRecord):
            names[identifier] = f"{criterion} / {node.record.position}"
        elif node.kind == "association":
            names[identifier] = ""
        else:
            names[identifier] = getattr(node.record, _CODES[node.kind]) or identifier
            criterion = names[identifier]
    for identifier, node in found.items():
        if node.kind == "association":
            names[identifier] = _relation(node, names)
    return names


def _relation(node: Node, names: dict[str, str]) -> str:
    values = vars(node.record)
    ends = (
        names.get(values[f"{end}_identifier"])
        or values[f"{end}_title"]
        or values[f"{end}_identifier"]
        or values[f"{end}_uri"]
        for end in ("origin", "destination")
    )
    return f" {values['type']} ".join(ends)


def _named(node: Node, names: dict[str, str]) -> Named:
    title = _TITLES.get(node.kind)
    return Named(node.kind, names[node.identifier], getattr(node.record, title) if title else {})


def _changes(old: Node, new: Node, names: dict[str, str]) -> Iterator[Change]:
    values = vars(new.record)
    for name, before in vars(old.record).items():
        after = values[name]
        if name in _PARTS or name == "last_change" or before == after:
            continue
        if name == "extra":
            yield Change(new.kind, names[new.identifier], name, *_other_fields(before, after))
        elif isinstance(before, dict):
            yield from _text_changes(new, names, name, before, after)
        else:
            shown = (_shown(name, value, names) for value in (before, after))
            yield Change(new.kind, names[new.identifier], name, *shown)


def _text_changes(
    node: Node, names: dict[str, str], name: str, before: Texts, after: Texts
) -> Iterator[Change]:
    for language in sorted(before.keys() | after.keys()):
        texts = before.get(language, ""), after.get(language, "")
        if texts[0] != texts[1]:
            yield Change(node.kind, names[node.identifier], name, *texts, language=language)


def _other_fields(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    """The names of the fields that only CASE knows and that differ."""
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return tuple(", ".join(name for name in names if name in side) for side in (before, after))  # type: ignore[return-value]


def _shown(name: str, value: Any, names: dict[str, str]) -> str:
    if value is None:
        return ""
    if name in _REFERENCES:
        return names.get(value, str(value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)
