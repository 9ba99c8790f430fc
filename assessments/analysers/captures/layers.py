"""The headers of one packet, field by field, with the bytes that each takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assessments.analysers.captures.applications import dns, http, tls
from assessments.analysers.captures.applications.ports import service
from assessments.analysers.captures.describing import flag_names, line_of, masked, protocol_of, tls_line
from assessments.analysers.captures.frames import Frame
from assessments.analysers.captures.masking import Range
from assessments.analysers.captures.numbers import ARP, ETHERTYPES, ICMP, ICMP6, PROTOCOLS, TCP, UDP
from assessments.analysers.captures.summary import address

# Lines of a head and records of an answer that are listed.
_MOST_LINES: Final = 40
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Field:
    """A value and where it stands in the packet, the last byte exclusive."""

    name: str
    value: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    first: int
    last: int
    fields: tuple[Field, ...]


class _Builder:
    """Reads fields at positions in the data and names them by positions in the packet."""

    def __init__(self, data: bytes, frame: Frame) -> None:
        self.data, self.frame = data, frame
        self.fields: list[Field] = []

    def add(self, name: str, value: object, at: int, size: int) -> None:
        start = self.frame.start
        self.fields.append(Field(name, str(value), at - start, min(at + size, self.frame.end) - start))

    def number(self, name: str, at: int, size: int) -> int:
        value = int.from_bytes(self.data[at : at + size], "big")
        self.add(name, value, at, size)
        return value

    def code(self, name: str, at: int, size: int) -> None:
        self.add(name, f"0x{self.data[at : at + size].hex()}", at, size)

    def mac(self, name: str, at: int) -> None:
        self.add(name, self.data[at : at + 6].hex(":"), at, 6)

    def layer(self, name: str, first: int, last: int) -> Layer:
        fields, self.fields = tuple(self.fields), []
        start = self.frame.start
        return Layer(name, first - start, min(last, self.frame.end) - start, fields)


def layers_of(data: bytes, frame: Frame, hidden: list[Range]) -> tuple[Layer, ...]:
    """From the outside in; parts of the packet that are hidden are masked."""
    return tuple(_layers(_Builder(data, frame), hidden))


def _layers(build: _Builder, hidden: list[Range]) -> Iterator[Layer]:
    frame = build.frame
    yield _link(build)
    if frame.ethertype == ARP and frame.network and frame.end - frame.network >= 28:
        yield _arp(build)
    elif frame.version and frame.network:
        yield _ipv4(build) if frame.version == 4 else _ipv6(build)
    else:
        return
    if not frame.transport:
        return
    if frame.protocol == TCP:
        yield _tcp(build)
    elif frame.protocol == UDP:
        yield _udp(build)
    elif frame.protocol in (ICMP, ICMP6):
        yield _icmp(build)
        return
    if frame.payload < frame.stop:
        yield _content(build, hidden)


def _link(build: _Builder) -> Layer:
    frame = build.frame
    start, end = frame.start, frame.link_end or frame.end
    if frame.path[0] == "ethernet" and frame.source_mac:
        build.mac("Destination", start)
        build.mac("Source", start + 6)
        at = start + 12
        for _ in range(frame.path.count("vlan")):
            if at + 4 > end:
                break
            build.code("Tag", at, 2)
            tag = int.from_bytes(build.data[at + 2 : at + 4], "big")
            build.add("VLAN", f"{tag & 0xFFF}, priority {tag >> 13}", at + 2, 2)
            at += 4
        kind = ETHERTYPES.get(frame.ethertype, "")
        build.add("Type", f"0x{frame.ethertype:04x} {kind}".strip(), at, 2)
    elif frame.source_mac:
        build.mac("Source", frame.source_mac)
        build.add("Type", f"0x{frame.ethertype:04x} {ETHERTYPES.get(frame.ethertype, '')}".strip(), start, 2)
    names = [name for name in frame.path if name in ("ethernet", "vlan", "sll", "sll2", "raw", "loopback")]
    return build.layer(" / ".join(names or frame.path[:1]), start, end)


def _arp(build: _Builder) -> Layer:
    at = build.frame.network
    build.number("Operation", at + 6, 2)
    build.mac("Sender hardware address", at + 8)
    build.add("Sender address", address(build.data[at + 14 : at + 18]), at + 14, 4)
    build.mac("Target hardware address", at + 18)
    build.add("Target address", address(build.data[at + 24 : at + 28]), at + 24, 4)
    return build.layer("arp", at, at + 28)


def _ipv4(build: _Builder) -> Layer:
    at, data = build.frame.network, build.data
    size = (data[at] & 15) * 4
    build.add("Version", 4, at, 1)
    build.add("Header length", size, at, 1)
    build.code("Differentiated services", at + 1, 1)
    build.number("Total length", at + 2, 2)
    build.code("Identification", at + 4, 2)
    fragment = int.from_bytes(data[at + 6 : at + 8], "big")
    flags = [name for bit, name in ((0x4000, "don't fragment"), (0x2000, "more fragments")) if fragment & bit]
    build.add("Flags", ", ".join(flags) or "none", at + 6, 1)
    build.add("Fragment offset", (fragment & 0x1FFF) * 8, at + 6, 2)
    build.number("Time to live", at + 8, 1)
    build.add("Protocol", f"{data[at + 9]} {PROTOCOLS.get(data[at + 9], '')}".strip(), at + 9, 1)
    build.code("Header checksum", at + 10, 2)
    build.add("Source", address(build.frame.source), at + 12, 4)
    build.add("Destination", address(build.frame.target), at + 16, 4)
    if size > 20:
        build.add("Options", f"{size - 20} bytes", at + 20, size - 20)
    return build.layer("ipv4", at, at + size)


def _ipv6(build: _Builder) -> Layer:
    at, data, frame = build.frame.network, build.data, build.frame
    build.add("Version", 6, at, 1)
    build.add("Flow label", f"0x{int.from_bytes(data[at + 1 : at + 4], 'big') & 0xFFFFF:05x}", at + 1, 3)
    build.number("Payload length", at + 4, 2)
    build.add("Next header", f"{data[at + 6]} {PROTOCOLS.get(data[at + 6], '')}".strip(), at + 6, 1)
    build.number("Hop limit", at + 7, 1)
    build.add("Source", address(frame.source), at + 8, 16)
    build.add("Destination", address(frame.target), at + 24, 16)
    end = frame.transport or frame.payload or at + 40
    if end > at + 40:
        build.add("Extension headers", f"{end - at - 40} bytes", at + 40, end - at - 40)
    return build.layer("ipv6", at, max(end, at + 40))


def _tcp(build: _Builder) -> Layer:
    frame, at = build.frame, build.frame.transport
    build.number("Source port", at, 2)
    build.number("Destination port", at + 2, 2)
    build.number("Sequence number", at + 4, 4)
    build.number("Acknowledgement number", at + 8, 4)
    build.add("Header length", (build.data[at + 12] >> 4) * 4, at + 12, 1)
    build.add("Flags", f"0x{frame.flags:02x} {flag_names(frame.flags)}".strip(), at + 13, 1)
    build.number("Window", at + 14, 2)
    build.code("Checksum", at + 16, 2)
    build.number("Urgent pointer", at + 18, 2)
    if frame.payload > at + 20:
        build.add("Options", f"{frame.payload - at - 20} bytes", at + 20, frame.payload - at - 20)
    return build.layer("tcp", at, max(frame.payload, at + 20))


def _udp(build: _Builder) -> Layer:
    at = build.frame.transport
    build.number("Source port", at, 2)
    build.number("Destination port", at + 2, 2)
    build.number("Length", at + 4, 2)
    build.code("Checksum", at + 6, 2)
    return build.layer("udp", at, at + 8)


def _icmp(build: _Builder) -> Layer:
    frame, at = build.frame, build.frame.transport
    build.number("Type", at, 1)
    build.number("Code", at + 1, 1)
    build.code("Checksum", at + 2, 2)
    build.add("Meaning", line_of(build.data, frame, []), at, 2)
    return build.layer(PROTOCOLS[frame.protocol], at, frame.stop)


def _content(build: _Builder, hidden: list[Range]) -> Layer:
    """What TCP or UDP carries: lines of text, a DNS message, a hello, or just how much it is."""
    frame, data = build.frame, build.data
    first, last = frame.payload, frame.stop
    text = data[first:last]
    ports = data[frame.transport : frame.transport + 2], data[frame.transport + 2 : frame.transport + 4]
    name = service(*ports, tcp=frame.protocol == TCP)
    if hidden and hidden[0] == (first, last):
        build.add("Hidden", f"{last - first} bytes", first, last - first)
    elif frame.protocol == TCP and text[:4] in http.LEADS:
        _lines(build, hidden)
    elif frame.protocol == TCP and text[:4] in tls.LEADS:
        build.add("Handshake", tls_line(text), first, last - first)
    elif name in ("dns", "mdns", "llmnr"):
        _dns(build, first + 2 if frame.protocol == TCP else first)
    else:
        build.add("Data", f"{last - first} bytes", first, last - first)
        if hidden:
            build.add("Hidden", f"{sum(end - begin for begin, end in hidden)} bytes", first, last - first)
    return build.layer(protocol_of(data, frame, hidden).lower(), first, last)


def _lines(build: _Builder, hidden: list[Range]) -> None:
    at, stop = build.frame.payload, build.frame.stop
    for number in range(_MOST_LINES):
        end = build.data.find(b"\r\n", at, stop)
        end = stop if end < 0 else end
        if end == at:
            break
        shown = masked(build.data, at, end, hidden)[:_LONGEST].decode("utf-8", errors="replace")
        name, colon, value = shown.partition(":")
        if number and not colon:
            break
        build.add(*((name, value.strip()) if number else ("First line", shown)), at, end - at)
        at = end + 2


def _dns(build: _Builder, at: int) -> None:
    stop = build.frame.stop
    message = dns.message_at(build.data, at, stop)
    if message is None:
        build.add("Message", "malformed", at, max(0, stop - at))
        return
    build.add("Identifier", f"0x{message.number:04x}", at, 2)
    build.add("Kind", "response" if message.response else "query", at + 2, 1)
    build.add("Code", f"{message.code} {dns.CODES.get(message.code, '')}".strip(), at + 3, 1)
    kind = dns.TYPES.get(message.kind, f"TYPE{message.kind}")
    build.add("Question", f"{message.name} {kind}", at + 12, max(0, stop - at - 12))
    for record, value in message.answers:
        build.add("Answer", f"{record} {value}".strip(), at + 12, max(0, stop - at - 12))
