"""Findings on rules that never decide anything, because other rules decide first or in the same way."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Severity, Skipped
from assessments.analysers.configurations.findings.codes import finding, place_of
from assessments.analysers.configurations.findings.context import UNORDERED, Context
from assessments.analysers.configurations.findings.coverers import Coverers
from assessments.analysers.configurations.findings.covering import (
    Profile,
    is_covered,
    may_overlap,
    profile,
)
from assessments.analysers.configurations.rules import Rule

# Comparisons of two rules in one file; a file made to exhaust them is read so far and no further.
MOST_WORK: Final = 3_000_000
# Rules between two that are compared one by one.
_MOST_BETWEEN: Final = 200


class _Work:
    """What is left of the comparisons; `spend` tells whether there are any."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, weight: int) -> bool:
        self.left -= weight
        return self.left > 0


def covered_rules(context: Context, most_work: int = MOST_WORK) -> Iterator[Finding | Skipped]:
    """Shadowed rules (an earlier rule decides otherwise) and redundant ones (another decides the same)."""
    if context.ruleset.dialect in UNORDERED:
        return
    work = _Work(most_work)
    for scope, rules in context.filtering():
        if len(rules) < 2:
            continue
        profiles = [profile(rule) for rule in rules]
        earlier = _earlier(profiles, work)
        for at, by in earlier.items():
            yield _covered(rules[at], rules[by])
        for at, by in _later(profiles, earlier, work).items():
            yield _finding("redundant-before", rules[at], rules[by])
        if work.left <= 0:
            yield Skipped("comparison-limit", detail=scope.name[:100])
            return


def _covered(rule: Rule, by: Rule) -> Finding:
    same = rule.action == by.action or {rule.action, by.action} == {"drop", "reject"}
    if same:
        return _finding("redundant-rule", rule, by)
    # What should be stopped and passes is worse than what should pass and is stopped.
    passes = rule.action in ("drop", "reject") and by.action == "accept"
    return _finding("shadowed-rule", rule, by, "high" if passes else "medium")


def _finding(code: str, rule: Rule, by: Rule, severity: Severity | None = None) -> Finding:
    return finding(
        code,
        place_of(rule),
        place_of(by),
        severity=severity,
        values={
            "rule": rule.order,
            "by": by.order,
            "scope": rule.scope,
            "line": rule.first_line,
            "by_line": by.first_line,
        },
    )


def _earlier(profiles: list[Profile], work: _Work) -> dict[int, int]:
    """Place of each covered rule → place of the first earlier rule that covers it."""
    found: dict[int, int] = {}
    index = Coverers()
    for at, one in enumerate(profiles):
        by = _coverer(index, profiles, one, work)
        if work.left <= 0:
            break
        if by is not None:
            # What this rule covers, the other covers too: it need not be filed.
            found[at] = by
        elif one.decides:
            index.add(one, at)
    return found


def _coverer(index: Coverers, profiles: list[Profile], one: Profile, work: _Work) -> int | None:
    best: int | None = None
    for places in index.of(one):
        for place in places:
            if best is not None and place >= best:
                break
            if not work.spend(profiles[place].weight):
                return best
            if is_covered(one, profiles[place]):
                best = place
                break
    return best


def _later(profiles: list[Profile], done: dict[int, int], work: _Work) -> dict[int, int]:
    """Place of each rule that a later one makes needless → place of that one."""
    found: dict[int, int] = {}
    differs = _next_that_differs(profiles)
    index = Coverers()
    for at in range(len(profiles) - 1, -1, -1):
        one = profiles[at]
        if at in done:
            continue
        if one.rule.action in ("accept", "drop", "reject"):
            by = _later_coverer(index, profiles, at, differs, work)
            if work.left <= 0:
                break
            if by is not None:
                found[at] = by
        if one.decides:
            index.add(one, at)
    return found


def _later_coverer(
    index: Coverers, profiles: list[Profile], at: int, differs: list[int], work: _Work
) -> int | None:
    one = profiles[at]
    nearest: int | None = None
    for places in index.of(one):
        # Filed from the end: the last of the list stands next.
        for place in places[:-9:-1]:
            other = profiles[place]
            if nearest is not None and place >= nearest:
                break
            if not work.spend(other.weight):
                return None
            if (
                other.rule.action == one.rule.action
                and (other.rule.logging or not one.rule.logging)
                # A rule that inspects, limits or routes what it accepts is not the same as one that does not.
                and other.rule.target == one.rule.target
                and is_covered(one, other)
                and _nothing_between(profiles, at, place, differs, work)
            ):
                nearest = place
                break
    return nearest


def _nothing_between(profiles: list[Profile], at: int, place: int, differs: list[int], work: _Work) -> bool:
    """Whether no rule between the two may decide, note or jump with a packet of the first."""
    between = differs[at]
    steps = 0
    while between < place:
        steps += 1
        if steps > _MOST_BETWEEN or not work.spend(profiles[between].weight):
            return False
        other = profiles[between].rule
        if other.action == profiles[at].rule.action:
            # Of the same action: the next that differs from it differs from ours.
            between = differs[between]
            continue
        if may_overlap(profiles[at], profiles[between]):
            return False
        between += 1
    return True


def _next_that_differs(profiles: list[Profile]) -> list[int]:
    """For each rule the place of the next one with another action."""
    found = [len(profiles)] * len(profiles)
    for at in range(len(profiles) - 2, -1, -1):
        same = profiles[at + 1].rule.action == profiles[at].rule.action
        found[at] = found[at + 1] if same else at + 1
    return found
