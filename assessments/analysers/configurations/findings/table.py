"""The table of all that is looked for; a new matter is one function, one row and its words."""

from collections.abc import Callable, Iterable
from typing import Final

from assessments.analysers.analysis import Finding, Severity, Skipped
from assessments.analysers.configurations.findings import habits, openness, shadowing
from assessments.analysers.configurations.findings.context import Context
from assessments.analysers.configurations.rules import Ruleset

Looking = Callable[[Context], Iterable[Finding | Skipped]]

FINDINGS: Final[tuple[Looking, ...]] = (
    openness.default_accepts,
    openness.any_any_accepts,
    openness.management_port_open,
    openness.management_access,
    openness.ipv6_left_open,
    openness.clear_text_service,
    openness.broad_port_range,
    shadowing.covered_rules,
    habits.missing_established,
    habits.stateless_without_established,
    habits.drop_not_logged,
    habits.unused_object,
    habits.list_applied_nowhere,
    habits.disabled_rule,
    habits.rule_never_hit,
)
_WEIGHT: Final[dict[Severity, int]] = {"high": 0, "medium": 1, "low": 2, "info": 3}


def look(ruleset: Ruleset) -> tuple[tuple[Finding, ...], tuple[Skipped, ...]]:
    """All findings, the gravest first and then by line, and what was not compared."""
    context = Context.of(ruleset)
    found: list[Finding] = []
    skipped: list[Skipped] = []
    for looking in FINDINGS:
        for one in looking(context):
            if isinstance(one, Finding):
                found.append(one)
            else:
                skipped.append(one)
    found.sort(key=lambda one: (_WEIGHT[one.severity], one.places[0].first if one.places else 0))
    return tuple(found), tuple(skipped)
