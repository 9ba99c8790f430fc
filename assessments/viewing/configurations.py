"""What the table of rules shows: one page of the rules that are asked for, with what was found at each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from assessments.analysers.analysis import BadAnalysis
from assessments.analysers.collecting import collector_paused
from assessments.analysers.configurations.rules import NamedObject, Rule, Ruleset, Scope
from assessments.analysers.configurations.storing import from_json
from assessments.analysing import detail_of
from assessments.models import Analysis
from assessments.viewing.choosing import SORTS, Asked, matches, ports, protocols
from assessments.viewing.opened import Opened
from assessments.viewing.remarks import Remark
from workbench.errors import DomainError

PAGE: Final = 100
OBJECTS_SHOWN: Final = 200
SCOPES_SHOWN: Final = 100
_GONE: Final = _("The rules that were read are no longer kept. They appear again once the file is read anew.")


@dataclass(frozen=True)
class Row:
    """A rule with the remarks that stand at its lines."""

    rule: Rule
    protocol: str
    ports: str
    remarks: list[Remark]
    is_asked: bool


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
    """One page of rules: ``matching`` of ``total``; ``previous`` and ``next`` are ends of addresses.

    ``asked_in_vain`` tells that no rule stands at the line that was asked for.
    """

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
    asked_in_vain: bool


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    if opened.analysis is None:
        return {"rules": None}
    asked = Asked.parse(query)
    return {"asked": asked, "rules": rules_of(ruleset_of(opened.analysis), opened.remarks, asked)}


def ruleset_of(analysis: Analysis) -> Ruleset:
    """The rules that the analyser kept. Raises DomainError when they are gone, or of an older version."""
    try:
        with collector_paused():
            return from_json(detail_of(analysis))
    except (BadAnalysis, FileNotFoundError):
        raise DomainError("rules-gone", _GONE, status=410) from None


def rules_of(ruleset: Ruleset, remarks: list[Remark], asked: Asked) -> Rules:
    beside = _remarks_by_rule(ruleset.rules, remarks)
    chosen = [rule for rule in ruleset.rules if matches(rule, asked, bool(beside.get(rule.number)))]
    chosen.sort(key=lambda rule: rule.number)
    chosen.sort(key=SORTS[asked.sort.removeprefix("-")], reverse=asked.sort.startswith("-"))
    pages = max(1, -(-len(chosen) // PAGE))
    asked_at = _place_of(asked.line, chosen)
    page = min(asked.page, pages) if asked_at is None else asked_at // PAGE + 1
    first = (page - 1) * PAGE
    shown = chosen[first : first + PAGE]
    counts = Counter(rule.scope for rule in ruleset.rules)
    return Rules(
        rows=[
            Row(rule, protocols(rule), ports(rule), beside.get(rule.number, []), at == asked_at)
            for at, rule in enumerate(shown, start=first)
        ],
        asked_in_vain=bool(asked.line and asked_at is None),
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


def _place_of(line: int, rules: list[Rule]) -> int | None:
    """Where among `rules` the one is that stands at a line; the shortest where several do."""
    places = [at for at, rule in enumerate(rules) if rule.first_line <= line <= rule.last_line]
    return min(places, key=lambda at: rules[at].last_line - rules[at].first_line, default=None)


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
