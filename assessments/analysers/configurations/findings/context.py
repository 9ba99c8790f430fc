"""A rule set as the functions that look for findings need it: rules by scope and answers on one rule."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations.rules import (
    V4_MOST,
    V6_MOST,
    Addresses,
    Range,
    Rule,
    Ruleset,
    Scope,
)

NETFILTER: Final = frozenset(("iptables-save", "ip6tables-save", "nftables", "nftables-json"))
CISCO: Final = frozenset(("cisco-ios", "cisco-asa"))
# Windows weighs all its rules at once: a block beats an allow wherever it stands.
UNORDERED: Final = frozenset(("windows-json", "windows-netsh"))
_WHOLE: Final = {"v4": ((0, V4_MOST),), "v6": ((0, V6_MOST),)}
_LOOPBACK: Final = frozenset(("lo", "lo0", "Loopback", "localhost"))
# Conditions that limit how much or how a connection starts, not who may start it.
_LETS_ANYONE: Final = (
    *("limit", "hashlimit", "recent", "connlimit", "syn", "tcp-flags", "tcp flags", "quota", "rate"),
    *("rcheck", "update", "name", "seconds", "hitcount", "rsource", "set"),
)
# Conditions on what answers, and when: a port is open to anyone all the same.
_OPENS_TO_ANYONE: Final = (
    *_LETS_ANYONE,
    *("application ", "program ", "service ", "package ", "profile ", "schedule", "sched"),
)
_DEPTH: Final = 16
PART, ANYONE, EVERYTHING = range(3)


@dataclass(frozen=True, slots=True)
class Context:
    """Rules by scope in the order of evaluation."""

    ruleset: Ruleset
    by_scope: dict[str, list[Rule]] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    # How much of the traffic comes to a scope: EVERYTHING, from ANYONE though not all, or a part only.
    entry: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, ruleset: Ruleset) -> "Context":
        by_scope: dict[str, list[Rule]] = {scope.name: [] for scope in ruleset.scopes}
        for rule in ruleset.rules:
            by_scope.setdefault(rule.scope, []).append(rule)
        for rules in by_scope.values():
            rules.sort(key=lambda rule: rule.order)
        context = cls(ruleset, by_scope, {scope.name: scope for scope in ruleset.scopes})
        context._enter()
        return context

    def _enter(self) -> None:
        """Follow the jumps from the chains where packets come in: each may narrow what its chain sees."""
        for name in self.by_scope:
            scope = self.scopes.get(name)
            chained = scope is None or scope.default == "none"
            self.entry[name] = PART if chained and self.ruleset.dialect in NETFILTER else EVERYTHING
        waiting = [name for name, level in self.entry.items() if level]
        while waiting:
            name = waiting.pop()
            for rule in self.by_scope[name]:
                target = self.target(rule) if rule.enabled else ""
                level = min(self.entry[name], _level(rule)) if target else PART
                if target and level > self.entry[target]:
                    self.entry[target] = level
                    waiting.append(target)

    def filtering(self) -> Iterator[tuple[Scope, list[Rule]]]:
        """The scopes that filter, with their enabled rules."""
        for scope in self.ruleset.scopes:
            if scope.filters:
                yield scope, [rule for rule in self.by_scope[scope.name] if rule.enabled]

    def accepts(self, entry: int) -> Iterator[tuple[Scope, Rule]]:
        """Every enabled rule that lets new packets from elsewhere pass, where at least `entry` comes."""
        for scope, rules in self.filtering():
            if scope.direction == "out" or self.entry[scope.name] < entry:
                continue
            for rule in rules:
                if rule.action == "accept" and starts_connections(rule) and not is_loopback(rule):
                    yield scope, rule

    def reachable(self, scope: Scope) -> Iterator[Rule]:
        """The enabled rules of a scope with those of the chains that it jumps to."""
        seen = {scope.name}
        waiting = [(scope.name, 0)]
        while waiting:
            name, depth = waiting.pop()
            for rule in self.by_scope.get(name, ()):
                if not rule.enabled:
                    continue
                yield rule
                target = self.target(rule)
                if target and target not in seen and depth < _DEPTH:
                    seen.add(target)
                    waiting.append((target, depth + 1))

    def target(self, rule: Rule) -> str:
        """The scope that a rule jumps to, empty when it is none of this file."""
        if rule.action != "jump" or not rule.target:
            return ""
        beside = f"{rule.scope.rpartition(' ')[0]} {rule.target}".strip()
        return beside if beside in self.scopes else ""


def starts_connections(rule: Rule) -> bool:
    """Whether a packet that belongs to nothing yet can match."""
    return not rule.states or bool({"new", "untracked"} & set(rule.states))


def is_loopback(rule: Rule) -> bool:
    return bool(rule.interfaces_in) and _LOOPBACK.issuperset(rule.interfaces_in)


def lets_anyone(rule: Rule) -> bool:
    """Whether the conditions of a rule leave open who may use it."""
    return all(condition.startswith(_LETS_ANYONE) for condition in rule.conditions)


def opens_to_anyone(rule: Rule) -> bool:
    """Whether anyone may come to the ports of a rule, if only to one program or at some hours."""
    return all(condition.startswith(_OPENS_TO_ANYONE) for condition in rule.conditions)


def is_whole(addresses: Addresses, rule: Rule) -> bool:
    """Whether every address of some family the rule is for matches."""
    if not addresses.known:
        return False
    v4 = rule.family != "ipv6" and addresses.v4 == _WHOLE["v4"]
    v6 = rule.family != "ipv4" and addresses.v6 == _WHOLE["v6"]
    return v4 or v6


def is_any_service(rule: Rule) -> bool:
    return any(
        one.known and one.protocol == "any" and not one.ports and not one.source_ports
        for one in rule.services
    )


def is_everything(rule: Rule, *, bound: bool = False) -> bool:
    """Whether no address, service, interface or state narrows the rule.

    In a list that is `bound` to a place, the interfaces or zones of its rules are those of the list.
    """
    return (
        is_whole(rule.sources, rule)
        and is_whole(rule.destinations, rule)
        and is_any_service(rule)
        and (bound or not (rule.interfaces_in or rule.interfaces_out))
        and starts_connections(rule)
    )


def _level(rule: Rule) -> int:
    """What a jump lets on to its chain."""
    if is_everything(rule) and not rule.conditions:
        return EVERYTHING
    if is_whole(rule.sources, rule) and lets_anyone(rule) and starts_connections(rule):
        return ANYONE
    return PART


def closing(scope: Scope, rules: list[Rule]) -> Rule | None:
    """The rule that decides about everything that comes to its list, if there is one.

    The rules of a list that is applied to a place, or that stands between two zones, all name these.
    """
    bound = bool(scope.where) or " → " in scope.name
    for rule in rules:
        if (
            rule.action in ("drop", "reject", "accept")
            and not rule.conditions
            and is_everything(rule, bound=bound)
        ):
            return rule
    return None


def contains(ranges: tuple[Range, ...], number: int) -> bool:
    return any(first <= number <= last for first, last in ranges)
