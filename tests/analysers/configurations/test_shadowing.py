"""A rule said to be covered never decides anything, checked packet by packet in a small universe."""

import itertools
import time
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import Finding, Skipped
from assessments.analysers.configurations.findings.context import Context
from assessments.analysers.configurations.findings.shadowing import covered_rules
from assessments.analysers.configurations.rules import (
    V4_MOST,
    V6_MOST,
    Addresses,
    Rule,
    Ruleset,
    Scope,
    Service,
)

# Every packet of the universe: two families, four addresses a side, three protocols, three ports, two
# interfaces, two states.
ADDRESSES = (0, 1, 2, 3)
PORTS = (0, 1, 65_535)
PROTOCOLS = ("tcp", "udp", "gre")


@dataclass(frozen=True)
class Packet:
    is_v6: bool
    source: int
    destination: int
    protocol: str
    port: int
    interface: str
    state: str


PACKETS = [
    Packet(*values)
    for values in itertools.product(
        (False, True), ADDRESSES, ADDRESSES, PROTOCOLS, PORTS, ("a", "b"), ("new", "established")
    )
]


def matches(rule: Rule, packet: Packet) -> bool:
    """Whether a rule whose conditions hold matches a packet, in the plainest way."""
    family = "ipv6" if packet.is_v6 else "ipv4"
    sides = ((rule.sources, packet.source), (rule.destinations, packet.destination))
    return (
        rule.family in ("any", family)
        and all(
            any(first <= number <= last for first, last in (side.v6 if packet.is_v6 else side.v4))
            for side, number in sides
        )
        and any(
            one.protocol in ("any", packet.protocol)
            and (not one.ports or any(first <= packet.port <= last for first, last in one.ports))
            for one in rule.services
        )
        and (not rule.interfaces_in or packet.interface in rule.interfaces_in)
        and (not rule.states or packet.state in rule.states)
    )


@st.composite
def sides(draw: st.DrawFn) -> Addresses:
    # Wide sides are frequent, so that rules often cover each other but for one matter.
    choice = draw(st.integers(0, 9))
    if choice > 3:
        return Addresses("any", ((0, V4_MOST),), ((0, V6_MOST),))
    if choice == 3:
        return Addresses("?", known=False)
    v4, v6 = (
        tuple((one, one) for one in ADDRESSES if draw(st.booleans()) and one % 2 == parity)
        for parity in (0, draw(st.integers(0, 1)))
    )
    if choice == 2:
        return Addresses("low", ((0, 1),), v6)
    return Addresses("some", v4, v6)


@st.composite
def rules(draw: st.DrawFn, order: int) -> Rule:
    services = st.builds(
        Service,
        st.sampled_from(("any", "any", "any", *PROTOCOLS)),
        st.sampled_from(((), (), (), ((0, 0),), ((0, 1),), ((65_535, 65_535),), ((0, 65_535),))),
    )
    return Rule(
        order,
        "S",
        order,
        draw(st.sampled_from(("accept", "drop", "accept", "drop", "return", "log", "jump"))),
        order,
        order,
        family=draw(st.sampled_from(("any", "any", "any", "ipv4", "ipv6"))),
        interfaces_in=draw(st.sampled_from(((), (), (), (), ("a",), ("b",), ("a", "b")))),
        sources=draw(sides()),
        destinations=draw(sides()),
        services=tuple(draw(st.lists(services, min_size=1, max_size=2))),
        states=draw(st.sampled_from(((), (), (), ("new",), ("established",), ("established", "new")))),
        conditions=draw(st.sampled_from(((), (), (), (), ("limit",)))),
        enabled=draw(st.integers(0, 9)) > 0,
        logging=draw(st.booleans()),
    )


@st.composite
def lists(draw: st.DrawFn) -> Ruleset:
    count = draw(st.integers(2, 7))
    made = tuple(draw(rules(order)) for order in range(1, count + 1))
    return Ruleset("nftables", "", count, (Scope("S", "drop", family="any", direction="in"),), made)


def findings(ruleset: Ruleset) -> list[Finding]:
    found = list(covered_rules(Context.of(ruleset)))
    assert not [one for one in found if isinstance(one, Skipped)]
    return [one for one in found if isinstance(one, Finding)]


def known(rule: Rule) -> bool:
    return rule.sources.known and rule.destinations.known


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists())
def test_a_covered_rule_matches_no_packet_that_the_other_does_not(ruleset: Ruleset) -> None:
    for one in findings(ruleset):
        rule = ruleset.rules[int(one.values["rule"]) - 1]
        by = ruleset.rules[int(one.values["by"]) - 1]
        assert rule.enabled and by.enabled and not by.conditions and known(by)
        if known(rule):
            assert all(matches(by, packet) for packet in PACKETS if matches(rule, packet))
        if one.code == "redundant-before":
            assert rule.order < by.order and rule.action == by.action
        else:
            assert by.order < rule.order
            assert (one.code == "redundant-rule") == (rule.action == by.action)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists())
def test_every_rule_that_one_other_covers_is_found(ruleset: Ruleset) -> None:
    told = {int(one.values["rule"]) for one in findings(ruleset) if one.code != "redundant-before"}
    enabled = [rule for rule in ruleset.rules if rule.enabled]
    for at, rule in enumerate(enabled):
        packets = [packet for packet in PACKETS if known(rule) and matches(rule, packet)]
        deciders = [
            other
            for other in enabled[:at]
            if other.action in ("accept", "drop", "return") and not other.conditions and known(other)
        ]
        by_one = [other for other in deciders if packets and _plainly_covers(other, rule)]
        if by_one:
            assert rule.order in told


def _plainly_covers(other: Rule, rule: Rule) -> bool:
    """Each part of a rule lies in one part of the other; beyond the universe too."""
    families = ("ipv4", "ipv6") if rule.family == "any" else (rule.family,)
    pairs = []
    for family in families:
        pairs.append((rule.sources, other.sources, family))
        pairs.append((rule.destinations, other.destinations, family))
    return (
        other.family in ("any", rule.family)
        and all(
            any(f <= first and last <= g for f, g in (there.v4 if family == "ipv4" else there.v6))
            for here, there, family in pairs
            for first, last in (here.v4 if family == "ipv4" else here.v6)
        )
        and all(
            any(
                there.protocol in ("any", here.protocol)
                and (not there.ports or (here.ports and _in(here.ports[0], there.ports[0])))
                for there in other.services
            )
            for here in rule.services
        )
        and (
            not other.interfaces_in
            or (bool(rule.interfaces_in) and {*rule.interfaces_in} <= {*other.interfaces_in})
        )
        and (not other.states or (bool(rule.states) and set(rule.states) <= set(other.states)))
    )


def _in(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists())
def test_taking_a_rule_out_that_a_later_one_makes_needless_changes_no_decision(ruleset: Ruleset) -> None:
    for one in findings(ruleset):
        if one.code != "redundant-before":
            continue
        order = int(one.values["rule"])
        rest = [rule for rule in ruleset.rules if rule.enabled and rule.order != order]
        whole = [rule for rule in ruleset.rules if rule.enabled]
        if not all(known(rule) for rule in whole):
            continue
        for packet in PACKETS:
            assert _decision(whole, packet) == _decision(rest, packet)


def _decision(rules: list[Rule], packet: Packet) -> str:
    """What happens when the conditions of every rule hold; jumps are taken for decisions of their own."""
    for rule in rules:
        if rule.action != "log" and matches(rule, packet):
            return rule.action
    return "drop"


def test_fifty_thousand_rules_take_seconds() -> None:
    made = tuple(
        Rule(
            at + 1,
            "S",
            at + 1,
            "accept" if at % 3 else "drop",
            at + 1,
            at + 1,
            sources=Addresses("s", ((at * 7919 % 2**32, at * 7919 % 2**32 + at % 512),)),
            destinations=Addresses("d", ((at * 104_729 % 2**31, at * 104_729 % 2**31 + at % 64),)),
            services=(Service("tcp", ((at % 60_000, at % 60_000 + at % 9),)),),
        )
        for at in range(50_000)
    )
    ruleset = Ruleset("nftables", "", 50_000, (Scope("S", "drop"),), made)
    start = time.process_time()
    list(covered_rules(Context.of(ruleset)))
    assert time.process_time() - start < 20


def test_a_list_made_to_exhaust_the_comparisons_says_how_far_it_was_compared() -> None:
    # Each holds address 1 and no other's second range: all are candidates for all.
    made = tuple(
        Rule(
            at,
            "S",
            at,
            "accept",
            at,
            at,
            sources=Addresses("s", ((1, 1), (2 * at + 10, 2 * at + 10))),
        )
        for at in range(1, 2_000)
    )
    ruleset = Ruleset("nftables", "", 2_000, (Scope("S", "drop"),), made)
    found = list(covered_rules(Context.of(ruleset), 50_000))
    assert [one.reason for one in found if isinstance(one, Skipped)] == ["comparison-limit"]


@pytest.mark.parametrize("dialect", ["windows-json", "windows-netsh"])
def test_rules_without_an_order_shadow_nothing(dialect: str) -> None:
    made = tuple(Rule(at, "S", at, action, at, at) for at, action in ((1, "accept"), (2, "drop")))
    assert list(covered_rules(Context.of(Ruleset(dialect, "", 2, (Scope("S", "drop"),), made)))) == []
