"""What the readers of both formats give: interfaces, batches of packets, and what stopped them."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

# No capture tool writes longer packets (libpcap's own limit is 256 KiB): a longer one is damage.
MAX_CAPTURED: Final = 1 << 20
# As many records as one batch holds at most, so that a chunk of empty packets stays small in memory.
MAX_RECORDS: Final = 8192
MAX_INTERFACES: Final = 1024
# Every so many packets their place is noted: a window starts reading from there.
MARK_EVERY: Final = 256

# Nanoseconds since 1970, start and end in the data of the batch, length on the wire, interface.
Record = tuple[int, int, int, int, int]


class BadCapture(ValueError):
    """The file does not begin as a capture does; the message is a code (``modified-pcap``)."""


@dataclass(frozen=True, slots=True)
class Interface:
    """Where packets were taken: link type, most bytes kept of each, ticks a second, offset in seconds."""

    link: int
    snaplen: int
    ticks: int = 1_000_000
    offset: int = 0
    name: str = ""

    def to_json(self) -> list[Any]:
        return [self.link, self.snaplen, self.ticks, self.offset, self.name]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        return cls(*data)


@dataclass(slots=True)
class Batch:
    """Consecutive packets inside one piece of the file.

    `first` is the number of the first one, counted from 1; `offset` where `data` stands in the stream.
    `captured` is the sum of the bytes kept. `blocks` says where each packet's block starts, in pcapng alone.
    """

    data: bytes
    offset: int
    first: int
    records: list[Record]
    captured: int
    blocks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """From `offset` on, numbers are little-endian or not, and interface 0 is `base` in the table."""

    offset: int
    little: bool
    base: int

    def to_json(self) -> list[Any]:
        return [self.offset, self.little, self.base]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        return cls(*data)


@dataclass(slots=True)
class Layout:
    """What must be known to start reading in the middle; a reader fills it on the way.

    `marks` are the stream offsets of packets 1, 1 + MARK_EVERY, …; `moments` their times.
    """

    form: str
    interfaces: list[Interface] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    moments: list[int] = field(default_factory=list)
    nanoseconds: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.form,
            "nanoseconds": self.nanoseconds,
            "interfaces": [interface.to_json() for interface in self.interfaces],
            "sections": [section.to_json() for section in self.sections],
            "every": MARK_EVERY,
            "marks": self.marks,
            "moments": self.moments,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            data["format"],
            [Interface.from_json(interface) for interface in data["interfaces"]],
            [Section.from_json(section) for section in data["sections"]],
            data["marks"],
            data["moments"],
            data["nanoseconds"],
        )


@dataclass(slots=True)
class Ending:
    """How reading ended: `reason` is empty at a proper end, else a code; `packet` is the first not read."""

    reason: str = ""
    packet: int = 0
    detail: str = ""


@dataclass(slots=True)
class Asides:
    """What stands beside the packets; for TLS secrets, how many packets had been read before each."""

    tls_secrets: list[int] = field(default_factory=list)
    tls_secrets_left_out: int = 0
    unknown_blocks: int = 0
    name_blocks: int = 0
    untimed: int = 0
    addresses: list[bytes] = field(default_factory=list)
