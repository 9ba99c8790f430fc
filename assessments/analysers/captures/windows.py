"""Windows over a capture: some packets, one packet layer by layer, the packets of one conversation.

`detail` is the analysis' own; packets are numbered from 1. What would let someone in is never in an answer.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any, BinaryIO, Final, Self

from assessments.analysers.captures.describing import described
from assessments.analysers.captures.frames import Frame, frame_at
from assessments.analysers.captures.layers import Field, Layer, layers_of
from assessments.analysers.captures.masking import Range, hidden_ranges
from assessments.analysers.captures.reading.opening import batches_from
from assessments.analysers.captures.reading.records import Batch, Layout, Record
from assessments.analysers.captures.summary import address, moment
from assessments.analysers.captures.tallies.flows import reversed_key

# Rows of one window, and bytes of one packet that are dumped.
MOST_ROWS: Final = 500
MOST_DUMPED: Final = 4096
_DUMP_WIDTH: Final = 16


class NoSuchPacket(LookupError):
    """The capture has no packet of that number, or none that can still be read."""


class BadConversation(ValueError):
    """A key does not name a conversation as the facts name them."""


@dataclass(frozen=True, slots=True)
class PacketRow:
    """`seconds` are since the first packet, `moment` is ISO 8601 in UTC, `length` is that on the wire."""

    number: int
    seconds: float
    moment: str | None
    source: str
    target: str
    protocol: str
    length: int
    line: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class DumpLine:
    """Sixteen bytes from `offset` on; a hidden byte is ``··`` in `codes` and ``·`` in `text`."""

    offset: int
    codes: str
    text: str


@dataclass(frozen=True, slots=True)
class PacketLayers:
    """`hidden` are the parts that are masked, as positions in the packet, the last exclusive."""

    row: PacketRow
    captured: int
    layers: tuple[Layer, ...]
    dump: tuple[DumpLine, ...]
    hidden: tuple[tuple[int, int], ...]
    dump_cut: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            PacketRow.from_json(data["row"]),
            data["captured"],
            tuple(
                Layer(
                    one["name"], one["first"], one["last"], tuple(Field(**field) for field in one["fields"])
                )
                for one in data["layers"]
            ),
            tuple(DumpLine(**line) for line in data["dump"]),
            tuple((first, last) for first, last in data["hidden"]),
            data["dump_cut"],
        )


@dataclass(slots=True)
class _View:
    """What all windows of one capture need."""

    layout: Layout
    start: int
    hidden: frozenset[bytes]

    @classmethod
    def of(cls, detail: dict[str, Any]) -> Self:
        hidden = frozenset(bytes.fromhex(key) for key in detail["masked"])
        return cls(Layout.from_json(detail), detail["start"], hidden)

    def frame(self, data: bytes, record: Record) -> Frame:
        _when, start, end, _original, interface = record
        return frame_at(data, start, end, self.layout.interfaces[interface].link)

    def row(self, data: bytes, record: Record, number: int) -> PacketRow:
        frame = self.frame(data, record)
        protocol, line = described(data, frame, self.hidden)
        source, target = _ends(data, frame)
        seconds = round((record[0] - self.start) / 1e9, 9)
        return PacketRow(number, seconds, moment(record[0]), source, target, protocol, record[3], line)


def packet_rows(content: BinaryIO, detail: dict[str, Any], first: int, count: int) -> list[PacketRow]:
    """Packets `first` to `first + count - 1`, as far as there are any; at most MOST_ROWS."""
    view = _View.of(detail)
    rows: list[PacketRow] = []
    for data, record, number in _packets(content, view.layout, first):
        if len(rows) >= min(count, MOST_ROWS):
            break
        rows.append(view.row(data, record, number))
    return rows


def packet_layers(content: BinaryIO, detail: dict[str, Any], number: int) -> PacketLayers:
    """One packet with its headers and bytes; raises `NoSuchPacket`."""
    view = _View.of(detail)
    for data, record, found in _packets(content, view.layout, number):
        frame = view.frame(data, record)
        hidden = hidden_ranges(data, frame, view.hidden)
        start, end = record[1], record[2]
        return PacketLayers(
            view.row(data, record, found),
            end - start,
            layers_of(data, frame, hidden),
            tuple(_dump(data[start : min(end, start + MOST_DUMPED)], start, hidden)),
            tuple((max(0, one - start), min(other, end) - start) for one, other in hidden),
            end - start > MOST_DUMPED,
        )
    raise NoSuchPacket(number)


def flow_packets(
    content: BinaryIO, detail: dict[str, Any], conversation: str, first: int, count: int
) -> list[PacketRow]:
    """Packets of one conversation from packet number `first` on, both directions; at most MOST_ROWS.

    `conversation` is its ``key`` in the facts; raises `BadConversation` for others. The next window starts
    at one more than the last number.
    """
    protocol, key = conversation_of(conversation)
    view = _View.of(detail)
    rows: list[PacketRow] = []
    most = min(count, MOST_ROWS)
    if most < 1:
        return rows
    for data, record, number in _with_key(content, view.layout, key, max(first, 1)):
        frame = view.frame(data, record)
        if frame.protocol == protocol and frame.key in (key, reversed_key(key)):
            rows.append(view.row(data, record, number))
            # Not a packet later: the next one of this conversation may be a gigabyte away, or nowhere.
            if len(rows) == most:
                break
    return rows


def conversation_of(text: str) -> tuple[int, bytes]:
    """(protocol, key of one direction) of a conversation's name in the facts."""
    try:
        protocol, source, target, *ports = text.split("|")
        key = ip_address(source).packed + ip_address(target).packed
        key += b"".join(int(port).to_bytes(2, "big") for port in ports)
        number = int(protocol)
    except (ValueError, OverflowError) as error:
        raise BadConversation(text[:100]) from error
    if len(key) not in (8, 12, 32, 36) or not 0 <= number < 256:
        raise BadConversation(text[:100])
    return number, key


def _packets(content: BinaryIO, layout: Layout, first: int) -> Iterator[tuple[bytes, Record, int]]:
    """(data, record, number) of every packet from `first` on."""
    for batch in batches_from(content, layout, first):
        skipped = max(0, first - batch.first)
        for number, record in enumerate(batch.records[skipped:], batch.first + skipped):
            yield batch.data, record, number


def _with_key(
    content: BinaryIO, layout: Layout, key: bytes, first: int
) -> Iterator[tuple[bytes, Record, int]]:
    """Packets in which the addresses of a conversation stand side by side, found by searching the bytes."""
    half = len(key) // 2 - (2 if len(key) in (12, 36) else 0)
    ends = key[: 2 * half], key[half : 2 * half] + key[:half]
    for batch in batches_from(content, layout, first):
        last = -1
        for place in _places(batch, ends):
            at = bisect_right(batch.records, place, key=_start) - 1
            if at > last and batch.first + at >= first:
                last = at
                yield batch.data, batch.records[at], batch.first + at


def _start(record: Record) -> int:
    return record[1]


def _places(batch: Batch, needles: tuple[bytes, bytes]) -> Iterator[int]:
    """Where either of two needles stands inside the packets of a batch, in ascending order."""
    data, stop = batch.data, batch.records[-1][2]
    start = batch.records[0][1]
    one, other = data.find(needles[0], start, stop), data.find(needles[1], start, stop)
    while one >= 0 or other >= 0:
        if other < 0 or 0 <= one <= other:
            yield one
            one = data.find(needles[0], one + 1, stop)
        else:
            yield other
            other = data.find(needles[1], other + 1, stop)


def _ends(data: bytes, frame: Frame) -> tuple[str, str]:
    """Addresses as a list shows them: of IP, else of Ethernet."""
    if frame.version:
        return address(frame.source), address(frame.target)
    source = data[frame.source_mac : frame.source_mac + 6].hex(":") if frame.source_mac else ""
    if frame.path[0] != "ethernet" or not frame.source_mac:
        return source, ""
    return source, data[frame.target_mac : frame.target_mac + 6].hex(":")


def _dump(packet: bytes, start: int, hidden: list[Range]) -> Iterator[DumpLine]:
    codes = [f"{byte:02x}" for byte in packet]
    text = [chr(byte) if 32 <= byte < 127 else "." for byte in packet]
    for first, last in hidden:
        for at in range(max(0, first - start), min(last - start, len(packet))):
            codes[at], text[at] = "··", "·"
    for offset in range(0, len(packet), _DUMP_WIDTH):
        end = offset + _DUMP_WIDTH
        yield DumpLine(offset, " ".join(codes[offset:end]), "".join(text[offset:end]))
