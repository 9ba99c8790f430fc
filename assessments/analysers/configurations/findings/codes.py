"""The codes of all findings with how much each weighs and the values its words may use."""

from dataclasses import dataclass
from typing import Final

from assessments.analysers.analysis import Finding, Place, Severity
from assessments.analysers.configurations.rules import Rule


@dataclass(frozen=True, slots=True)
class Code:
    """The usual severity of a finding and the names of its values."""

    severity: Severity
    values: frozenset[str]


def _code(severity: Severity, *values: str) -> Code:
    return Code(severity, frozenset(values))


CODES: Final[dict[str, Code]] = {
    "default-accepts": _code("high", "scope"),
    "empty-list-accepts": _code("high", "scope"),
    "security-level-accepts": _code("low", "scope"),
    "any-any-accepts": _code("high", "rule", "scope", "name"),
    "shadowed-rule": _code("high", "rule", "by", "scope", "line", "by_line"),
    "redundant-rule": _code("low", "rule", "by", "scope", "line", "by_line"),
    "redundant-before": _code("low", "rule", "by", "scope", "line", "by_line"),
    "management-port-open": _code("high", "rule", "scope", "name", "ports"),
    "management-access-open": _code("high", "service", "interface"),
    "clear-text-management": _code("medium", "service", "interface"),
    "clear-text-service": _code("medium", "rule", "scope", "name", "services"),
    "broad-port-range": _code("medium", "rule", "scope", "name", "ports", "count"),
    "missing-established": _code("medium", "scope"),
    "stateless-without-established": _code("low", "scope"),
    "drop-not-logged": _code("low", "scope"),
    "ipv6-open": _code("high"),
    "ipv6-unseen": _code("info"),
    "unused-object": _code("low", "name", "kind"),
    "list-applied-nowhere": _code("low", "scope"),
    "disabled-rule": _code("info", "rule", "scope", "name"),
    "rule-never-hit": _code("info", "rule", "scope", "name"),
}
_LONGEST: Final = 100


def finding(
    code: str, *places: Place, severity: Severity | None = None, values: dict[str, str | int] | None = None
) -> Finding:
    """A finding of the table; long names are cut, since a page shows them in a sentence."""
    shown = {name: _cut(value) for name, value in (values or {}).items()}
    return Finding(code, severity or CODES[code].severity, places, shown)


def rule_finding(code: str, rule: Rule, severity: Severity | None = None, **values: str | int) -> Finding:
    """A finding about one rule."""
    known: dict[str, str | int] = {"rule": rule.order, "scope": rule.scope, "name": rule.name}
    return finding(code, place_of(rule), severity=severity, values=known | values)


def place_of(rule: Rule) -> Place:
    return Place("line", rule.first_line, rule.last_line)


def _cut(value: str | int) -> str | int:
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value
