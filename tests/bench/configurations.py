"""Reading a Cisco IOS configuration, against two libraries that only cut it into a tree."""

import random
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from assessments.analysers.configurations.findings.table import look
from assessments.analysers.configurations.reading import read
from assessments.analysers.configurations.storing import to_json
from tests.bench.measuring import Row, compared, interleaved, milliseconds, timed

ROUNDS = 5
LISTS, ENTRIES, INTERFACES = 20, 200, 150
LARGE = 50_000
# Where `make bench` installs them; behind everything else, so that they take no module's place.
sys.path.append(str(Path(__file__).parents[2] / "build" / "bench-peers"))
PEERS = {"ciscoconfparse2": "ciscoconfparse2", "netutils": "netutils.config.parser"}


def run() -> list[Row]:
    """One file for all; ours makes rules of it, the peers lines with parents and children."""
    text = configuration(random.Random(1))
    lines = text.count("\n")
    found = read(text, "cisco-ios")
    assert len(found.rules) == LISTS * ENTRIES and not found.unread
    ways = {"ours": timed(lambda: read(text, "cisco-ios"))}
    peers = {name: _peer(name, text) for name in PEERS}
    ways |= {name: timed(action) for name, action in peers.items() if action is not None}
    seconds = interleaved(ways, rounds=ROUNDS)
    rows = [
        Row(
            f"Read IOS, {lines:,} lines, into rules",
            f"{milliseconds(seconds['ours'])}, {lines / seconds['ours']:,.0f} lines a second",
            f"{name}, a tree alone: {milliseconds(seconds[name])}"
            if name in seconds
            else f"not measured: {name} not installed",
            compared(seconds["ours"], seconds[name]) if name in seconds else "",
            "≤ ciscoconfparse2" if name == "ciscoconfparse2" else "",
        )
        for name in peers
    ]
    return [*rows, _large()]


def _large() -> Row:
    text = large(random.Random(2))
    found = read(text, "cisco-ios")
    seconds = interleaved(
        {
            "read": timed(lambda: read(text, "cisco-ios")),
            "look": timed(lambda: look(found)),
            "store": timed(lambda: to_json(found)),
        },
        rounds=3,
    )
    parts = ", ".join(f"{name} {milliseconds(value)}" for name, value in seconds.items())
    return Row(f"Analyse IOS, {LARGE:,} rules in one list", parts, target="a few seconds")


def _peer(name: str, text: str) -> Callable[[], Any] | None:
    try:
        module = import_module(PEERS[name])
    except ImportError:
        return None
    if name == "netutils":
        return lambda: module.IOSConfigParser(text).build_config_relationship()
    import_module("loguru").logger.remove()  # It would write what it reads to the terminal.
    lines = text.splitlines()
    return lambda: module.CiscoConfParse(lines, syntax="ios")


def configuration(chance: random.Random) -> str:
    """A router as there are many: interfaces, routing, lists of entries with remarks."""
    parts = ["version 15.7", "hostname BENCH", "!"]
    for number in range(INTERFACES):
        parts += [
            f"interface GigabitEthernet0/{number}",
            f" description to customer {number}",
            f" ip address 10.{number}.0.1 255.255.255.0",
            f" ip access-group LIST-{number % LISTS} in",
            " no ip redirects",
            "!",
        ]
    parts += ["router ospf 1", *(f" network 10.{one}.0.0 0.0.0.255 area 0" for one in range(INTERFACES)), "!"]
    for number in range(LISTS):
        parts.append(f"ip access-list extended LIST-{number}")
        for entry in range(ENTRIES):
            if entry % 20 == 0:
                parts.append(f" remark part {entry // 20}")
            parts.append(f" {_entry(chance)}")
        parts.append("!")
    return "\n".join([*parts, "end", ""])


def large(chance: random.Random) -> str:
    return "\n".join(["ip access-list extended LARGE", *(f" {_entry(chance)}" for _ in range(LARGE)), ""])


def _entry(chance: random.Random) -> str:
    verb = chance.choice(("permit", "permit", "deny"))
    source = f"10.{chance.randrange(256)}.{chance.randrange(256)}.0 0.0.0.255"
    target = f"host 192.0.2.{chance.randrange(256)}"
    port = chance.choice((f"eq {chance.randrange(65_536)}", "eq www", "range 1024 2048", "eq 443 log"))
    return f"{verb} tcp {source} {target} {port}"
