"""What changed from one attempt to the next is told rule by rule."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysers.configurations.differing import RuleChange, difference
from assessments.analysers.configurations.reading import read
from assessments.analysers.configurations.rules import Ruleset
from tests.analysers.configurations.rendering import as_ios, plains

FIRST = """
ip access-list extended A
 10 permit tcp any host 192.0.2.1 eq 80
 20 permit tcp any host 192.0.2.2 eq 22
 30 permit udp any any eq 53
 40 permit icmp any any
 50 deny ip any any
"""
# 20 is open to one network alone and logged; 30 is gone; 45 is new; the web rule has gone behind icmp.
SECOND = """
ip access-list extended A
 20 permit tcp 10.0.0.0 0.255.255.255 host 192.0.2.2 eq 22 log
 40 permit icmp any any
 10 permit tcp any host 192.0.2.1 eq 80
 45 permit tcp any host 192.0.2.3 eq 25
 50 deny ip any any
"""


def told(changes: tuple[RuleChange, ...]) -> list[str]:
    return [
        f"{one.change} {one.scope} {one.old.order if one.old else '-'}→{one.new.order if one.new else '-'} "
        f"{','.join(one.fields)}".strip()
        for one in changes
    ]


def ios(text: str) -> Ruleset:
    return read(text, "cisco-ios")


def unnumbered(text: str) -> Ruleset:
    """The same list in the order it is written in."""
    return ios("\n".join(line.lstrip(" 0123456789") for line in text.splitlines()))


def test_each_kind_of_change_is_told() -> None:
    assert told(difference(unnumbered(FIRST), unnumbered(SECOND))) == [
        "removed A 3→-",
        "changed A 2→1 sources,logging",
        "moved A 1→3",
        "added A -→4",
    ]


def test_a_numbered_rule_is_found_again_by_its_number() -> None:
    changed = FIRST.replace("20 permit tcp any host 192.0.2.2 eq 22", "20 deny udp host 10.9.9.9 any eq 161")
    assert told(difference(ios(FIRST), ios(changed))) == [
        "changed A 2→2 action,sources,destinations,services",
    ]


def test_nothing_changes_between_a_file_and_itself() -> None:
    assert difference(ios(FIRST), ios(FIRST)) == ()


def test_counters_and_lines_are_no_change() -> None:
    moved_down = "\n\nhostname x\n" + FIRST.replace("eq 80", "eq 80 (33 matches)")
    assert difference(ios(FIRST), ios(moved_down)) == ()


def test_scopes_that_come_and_go_and_defaults_are_told() -> None:
    old = read("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n", "iptables-save")
    new = read("*filter\n:INPUT DROP [0:0]\n:X - [0:0]\n-A X -j ACCEPT\nCOMMIT\n", "iptables-save")
    assert told(difference(old, new)) == [
        "default filter INPUT -→- accept,drop",
        "removed filter INPUT 1→-",
        "default filter X -→- absent,none",
        "added filter X -→1",
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(plains(), max_size=10), st.lists(plains(), max_size=10))
def test_the_changes_account_for_every_rule(old: list, new: list) -> None:
    first, second = ios(as_ios(old)), ios(as_ios(new))
    changes = difference(first, second)
    gone = [one.old.order for one in changes if one.change == "removed" and one.old]
    came = [one.new.order for one in changes if one.change == "added" and one.new]
    assert len(first.rules) - len(gone) == len(second.rules) - len(came)
    assert len(gone) == len(set(gone)) and len(came) == len(set(came))
    assert all(one.fields for one in changes if one.change == "changed")
    assert difference(first, first) == ()


def test_ten_thousand_rules_are_compared_in_seconds() -> None:
    chance = random.Random(3)
    lines = [
        f" permit tcp host 10.{n >> 8}.{n & 255}.{chance.randrange(256)} any eq {n}" for n in range(10_000)
    ]
    other = [line.replace("tcp", "udp") if chance.random() < 0.3 else line for line in lines]
    chance.shuffle(other)
    first, second = (ios("\n".join(["ip access-list extended A", *one])) for one in (lines, other))
    start = time.process_time()
    changes = difference(first, second)
    assert time.process_time() - start < 20
    assert {one.change for one in changes} >= {"changed", "moved"}
