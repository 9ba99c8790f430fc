"""Choose and sort rules as the address asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self
from urllib.parse import urlencode

from assessments.analysers.configurations.rules import Rule, Service


@dataclass(frozen=True)
class Asked:
    """Which rules, in which order: ``sort`` is a column, with a minus before it the other way round.

    ``line`` asks for the page with the rule that stands there, which is marked.
    """

    q: str = ""
    scope: str = ""
    action: str = ""
    found: bool = False
    sort: str = "number"
    page: int = 1
    line: int = 0

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """What makes no sense asks for everything."""
        sort = query.get("sort", "")
        return cls(
            query.get("q", "").strip()[:200],
            query.get("scope", "")[:200],
            query.get("action", "")[:20],
            query.get("found", "") == "1",
            sort if sort.removeprefix("-") in SORTS else "number",
            max(1, _number(query.get("page", ""))),
            _number(query.get("line", "").partition("-")[0]),
        )

    def query(self, **changes: Any) -> str:
        """The end of the address that asks for this, changed in some fields; another page only when said."""
        other = replace(self, **({"page": 1, "line": 0} | changes))
        values = {
            "q": other.q,
            "scope": other.scope,
            "action": other.action,
            "found": "1" if other.found else "",
        }
        values["sort"] = "" if other.sort == "number" else other.sort
        values["page"] = str(other.page) if other.page > 1 else ""
        return "?" + urlencode({name: value for name, value in values.items() if value})


def protocols(rule: Rule) -> str:
    return ", ".join(dict.fromkeys(one.protocol for one in rule.services))


def ports(rule: Rule) -> str:
    """The destination ports in figures, source ports in front of an arrow; empty when any port matches."""
    return ", ".join(filter(None, dict.fromkeys(map(_ports, rule.services))))


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


def matches(rule: Rule, asked: Asked, has_remarks: bool) -> bool:
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


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _ports(service: Service) -> str:
    there = ", ".join(map(_range, service.ports))
    if not service.source_ports:
        return there
    return f"{', '.join(map(_range, service.source_ports))} → {there or '*'}"


def _range(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}–{pair[1]}"
