"""What the table of rules shows: one page of the rules that are asked for, with what was found at each."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, Self
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from assessments.analysers.analysis import BadAnalysis
from assessments.analysers.configurations.rules import NamedObject, Rule, Ruleset, Scope, Service
from assessments.analysers.configurations.storing import from_json
from assessments.analysing import detail_of
from assessments.models import Analysis
from assessments.viewing.opened import Opened
from assessments.viewing.remarks import Remark
from workbench.errors import DomainError

PAGE: Final = 100
OBJECTS_SHOWN: Final = 200
SCOPES_SHOWN: Final = 100
_GONE: Final = _("The rules that were read are no longer kept. They appear again once the file is read anew.")


@dataclass(frozen=True)
class Asked:
    """Which rules, in which order: ``sort`` is a column, with a minus before it the other way round."""

    q: str = ""
    scope: str = ""
    action: str = ""
    found: bool = False
    sort: str = "number"
    page: int = 1

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """What makes no sense asks for everything."""
        sort, page = query.get("sort", ""), query.get("page", "")
        return cls(
            query.get("q", "").strip()[:200],
            query.get("scope", "")[:200],
            query.get("action", "")[:20],
            query.get("found", "") == "1",
            sort if sort.removeprefix("-") in SORTS else "number",
            int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1,
        )

    def query(self, **changes: Any) -> str:
        """The end of the address that asks for this, changed in some fields; another page only when said."""
        other = replace(self, **({"page": 1} | changes))
        values = {
            "q": other.q,
            "scope": other.scope,
            "action": other.action,
            "found": "1" if other.found else "",
        }
        values["sort"] = "" if other.sort == "number" else other.sort
        values["page"] = str(other.page) if other.page > 1 else ""
        return "?" + urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class Row:
    """A rule with the remarks that stand at its lines."""

    rule: Rule
    protocol: str
    ports: str
    remarks: list[Remark]


@dataclass(frozen=True)
class Column:
    """A heading that sorts: ``direction`` as it is now (may be empty), ``query`` what a click asks for."""

    code: str
    direction: str
    query: str


@dataclass(frozen=True)
class ScopeCard:
    """A list of rules, ``number`` counts from 1; ``query`` chooses it, or lets it go when it is chosen."""

    number: int
    scope: Scope
    rules: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Objects:
    shown: list[NamedObject]
    total: int
    unused: int


@dataclass(frozen=True)
class Rules:
    """One page of rules: ``matching`` of ``total``; ``previous`` and ``next`` are ends of addresses."""

    rows: list[Row]
    total: int
    matching: int
    first: int
    last: int
    columns: list[Column]
    scopes: list[ScopeCard]
    scopes_left_out: int
    scope_names: list[str]
    actions: list[str]
    objects: Objects
    previous: str
    next: str


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    if opened.analysis is None:
        return {"rules": None}
    asked = Asked.parse(query)
    return {"asked": asked, "rules": rules_of(ruleset_of(opened.analysis), opened.remarks, asked)}


def ruleset_of(analysis: Analysis) -> Ruleset:
    """The rules that the analyser kept. Raises DomainError when they are gone, or of an older version."""
    try:
        with _collector_paused():
            return from_json(detail_of(analysis))
    except (BadAnalysis, FileNotFoundError):
        raise DomainError("rules-gone", _GONE, status=410) from None


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A hundred thousand lists and no cycle: looking for some again and again takes most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def rules_of(ruleset: Ruleset, remarks: list[Remark], asked: Asked) -> Rules:
    beside = _remarks_by_rule(ruleset.rules, remarks)
    chosen = [rule for rule in ruleset.rules if _matches(rule, asked, bool(beside.get(rule.number)))]
    chosen.sort(key=lambda rule: rule.number)
    chosen.sort(key=SORTS[asked.sort.removeprefix("-")], reverse=asked.sort.startswith("-"))
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(asked.page, pages)
    first = (page - 1) * PAGE
    shown = chosen[first : first + PAGE]
    counts = Counter(rule.scope for rule in ruleset.rules)
    return Rules(
        rows=[Row(rule, protocols(rule), ports(rule), beside.get(rule.number, [])) for rule in shown],
        total=len(ruleset.rules),
        matching=len(chosen),
        first=first + 1 if shown else 0,
        last=first + len(shown),
        columns=[_column(code, asked) for code in SORTS],
        scopes=[
            ScopeCard(
                number,
                scope,
                counts[scope.name],
                asked.query(scope="" if asked.scope == scope.name else scope.name),
                asked.scope == scope.name,
            )
            for number, scope in enumerate(ruleset.scopes[:SCOPES_SHOWN], start=1)
        ],
        scopes_left_out=max(0, len(ruleset.scopes) - SCOPES_SHOWN),
        scope_names=list(dict.fromkeys((*(scope.name for scope in ruleset.scopes), *counts))),
        actions=sorted({rule.action for rule in ruleset.rules}),
        objects=_objects(ruleset),
        previous=asked.query(page=page - 1) if page > 1 else "",
        next=asked.query(page=page + 1) if page < pages else "",
    )


def protocols(rule: Rule) -> str:
    return ", ".join(dict.fromkeys(one.protocol for one in rule.services))


def ports(rule: Rule) -> str:
    """The destination ports in figures, source ports in front of an arrow; empty when any port matches."""
    return ", ".join(filter(None, dict.fromkeys(map(_ports, rule.services))))


# --- Choosing and sorting ----------------------------------------------------------------------------


def _first_port(rule: Rule) -> tuple[int, int]:
    found = [one.ports[0] for one in rule.services if one.ports]
    return min(found, default=(-1, -1))


SORTS: Final[Mapping[str, Callable[[Rule], Any]]] = {
    "number": lambda rule: rule.number,
    "scope": lambda rule: (rule.scope, rule.order),
    "action": lambda rule: rule.action,
    "protocol": protocols,
    "sources": lambda rule: (not rule.sources.is_any, rule.sources.v4, rule.sources.v6, rule.sources.text),
    "destinations": lambda rule: (
        not rule.destinations.is_any,
        rule.destinations.v4,
        rule.destinations.v6,
        rule.destinations.text,
    ),
    "ports": _first_port,
    "state": lambda rule: rule.states,
    "logging": lambda rule: not rule.logging,
    "comment": lambda rule: (not (rule.name or rule.comment), rule.name.casefold(), rule.comment.casefold()),
    "lines": lambda rule: rule.first_line,
}


def _matches(rule: Rule, asked: Asked, has_remarks: bool) -> bool:
    if asked.scope and rule.scope != asked.scope:
        return False
    if asked.action and rule.action != asked.action:
        return False
    if asked.found and not has_remarks:
        return False
    return not asked.q or all(word in _searched(rule) for word in asked.q.casefold().split())


def _searched(rule: Rule) -> str:
    texts = (
        *(rule.scope, rule.name, rule.comment, rule.action, rule.target, rule.sources.text),
        *(rule.destinations.text, ports(rule), *(one.text for one in rule.services), protocols(rule)),
        *(*rule.interfaces_in, *rule.interfaces_out, *rule.states, *rule.conditions, *rule.references),
    )
    return " ".join(texts).casefold()


def _column(code: str, asked: Asked) -> Column:
    direction = ""
    if asked.sort.removeprefix("-") == code:
        direction = "descending" if asked.sort.startswith("-") else "ascending"
    return Column(code, direction, asked.query(sort=f"-{code}" if direction == "ascending" else code))


def _remarks_by_rule(rules: tuple[Rule, ...], remarks: list[Remark]) -> dict[int, list[Remark]]:
    """By the number of the rule, those remarks of which a place lies within its lines."""
    at_line: dict[int, int] = {}
    for rule in rules:
        for line in range(rule.first_line, min(rule.last_line, rule.first_line + 500) + 1):
            at_line[line] = rule.number
    ends = {rule.number: rule.last_line for rule in rules}
    found: dict[int, list[Remark]] = {}
    for remark in remarks:
        numbers = {
            at_line[place.first]
            for place in remark.told_at
            if place.unit == "line" and place.first in at_line and place.last <= ends[at_line[place.first]]
        }
        for number in numbers:
            found.setdefault(number, []).append(remark)
    return found


def _objects(ruleset: Ruleset) -> Objects:
    """Those that nothing uses first."""
    ordered = sorted(ruleset.objects, key=lambda one: (one.uses > 0, one.first_line))
    return Objects(ordered[:OBJECTS_SHOWN], len(ordered), sum(1 for one in ordered if not one.uses))


def _ports(service: Service) -> str:
    there = ", ".join(map(_range, service.ports))
    if not service.source_ports:
        return there
    return f"{', '.join(map(_range, service.source_ports))} → {there or '*'}"


def _range(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}–{pair[1]}"
