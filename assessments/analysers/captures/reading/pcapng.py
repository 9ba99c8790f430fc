"""Packets of pcapng (draft-ietf-opsawg-pcapng): sections, interfaces, and the three kinds of packet block."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

from assessments.analysers.captures.reading.blocks import options, resolution
from assessments.analysers.captures.reading.records import (
    MARK_EVERY,
    MAX_CAPTURED,
    MAX_INTERFACES,
    MAX_RECORDS,
    Asides,
    BadCapture,
    Batch,
    Ending,
    Interface,
    Layout,
    Record,
    Section,
)
from assessments.analysers.captures.reading.sources import CHUNK, Source

SECTION: Final = 0x0A0D0D0A
INTERFACE: Final = 1
OBSOLETE_PACKET: Final = 2
SIMPLE_PACKET: Final = 3
NAMES: Final = 4
STATISTICS: Final = 5
ENHANCED_PACKET: Final = 6
SECRETS: Final = 10
_TLS_KEY_LOG: Final = 0x544C534B

_PACKETS: Final = frozenset((ENHANCED_PACKET, SIMPLE_PACKET, OBSOLETE_PACKET))
# A packet with all the comments a person would write; other blocks of any length are passed over unread.
MAX_BLOCK: Final = MAX_CAPTURED + (1 << 20)
# Further key logs are counted, not listed.
_MAX_LISTED: Final = 100
_SECOND: Final = 1_000_000_000
_BYTE_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": True, b"\x1a\x2b\x3c\x4d": False}


class PcapngReader:
    """Reads once, from the beginning or from a mark of `layout`, whose interfaces are then known already."""

    def __init__(self, source: Source, layout: Layout | None = None) -> None:
        self._source = source
        self._known = layout is not None
        self.layout = layout or Layout("pcapng", nanoseconds=True)
        self.ending = Ending()
        self.asides = Asides()
        self._number = 1
        self._when = 0
        self._passing = 0
        self._head = source.read(12)
        if self._head[:4] != b"\x0a\x0d\x0d\x0a" or self._head[8:] not in _BYTE_ORDERS:
            raise BadCapture("no-header")
        self._use(_BYTE_ORDERS[self._head[8:]], 0)

    def _use(self, little: bool, base: int) -> None:
        order = "<" if little else ">"
        self._order, self._base = order, base
        self._words = Struct(order + "II").unpack_from
        self._word = Struct(order + "I").unpack_from
        self._packet = Struct(order + "IIIII").unpack_from
        self._obsolete = Struct(order + "HHIIII").unpack_from

    def batches(self, mark: int = 0) -> Iterator[Batch]:
        """Every packet from mark number `mark` on; `ending` is right once this is exhausted."""
        data, offset = self._head, 0
        if mark:
            offset = self.layout.marks[mark]
            self._number = 1 + mark * MARK_EVERY
            self._source.skip(offset - len(data))
            section = max((one for one in self.layout.sections if one.offset <= offset), key=_place)
            self._use(section.little, section.base)
            data = b""
        while True:
            piece = self._source.read(CHUNK)
            data = data + piece if data else piece
            position = 0
            while True:
                first = self._number
                blocks: list[int] = []
                reached, records = self._blocks(data, position, offset, blocks)
                if records:
                    captured = sum([end - start for _when, start, end, _original, _interface in records])
                    yield Batch(data, offset, first, records, captured, blocks)
                if reached == position:
                    break
                position = reached
            if self.ending.reason or not piece:
                self._end(data, position)
                return
            data, offset = self._passed(data, position, offset)

    def _passed(self, data: bytes, position: int, offset: int) -> tuple[bytes, int]:
        """What is left after the blocks that were read, without the long block being passed over."""
        offset += position
        if not self._passing:
            return data[position:], offset
        skipped = self._source.skip(self._passing)
        if skipped < self._passing:
            self.ending.reason, self.ending.detail = "damaged-tail", "block cut short"
        self._passing = 0
        return b"", offset + skipped

    def _blocks(self, data: bytes, position: int, offset: int, blocks: list[int]) -> tuple[int, list[Record]]:
        records: list[Record] = []
        size = len(data)
        while position + 12 <= size and len(records) < MAX_RECORDS and not self._passing:
            kind, length = self._words(data, position)
            if kind == SECTION and not self._section(data, position, offset + position):
                break
            if kind == SECTION:
                kind, length = self._words(data, position)
            length = (length + 3) & ~3
            end = position + length
            if length < 12 or (length > MAX_BLOCK and kind in _PACKETS):
                self._damaged(f"block length {length}")
                break
            if end > size:
                if length > MAX_BLOCK:
                    self._passing = end - size
                    self._aside(data, kind, position, size)
                    return size, records
                break
            if (self._word(data, end - 4)[0] + 3) & ~3 != length:
                self._damaged("block lengths differ")
                break
            if kind in _PACKETS:
                record = self._record(data, kind, position, end - 4)
                if record is None:
                    self._damaged("packet beyond its block")
                    break
                if not (self._number - 1) % MARK_EVERY and not self._known:
                    self.layout.marks.append(offset + position)
                    self.layout.moments.append(record[0])
                records.append(record)
                blocks.append(position)
                self._number += 1
            else:
                self._aside(data, kind, position, end - 4)
            if self.ending.reason:
                break
            position = end
        return position, records

    def _record(self, data: bytes, kind: int, position: int, limit: int) -> Record | None:
        """None when the block is too short for what it says, or names an interface that was not described."""
        if kind == SIMPLE_PACKET:
            return self._simple(data, position, limit)
        start = position + 28
        if start > limit:
            return None
        if kind == ENHANCED_PACKET:
            index, high, low, captured, original = self._packet(data, position + 8)
        else:
            index, _drops, high, low, captured, original = self._obsolete(data, position + 8)
        index += self._base
        if start + captured > limit or captured > MAX_CAPTURED or index >= len(self.layout.interfaces):
            return None
        interface = self.layout.interfaces[index]
        ticks = (high << 32) + low
        when = ticks * 1000 if interface.ticks == 1_000_000 else ticks * _SECOND // interface.ticks
        self._when = when + interface.offset * _SECOND
        return self._when, start, start + captured, original, index

    def _simple(self, data: bytes, position: int, limit: int) -> Record | None:
        """A block without a time: it takes the time of the packet before it."""
        start = position + 12
        if start > limit or self._base >= len(self.layout.interfaces):
            return None
        original = self._word(data, position + 8)[0]
        snaplen = self.layout.interfaces[self._base].snaplen
        captured = min(original, snaplen) if snaplen else original
        if captured > MAX_CAPTURED or start + captured > limit:
            return None
        self.asides.untimed += 1
        return self._when, start, start + captured, original, self._base

    def _section(self, data: bytes, position: int, offset: int) -> bool:
        little = _BYTE_ORDERS.get(data[position + 8 : position + 12])
        if little is None:
            self._damaged("unknown byte order")
            return False
        if self._known:
            known = max((one for one in self.layout.sections if one.offset <= offset), key=_place)
            self._use(little, known.base)
        else:
            base = len(self.layout.interfaces)
            if not any(one.offset == offset for one in self.layout.sections):
                if len(self.layout.sections) >= MAX_INTERFACES:
                    self._damaged("too many sections")
                    return False
                self.layout.sections.append(Section(offset, little, base))
                self._use(little, base)
        return True

    def _aside(self, data: bytes, kind: int, position: int, limit: int) -> None:
        if kind == INTERFACE:
            self._interface(data, position, limit)
        elif kind == SECRETS:
            if limit >= position + 16 and self._word(data, position + 8)[0] == _TLS_KEY_LOG:
                self._tls_secrets()
        elif kind == NAMES:
            self.asides.name_blocks += 1
        elif kind not in (SECTION, STATISTICS):
            self.asides.unknown_blocks += 1

    def _tls_secrets(self) -> None:
        if len(self.asides.tls_secrets) < _MAX_LISTED:
            self.asides.tls_secrets.append(self._number - 1)
        else:
            self.asides.tls_secrets_left_out += 1

    def _interface(self, data: bytes, position: int, limit: int) -> None:
        if self._known:
            return
        if limit < position + 16 or len(self.layout.interfaces) >= MAX_INTERFACES:
            self._damaged("interface block")
            return
        link, _reserved, snaplen = Struct(self._order + "HHI").unpack_from(data, position + 8)
        found = options(data, position + 16, limit, self._order)
        offset = Struct(self._order + "q").unpack(found[14])[0] if len(found.get(14, b"")) == 8 else 0
        name = found.get(2, b"").decode(errors="replace")[:60]
        ticks = resolution(found.get(9, b""))
        self.layout.interfaces.append(Interface(link, snaplen, ticks, offset, name))
        if len(found.get(6, b"")) == 6:
            self.asides.addresses.append(found[6])

    def _damaged(self, detail: str) -> None:
        self.ending.reason, self.ending.detail = "damaged-tail", detail

    def _end(self, data: bytes, position: int) -> None:
        self.ending.packet = self._number
        if self.ending.reason:
            return
        if self._source.stopped:
            self.ending.reason = self._source.stopped
        elif position < len(data):
            self._damaged(f"{len(data) - position} bytes left")


def _place(section: Section) -> int:
    return section.offset
