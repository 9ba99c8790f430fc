"""Scans and floods, as hints: what a capture shows may have an innocent reason."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place
from assessments.analysers.captures.settled import Settled
from assessments.analysers.captures.summary import address
from assessments.analysers.captures.surveying import Survey

# Ordinary programs try a few ports of a machine; fifteen different ones that say nothing are looked for.
PORTS_OF_A_SCAN: Final = 15
# The same for one port of many machines; peer-to-peer programs in an office stay below it.
HOSTS_OF_A_SWEEP: Final = 20
# A busy server under no attack has a handful of half-open handshakes at any time.
ATTEMPTS_OF_A_FLOOD: Final = 200
# With fewer unfinished handshakes among all of them, it is a popular server and not a flood.
UNFINISHED_SHARE: Final = 0.8
# Slower attempts keep no server busy.
FLOOD_RATE: Final = 20.0
# A ping a second for minutes is monitoring; floods send hundreds a second.
PINGS_OF_A_FLOOD: Final = 300
PING_RATE: Final = 50.0

_KINDS: Final = {
    "syn": "SYN",
    "connect": "connect",
    "fin": "FIN",
    "null": "NULL",
    "xmas": "Xmas",
    "udp": "UDP",
}

Probe = tuple[str, bytes, int, int]


def probing(survey: Survey) -> Iterator[Finding]:
    flooded = list(_syn_floods(survey))
    targets = {finding.values["target"] for finding in flooded}
    for finding in _scans(survey.settled):
        if finding.values.get("target") not in targets or finding.code != "host-sweep":
            yield finding
    yield from flooded
    yield from _ping_floods(survey)


def _halves(key: bytes) -> tuple[bytes, bytes, bytes]:
    """(source, target, target port) of a key with ports."""
    half = (len(key) - 4) // 2
    return key[:half], key[half : 2 * half], key[-2:]


def _scans(settled: Settled) -> Iterator[Finding]:
    """Only sources with enough probes are looked at: a flood from many sources costs no memory here."""
    tries = Counter([key[: (len(key) - 4) // 2] for _kind, key, _first, _last in settled.probes])
    down: dict[tuple[str, bytes, bytes], list[Probe]] = {}
    across: dict[tuple[str, bytes, bytes], list[Probe]] = {}
    for probe in settled.probes:
        kind, key, _first, _last = probe
        if tries[key[: (len(key) - 4) // 2]] >= min(PORTS_OF_A_SCAN, HOSTS_OF_A_SWEEP):
            source, target, port = _halves(key)
            down.setdefault((kind, source, target), []).append(probe)
            across.setdefault((kind, source, port), []).append(probe)
    for (kind, source, target), probes in sorted(down.items()):
        ports = {key[-2:] for _kind, key, _first, _last in probes}
        if len(ports) >= PORTS_OF_A_SCAN:
            yield Finding("port-scan", "high", _places(probes), {
                "kind": _KINDS[kind], "source": address(source), "target": address(target),
                "ports": len(ports),
            })  # fmt: skip
    for (kind, source, port), probes in sorted(across.items()):
        hosts = {_halves(key)[1] for _kind, key, _first, _last in probes}
        if len(hosts) >= HOSTS_OF_A_SWEEP:
            yield Finding("host-sweep", "high", _places(probes), {
                "kind": _KINDS[kind], "source": address(source), "port": int.from_bytes(port, "big"),
                "hosts": len(hosts),
            })  # fmt: skip


def _places(probes: list[Probe]) -> tuple[Place, ...]:
    """From the first to the last packet; what lies between need not all belong to it."""
    return (Place("packet", min(probe[2] for probe in probes), max(probe[3] for probe in probes)),)


def _syn_floods(survey: Survey) -> Iterator[Finding]:
    settled = survey.settled
    attempts: dict[bytes, list[int]] = {}
    for kind, key, first, last in settled.probes:
        if kind == "syn":
            seen = attempts.setdefault(key[(len(key) - 4) // 2 : -4] + key[-2:], [0, first, last])
            seen[0] += 1
            seen[1], seen[2] = min(seen[1], first), max(seen[2], last)
    for served, (count, first, last) in sorted(attempts.items()):
        completed = settled.completed.get(served, 0)
        if count < ATTEMPTS_OF_A_FLOOD or count < UNFINISHED_SHARE * (count + completed):
            continue
        if count >= FLOOD_RATE * survey.seconds_between(first, last):
            yield Finding("syn-flood", "high", (Place("packet", first, last),), {
                "target": address(served[:-2]), "port": int.from_bytes(served[-2:], "big"),
                "attempts": count, "completed": completed,
            })  # fmt: skip


def _ping_floods(survey: Survey) -> Iterator[Finding]:
    for ends, (count, first, last) in sorted(survey.tally.pings.items()):
        if count >= PINGS_OF_A_FLOOD and count >= PING_RATE * survey.seconds_between(first, last):
            half = len(ends) // 2
            yield Finding("icmp-flood", "medium", (Place("packet", first, last),), {
                "source": address(ends[:half]), "target": address(ends[half:]), "requests": count,
            })  # fmt: skip
