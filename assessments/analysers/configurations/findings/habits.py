"""Findings on what a careful rule set has and this one lacks."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place
from assessments.analysers.configurations.findings.codes import finding, place_of, rule_finding
from assessments.analysers.configurations.findings.context import (
    NETFILTER,
    Context,
    closing,
    is_loopback,
    is_whole,
    lets_anyone,
    starts_connections,
)
from assessments.analysers.configurations.rules import NamedObject, Rule, Scope

# Products that note what they deny without being told so in a rule, or not by rule at all.
_LOGS_DENIED: Final = frozenset(("cisco-asa", "pfsense", "opnsense", "windows-json", "windows-netsh"))


def missing_established(context: Context) -> Iterator[Finding]:
    """Lists that drop by default and accept no answers, where the product tracks connections only by rule."""
    if context.ruleset.dialect not in NETFILTER:
        return
    for scope, rules in context.filtering():
        if scope.direction == "" or not _drops_at_end(scope, rules):
            continue
        accepts = [rule for rule in context.reachable(scope) if rule.action == "accept"]
        opens = [rule for rule in accepts if starts_connections(rule) and not is_loopback(rule)]
        if opens and not any("established" in rule.states for rule in accepts):
            yield finding("missing-established", *_line(scope), values={"scope": scope.name})


def stateless_without_established(context: Context) -> Iterator[Finding]:
    """Lists that keep no state, accept some TCP and let no answers through."""
    for scope, rules in context.filtering():
        ends = closing(scope, rules)
        if scope.stateful or not rules or (ends is not None and ends.action == "accept"):
            continue
        tcp = [
            rule
            for rule in rules
            if rule.action == "accept" and any(one.protocol in ("tcp", "any") for one in rule.services)
        ]
        if tcp and not any("established" in rule.states for rule in rules):
            yield finding("stateless-without-established", place_of(tcp[0]), values={"scope": scope.name})


def drop_not_logged(context: Context) -> Iterator[Finding]:
    """Lists whose last word is a drop that leaves no trace."""
    if context.ruleset.dialect in _LOGS_DENIED:
        return
    for scope, rules in context.filtering():
        # A chain hands on what it does not decide; a list of policies is one of several that decide.
        chained = scope.default == "none" and context.ruleset.dialect in NETFILTER
        if not scope.applied or chained or not _drops_at_end(scope, rules):
            continue
        ends = closing(scope, rules)
        before = rules[: rules.index(ends) + 1] if ends is not None else rules
        if not any(_notes_the_rest(context, rule) for rule in before):
            places = [place_of(ends)] if ends is not None else _line(scope)
            yield finding("drop-not-logged", *places, values={"scope": scope.name})


def _notes_the_rest(context: Context, rule: Rule) -> bool:
    """Whether a rule logs everything that comes to it, itself or in the chain that it jumps to."""
    if not _is_for_all(rule):
        return False
    if rule.logging:
        return True
    target = context.target(rule)
    return bool(target) and any(
        inner.logging and _is_for_all(inner) for inner in context.by_scope.get(target, ()) if inner.enabled
    )


def _is_for_all(rule: Rule) -> bool:
    """A rule for everything that is left; one that logs each protocol by itself is not asked for more."""
    return (
        is_whole(rule.sources, rule)
        and is_whole(rule.destinations, rule)
        and starts_connections(rule)
        and lets_anyone(rule)
        and all(one.known and not one.ports and not one.source_ports for one in rule.services)
    )


def _drops_at_end(scope: Scope, rules: list[Rule]) -> bool:
    ends = closing(scope, rules)
    if ends is not None:
        return ends.action in ("drop", "reject")
    return scope.default in ("drop", "reject")


def unused_object(context: Context) -> Iterator[Finding]:
    """Objects that nothing in the file uses."""
    for one in context.ruleset.objects:
        if is_unused(one):
            yield finding(
                "unused-object",
                Place("line", one.first_line, one.last_line),
                values={"name": one.name, "kind": one.kind},
            )


def is_unused(one: NamedObject) -> bool:
    """Whether nothing uses an object; lists and zones count by where they are applied."""
    return not one.uses and one.kind not in ("list", "zone")


def list_applied_nowhere(context: Context) -> Iterator[Finding]:
    """Lists that nothing in the file applies, so that none of their rules ever counts."""
    lines = {one.name: one for one in context.ruleset.objects if one.kind == "list"}
    for scope in context.ruleset.scopes:
        if scope.applied:
            continue
        rules = context.by_scope[scope.name]
        known = lines.get(scope.name)
        places = [Place("line", known.first_line, known.last_line)] if known and known.first_line else []
        if not places and rules:
            places = [place_of(rules[0])]
        yield finding("list-applied-nowhere", *places, values={"scope": scope.name})


def disabled_rule(context: Context) -> Iterator[Finding]:
    """Rules that are written and switched off."""
    for rule in context.ruleset.rules:
        if not rule.enabled:
            yield rule_finding("disabled-rule", rule)


def rule_never_hit(context: Context) -> Iterator[Finding]:
    """Rules whose counter is nought where others have counted."""
    if not any(rule.hits for rule in context.ruleset.rules):
        return
    for _scope, rules in context.filtering():
        for rule in rules:
            if rule.hits == 0:
                yield rule_finding("rule-never-hit", rule)


def _line(scope: Scope) -> list[Place]:
    return [Place("line", scope.default_line, scope.default_line)] if scope.default_line else []
