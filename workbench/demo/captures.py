"""Write whole packet captures, as pcap or pcapng, of a morning in a small office."""

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from workbench.demo import traffic
from workbench.demo.traffic import Recorder

Scenario = Literal["baseline", "port-scan", "beaconing"]
Container = Literal["pcap", "pcapng"]

_SCENARIOS: Final[dict[Scenario, Callable[[Recorder], None]]] = {
    "baseline": traffic.baseline,
    "port-scan": traffic.port_scan,
    "beaconing": traffic.beaconing,
}
_SNAPSHOT_LENGTH: Final = 262_144
_ETHERNET: Final = 1


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture file and what a careful analyst would find in it (`facts`, in plain values)."""

    data: bytes
    packets: int
    facts: dict[str, str | int]


def capture(rng: random.Random, scenario: Scenario, container: Container = "pcap") -> Capture:
    """Record a scenario, in at most 300 kB and 2,000 packets; the same `rng` state gives the same bytes."""
    recorder = Recorder(rng)
    _SCENARIOS[scenario](recorder)
    frames = recorder.in_order()
    write = {"pcap": as_pcap, "pcapng": as_pcapng}[container]
    return Capture(write(frames), len(frames), recorder.facts)


def as_pcap(frames: list[tuple[int, bytes]]) -> bytes:
    """The classic format, little-endian; `frames` are pairs of microseconds since 1970 and bytes."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, _SNAPSHOT_LENGTH, _ETHERNET)]
    for moment, frame in frames:
        parts.append(
            struct.pack("<IIII", moment // 1_000_000, moment % 1_000_000, len(frame), len(frame)) + frame
        )
    return b"".join(parts)


def as_pcapng(frames: list[tuple[int, bytes]]) -> bytes:
    """One section with one interface, enhanced packet blocks and closing statistics."""
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _options((3, b"Linux 6.1"), (4, b"dumpcap 4.0.17"))
    interface = struct.pack("<HHI", _ETHERNET, 0, _SNAPSHOT_LENGTH) + _options((2, b"eth0"), (9, b"\x06"))
    blocks = [_block(0x0A0D0D0A, section), _block(1, interface)]
    for moment, frame in frames:
        header = struct.pack("<IIIII", 0, moment >> 32, moment & 0xFFFF_FFFF, len(frame), len(frame))
        blocks.append(_block(6, header + _padded(frame)))
    first, last = (frames[0][0], frames[-1][0]) if frames else (0, 0)
    times = (
        (2, struct.pack("<II", first >> 32, first & 0xFFFF_FFFF)),
        (3, struct.pack("<II", last >> 32, last & 0xFFFF_FFFF)),
    )
    counters = ((4, struct.pack("<Q", len(frames))), (5, struct.pack("<Q", 0)))
    blocks.append(
        _block(5, struct.pack("<III", 0, last >> 32, last & 0xFFFF_FFFF) + _options(*times, *counters))
    )
    return b"".join(blocks)


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def _options(*options: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options) + bytes(
        4
    )


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
