"""The parts of a capture's summary, as its templates read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.viewing.charts import Stacked

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bar that begins ``second`` seconds into the capture; ``parts`` are (protocol, amount)."""

    second: str
    when: datetime | None
    total: int
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """``series`` are (class of the style sheet, protocol); ``unit`` is packets or bytes."""

    drawing: Stacked
    series: tuple[tuple[str, str], ...]
    buckets: tuple[Bucket, ...]
    unit: str
    step: str


@dataclass(frozen=True, slots=True)
class Protocol:
    name: str
    depth: int
    packets: int
    bytes: int
    bar: str
    percent: float


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who began stands first; ``number`` is its place among the largest, from 1. Bars are hundredths."""

    number: int
    a: str
    b: str
    protocol: str
    packets: int
    sent: int
    received: int
    state: str
    first: int
    bar_sent: str
    bar_received: str

    @property
    def bytes(self) -> int:
        return self.sent + self.received

    @property
    def name(self) -> str:
        return f"{self.a} → {self.b} ({self.protocol})"


@dataclass(frozen=True, slots=True)
class Talker:
    address: str
    sent: int
    received: int
    conversations: int
    bar_sent: str
    bar_received: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A name, how often it was seen, and the first packet that has it (0: not known)."""

    name: str
    count: int
    first: int
    bar: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """Packets that let someone in: of which kind, how many, and the first of them (0: not listed)."""

    code: str
    packets: int
    first: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All of it; a list is empty where the capture has nothing of the kind."""

    facts: Facts
    start: datetime | None
    end: datetime | None
    lasted: str
    timeline: Timeline
    protocols: tuple[Protocol, ...]
    conversations: tuple[Conversation, ...]
    talkers: tuple[Talker, ...]
    ports: tuple[Ranked, ...]
    handshakes: tuple[Ranked, ...]
    states: tuple[Ranked, ...]
    names: tuple[Ranked, ...]
    servers: tuple[Ranked, ...]
    versions: tuple[Ranked, ...]
    hosts: tuple[Ranked, ...]
    methods: tuple[Ranked, ...]
    devices: tuple[tuple[str, tuple[str, ...], int], ...]
    logins: tuple[Login, ...]

    @property
    def conversation_count(self) -> int:
        counted = self.facts["conversations"]
        return int(counted["tcp"] + counted["udp"] + counted["other"])
