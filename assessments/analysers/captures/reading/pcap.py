"""Records of the classic format (draft-ietf-opsawg-pcap), in either byte order, of micro- or nanoseconds."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

from assessments.analysers.captures.reading.records import (
    MARK_EVERY,
    MAX_CAPTURED,
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

HEADER: Final = 24
RECORD: Final = 16
# magic number as written: (struct order, nanoseconds a tick)
MAGICS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
# Alexey Kuznetzov's patched libpcap: longer record headers, whose layout differs between releases.
MODIFIED: Final = (b"\x34\xcd\xb2\xa1", b"\xa1\xb2\xcd\x34")
_SECOND: Final = 1_000_000_000


class PcapReader:
    """Reads once, from the beginning or from a mark of `layout`."""

    def __init__(self, source: Source, layout: Layout | None = None) -> None:
        self._source = source
        header = source.read(HEADER)
        if header[:4] in MODIFIED:
            raise BadCapture("modified-pcap")
        if header[:4] not in MAGICS or len(header) < HEADER:
            raise BadCapture("no-header")
        self._order, self._tick = MAGICS[header[:4]]
        self.ending = Ending()
        self.asides = Asides()
        self.layout = layout or self._described(header)

    def _described(self, header: bytes) -> Layout:
        snaplen, link = Struct(self._order + "II").unpack_from(header, 16)
        # The upper bits tell about a frame check sequence.
        interface = Interface(link & 0xFFFF, snaplen, _SECOND // self._tick)
        little = self._order == "<"
        return Layout("pcap", [interface], [Section(0, little, 0)], nanoseconds=self._tick == 1)

    def batches(self, mark: int = 0) -> Iterator[Batch]:
        """Every packet from mark number `mark` on; `ending` is right once this is exhausted."""
        offset, number = HEADER, 1
        if mark:
            number, offset = 1 + mark * MARK_EVERY, self.layout.marks[mark]
            self._source.skip(offset - HEADER)
        rest = b""
        while True:
            piece = self._source.read(CHUNK)
            data = rest + piece if rest else piece
            position = 0
            while True:
                records, reached = self._records(data, position)
                if not records:
                    break
                if not mark:
                    self._note(records, number, offset)
                captured = reached - position - RECORD * len(records)
                yield Batch(data, offset, number, records, captured)
                number += len(records)
                position = reached
            if self.ending.reason or not piece:
                self._end(data, position, number)
                return
            rest = data[position:]
            offset += position

    def _records(self, data: bytes, position: int) -> tuple[list[Record], int]:
        unpack, tick = Struct(self._order + "IIII").unpack_from, self._tick
        records: list[Record] = []
        keep = records.append
        size = len(data)
        last = size - RECORD
        for _ in range(MAX_RECORDS):
            if position > last:
                break
            seconds, fraction, captured, original = unpack(data, position)
            start = position + RECORD
            end = start + captured
            if captured > MAX_CAPTURED:
                self.ending.reason, self.ending.detail = "damaged-tail", f"length {captured}"
                break
            if end > size:
                break
            keep((seconds * _SECOND + fraction * tick, start, end, original, 0))
            position = end
        return records, position

    def _note(self, records: list[Record], number: int, offset: int) -> None:
        skipped = -(number - 1) % MARK_EVERY
        for when, start, _end, _original, _interface in records[skipped::MARK_EVERY]:
            self.layout.marks.append(offset + start - RECORD)
            self.layout.moments.append(when)

    def _end(self, data: bytes, position: int, number: int) -> None:
        self.ending.packet = number
        if self.ending.reason:
            return
        if self._source.stopped:
            self.ending.reason = self._source.stopped
        elif position < len(data):
            self.ending.reason = "damaged-tail"
            self.ending.detail = f"{len(data) - position} bytes left"
