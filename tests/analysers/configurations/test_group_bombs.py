"""Groups of groups made to exhaust a reader are unknown beyond the limit, and that is said."""

import time
from collections.abc import Callable

import pytest

from assessments.analysers.configurations.reading import READERS

WIDE = [f"10.{at >> 8}.{at & 255}.1" for at in range(0, 2 * 20_000, 2) if at >> 8 < 256][:20_000]

Groups = list[tuple[str, list[str]]]


def fortios(groups: Groups, used: list[str]) -> str:
    quoted = {name: " ".join(f'"{member}"' for member in members) for name, members in groups}
    text = 'config firewall address\nedit "one"\nset subnet 10.0.0.1 255.255.255.255\nnext\nend\n'
    text += "config firewall addrgrp\n"
    text += "".join(f'edit "{name}"\nset member {members}\nnext\n' for name, members in quoted.items())
    text += "end\nconfig firewall policy\n"
    for at, name in enumerate(used, 1):
        text += f'edit {at}\nset srcaddr "{name}"\nset dstaddr "all"\n'
        text += 'set action accept\nset service "ALL"\nnext\n'
    return text + "end\n"


def junos(groups: Groups, used: list[str]) -> str:
    text = "set security address-book global address one 10.0.0.1/32\n"
    for name, members in groups:
        kinds = ("address" if member == "one" else "address-set" for member in members)
        text += "".join(
            f"set security address-book global address-set {name} {kind} {member}\n"
            for kind, member in zip(kinds, members, strict=True)
        )
    start = "set security policies from-zone a to-zone b policy"
    return text + "".join(
        f"{start} p{at} match source-address {name}\n{start} p{at} then permit\n"
        for at, name in enumerate(used)
    )


def panos(groups: Groups, used: list[str]) -> str:
    text = "set address one ip-netmask 10.0.0.1\n"
    text += "".join(f"set address-group {name} static [ {' '.join(members)} ]\n" for name, members in groups)
    start = "set rulebase security rules"
    return text + "".join(
        f"{start} r{at} source {name}\n{start} r{at} action allow\n" for at, name in enumerate(used)
    )


def pfsense(groups: Groups, used: list[str]) -> str:
    aliases = [("one", ["10.0.0.1"]), *groups]
    text = "".join(
        f"<alias><name>{name}</name><type>network</type><address>{' '.join(members)}</address></alias>\n"
        for name, members in aliases
    )
    rules = "".join(
        f"<rule><type>pass</type><interface>wan</interface><source><address>{name}</address></source></rule>\n"
        for name in used
    )
    return f"<pfsense><aliases>{text}</aliases><filter>{rules}</filter></pfsense>"


WRITERS: dict[str, Callable[[Groups, list[str]], str]] = {
    "fortios": fortios,
    "junos-set": junos,
    "panos-set": panos,
    "pfsense": pfsense,
}


@pytest.mark.parametrize("dialect", WRITERS)
def test_groups_that_double_at_each_of_a_hundred_levels_stay_one_address(dialect: str) -> None:
    groups = [("g0", ["one"])] + [(f"g{at}", [f"g{at - 1}", f"g{at - 1}", "one"]) for at in range(1, 100)]
    started = time.process_time()
    found = READERS[dialect](WRITERS[dialect](groups, ["g99"]), dialect)
    assert time.process_time() - started < 2
    assert found.rules[0].sources.known
    assert found.rules[0].sources.v4 == ((0x0A000001, 0x0A000001),)


@pytest.mark.parametrize("dialect", WRITERS)
def test_ten_thousand_groups_in_one_chain_and_a_circle_at_its_end(dialect: str) -> None:
    groups = [(f"g{at}", [f"g{at + 1}"]) for at in range(10_000)] + [("g10000", ["g0"])]
    started = time.process_time()
    found = READERS[dialect](WRITERS[dialect](groups, ["g0", "g5000"]), dialect)
    assert time.process_time() - started < 4
    assert [rule.sources.known for rule in found.rules] == [False, False]


def test_many_groups_around_a_wide_one_meet_the_limit() -> None:
    groups: Groups = [("wide", WIDE)] + [(f"g{at}", ["wide"]) for at in range(200)]
    started = time.process_time()
    found = READERS["pfsense"](pfsense(groups, [f"g{at}" for at in range(200)]), "pfsense")
    assert time.process_time() - started < 10
    assert "limit" in {one.reason for one in found.unread}
    assert found.rules[0].sources.known
    assert not found.rules[-1].sources.known
