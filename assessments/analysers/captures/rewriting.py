"""Write a copy of a capture that may become public: no logins, no makers' Ethernet addresses, no keys.

Lengths, times, order and checksums stay true: the copy is analysed and pointed into like the original. Its
format stays too, but it is never compressed. Comments, names and blocks of unknown kinds are left out, and so
is what follows damage in the original.
"""

from dataclasses import dataclass
from secrets import token_bytes
from struct import Struct
from typing import BinaryIO, Final

from assessments.analysers.captures.reading.opening import reader_of
from assessments.analysers.captures.reading.pcap import HEADER, RECORD
from assessments.analysers.captures.reading.pcapng import (
    ENHANCED_PACKET,
    INTERFACE,
    SECTION,
    SIMPLE_PACKET,
)
from assessments.analysers.captures.reading.records import Batch, Interface, Layout, Record
from assessments.analysers.captures.reading.sources import source_of
from assessments.analysers.captures.replacing import Replacement
from assessments.analysers.captures.surveying import survey

LEAST_KEY: Final = 16
_BYTE_ORDER: Final = 0x1A2B3C4D
_NAME, _RESOLUTION, _OFFSET = 2, 9, 14


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How many packets were written, in how many content was blanked, and how many addresses replaced."""

    packets: int
    blanked: int
    addresses: int


def redacted(content: BinaryIO, out: BinaryIO, *, key: bytes | None = None) -> Rewritten:
    """Copy an open capture to `out`.

    `key` (16 to 64 bytes) decides which addresses stand in for others; by default it is random and forgotten.

    Raises `BadCapture` for what does not begin as a capture does.
    """
    key = token_bytes(32) if key is None else key
    if not LEAST_KEY <= len(key) <= 64:
        raise ValueError("a key of 16 to 64 bytes is needed")
    found = survey(content)
    known = frozenset((*found.tally.links.macs, *found.asides.addresses))
    replacement = Replacement(key, known, frozenset(found.tally.disclosures.flows()))
    reader = reader_of(content)
    if reader.layout.form == "pcap":
        out.write(source_of(content).read(HEADER))
        reader = reader_of(content)
        writer = _PcapWriter(out, replacement, reader.layout)
    else:
        writer = _PcapngWriter(out, replacement, reader.layout)
    packets = 0
    for batch in reader.batches():
        writer.batch(batch)
        packets += len(batch.records)
    writer.finish()
    return Rewritten(packets, replacement.blanked, len(replacement.made))


class _PcapWriter:
    def __init__(self, out: BinaryIO, replacement: Replacement, layout: Layout) -> None:
        self._out, self._replacement, self._layout = out, replacement, layout

    def batch(self, batch: Batch) -> None:
        data, link = batch.data, self._layout.interfaces[0].link
        parts = []
        for _when, start, end, _original, _interface in batch.records:
            parts += [data[start - RECORD : start], self._replacement.packet(data, start, end, link)]
        self._out.write(b"".join(parts))

    def finish(self) -> None:
        """Nothing follows the last packet."""


class _PcapngWriter(_PcapWriter):
    """Sections and interfaces are written when the first packet needs them, in their original numbering."""

    def __init__(self, out: BinaryIO, replacement: Replacement, layout: Layout) -> None:
        super().__init__(out, replacement, layout)
        self._sections = 0
        self._described = 0
        self._order = "<"

    def batch(self, batch: Batch) -> None:
        for record, block in zip(batch.records, batch.blocks, strict=True):
            self._sections_until(batch.offset + block)
            self._interfaces_until(record[4])
            self._packet(batch.data, record, block)

    def finish(self) -> None:
        """A capture without packets still is one."""
        if not self._sections:
            self._sections_until(0)
            self._interfaces_until(len(self._layout.interfaces) - 1)

    def _sections_until(self, offset: int) -> None:
        sections = self._layout.sections
        while self._sections < len(sections) and sections[self._sections].offset <= offset:
            section = sections[self._sections]
            self._order = "<" if section.little else ">"
            self._described = section.base
            self._block(SECTION, Struct(self._order + "IHHq").pack(_BYTE_ORDER, 1, 0, -1))
            self._sections += 1

    def _interfaces_until(self, index: int) -> None:
        while self._described <= index:
            self._interface(self._layout.interfaces[self._described])
            self._described += 1

    def _interface(self, interface: Interface) -> None:
        body = Struct(self._order + "HHI").pack(interface.link, 0, interface.snaplen)
        if interface.name:
            body += self._option(_NAME, interface.name.encode())
        body += self._option(_RESOLUTION, bytes((_power(interface.ticks),)))
        if interface.offset:
            body += self._option(_OFFSET, Struct(self._order + "q").pack(interface.offset))
        self._block(INTERFACE, body + bytes(4))

    def _packet(self, data: bytes, record: Record, block: int) -> None:
        """The fixed part as it was, then the packet; options are left out."""
        _when, start, end, _original, interface = record
        kind = Struct(self._order + "I").unpack_from(data, block)[0]
        packet = self._replacement.packet(data, start, end, self._layout.interfaces[interface].link)
        fixed = data[block + 8 : start]
        if kind not in (ENHANCED_PACKET, SIMPLE_PACKET):
            # The obsolete block numbers interfaces with half as many bits and counts drops in the others.
            number = Struct(self._order + "H").unpack_from(fixed)[0]
            kind, fixed = ENHANCED_PACKET, Struct(self._order + "I").pack(number) + fixed[4:]
        self._block(kind, fixed + packet)

    def _option(self, code: int, value: bytes) -> bytes:
        return Struct(self._order + "HH").pack(code, len(value)) + value + bytes(-len(value) % 4)

    def _block(self, kind: int, body: bytes) -> None:
        body += bytes(-len(body) % 4)
        length = Struct(self._order + "I").pack(12 + len(body))
        self._out.write(Struct(self._order + "I").pack(kind) + length + body + length)


def _power(ticks: int) -> int:
    """The option if_tsresol of so many ticks a second."""
    power = len(str(ticks)) - 1
    return power if ticks == 10**power else 0x80 | (ticks.bit_length() - 1)
