"""Conversations after both their directions were put together, and their sums."""

from dataclasses import dataclass, field
from heapq import heappush, heapreplace
from typing import Final

from assessments.analysers.captures.judging import ANSWERED, NO_ANSWER, Judgement, judged
from assessments.analysers.captures.tallies.caps import MAX_PROBES, Caps
from assessments.analysers.captures.tallies.flows import FIRST, LAST, Flow

# Conversations that are listed, the largest first.
LISTED: Final = 200


@dataclass(slots=True)
class Conversation:
    """Both directions, who began first; `number` is the protocol of IP."""

    number: int
    key: bytes
    up: Flow
    down: Flow
    state: str


@dataclass(slots=True)
class Profile:
    """Conversations with the same kinds of segment each way: how many, between which packets."""

    judgement: Judgement
    count: int = 0
    first: int = 1 << 62
    last: int = 0


@dataclass(slots=True)
class Settled:
    """`endpoints` are [packets sent, bytes sent, packets received, bytes received, conversations] by address.

    `ports` are [conversations, packets, bytes] by the port that serves; `probes` conversations that many of
    would make a scan or flood: (kind, key, first packet, last packet). `completed` counts handshakes
    by address and port, `calls` are (time, first packet, last packet) of them by source, address and port.
    """

    caps: Caps
    endpoints: dict[bytes, list[int]] = field(default_factory=dict)
    tcp_ports: dict[bytes, list[int]] = field(default_factory=dict)
    udp_ports: dict[bytes, list[int]] = field(default_factory=dict)
    profiles: dict[int, Profile] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=lambda: {ANSWERED: 0, NO_ANSWER: 0})
    others: int = 0
    clear: dict[str, list[int]] = field(default_factory=dict)
    probes: list[tuple[str, bytes, int, int]] = field(default_factory=list)
    completed: dict[bytes, int] = field(default_factory=dict)
    calls: dict[bytes, list[tuple[int, int, int]]] = field(default_factory=dict)
    again: list[int] = field(default_factory=lambda: [0, 0, 0])
    gaps: list[int] = field(default_factory=lambda: [0, 0, 0])
    settled_early: int = 0
    heap: list[tuple[int, int, Conversation]] = field(default_factory=list)
    _serial: int = 0

    def largest(self) -> list[Conversation]:
        return [one for _size, _serial, one in sorted(self.heap, key=_rank)]

    def least(self) -> int:
        """Conversations of more bytes than this are listed."""
        return self.heap[0][0] if len(self.heap) >= LISTED else -1

    def list_one(self, size: int, conversation: Conversation) -> int:
        """Keep a conversation among the largest; returns the new `least`."""
        self._serial += 1
        entry = (size, -self._serial, conversation)
        if len(self.heap) < LISTED:
            heappush(self.heap, entry)
        else:
            heapreplace(self.heap, entry)
        return self.least()

    def profile(self, marks: int, down_marks: int) -> Profile:
        made = self.profiles[marks << 9 | down_marks] = Profile(judged(marks, down_marks))
        return made

    def probe(self, kind: str, key: bytes, up: Flow) -> None:
        if len(self.probes) < MAX_PROBES:
            self.probes.append((kind, key, up[FIRST], up[LAST]))
        else:
            self.caps.over("probes")


def _rank(entry: tuple[int, int, Conversation]) -> tuple[int, int]:
    return -entry[0], entry[2].up[FIRST]
