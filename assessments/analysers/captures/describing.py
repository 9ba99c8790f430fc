"""One packet in one line, as a protocol analyser lists it; hidden bytes are never part of it."""

from struct import Struct
from typing import Final

from assessments.analysers.captures.applications import dhcp, dns, http, tls
from assessments.analysers.captures.applications.ports import LOGINS, service
from assessments.analysers.captures.frames import Frame
from assessments.analysers.captures.masking import Range, hidden_ranges
from assessments.analysers.captures.numbers import ARP, ICMP, ICMP6, TCP, UDP
from assessments.analysers.captures.summary import address, main_protocol

_FLAGS: Final = (
    (2, "SYN"),
    (16, "ACK"),
    (1, "FIN"),
    (4, "RST"),
    (8, "PSH"),
    (32, "URG"),
    (64, "ECE"),
    (128, "CWR"),
)
_LONGEST: Final = 160
MASK: Final = "•••"
# How other TLS records than handshakes begin.
_RECORDS: Final = frozenset(bytes((kind, 3)) for kind in tls.CONTENTS)

_four = Struct(">HH").unpack_from
_ICMP: Final = {
    0: "Echo reply",
    3: "Destination unreachable",
    4: "Source quench",
    5: "Redirect",
    8: "Echo request",
    9: "Router advertisement",
    10: "Router solicitation",
    11: "Time exceeded",
    12: "Parameter problem",
    13: "Timestamp request",
    14: "Timestamp reply",
}
_UNREACHABLE: Final = {
    0: "network",
    1: "host",
    2: "protocol",
    3: "port",
    4: "fragmentation needed",
    13: "prohibited",
}
_ICMP6: Final = {
    1: "Destination unreachable",
    2: "Packet too big",
    3: "Time exceeded",
    4: "Parameter problem",
    128: "Echo request",
    129: "Echo reply",
    130: "Multicast listener query",
    131: "Multicast listener report",
    133: "Router solicitation",
    134: "Router advertisement",
    135: "Neighbour solicitation",
    136: "Neighbour advertisement",
    137: "Redirect",
    143: "Multicast listener report",
}


def protocol_of(data: bytes, frame: Frame, hidden: list[Range]) -> str:
    """The name in the protocol column: the application when there is data of it, else the innermost layer."""
    if frame.transport and frame.protocol in (TCP, UDP) and frame.payload < frame.stop:
        lead = data[frame.payload : frame.payload + 4]
        if frame.protocol == TCP:
            if lead in tls.LEADS:
                return "TLS"
            if lead in http.LEADS:
                return "HTTP"
        ports = data[frame.transport : frame.transport + 2], data[frame.transport + 2 : frame.transport + 4]
        name = service(*ports, tcp=frame.protocol == TCP)
        if name:
            return name.upper()
    return main_protocol(frame.path).upper()


def line_of(data: bytes, frame: Frame, hidden: list[Range]) -> str:
    """What the packet says, at most 160 characters."""
    return _line(data, frame, hidden)[:_LONGEST]


def _line(data: bytes, frame: Frame, hidden: list[Range]) -> str:  # noqa: PLR0911 (one a protocol)
    if frame.ethertype == ARP and frame.network:
        return _arp(data, frame)
    if not frame.version:
        return f"{frame.path[-1]}, {frame.end - frame.start} bytes"
    if frame.fragment:
        return f"Fragment, {frame.stop - frame.payload} bytes"
    if not frame.transport:
        return f"{main_protocol(frame.path)}, {max(0, frame.stop - frame.payload)} bytes"
    if frame.protocol == TCP:
        return _said(data, frame, hidden) or _segment(frame)
    if frame.protocol == UDP:
        said = _datagram(data, frame) if not hidden else ""
        return said or f"{frame.source_port} → {frame.target_port} Len={frame.length}"
    if frame.protocol == ICMP:
        return _icmp(data, frame, _ICMP)
    if frame.protocol == ICMP6:
        return _icmp(data, frame, _ICMP6)
    return f"{main_protocol(frame.path)}, {frame.length} bytes"


def flag_names(flags: int) -> str:
    return ", ".join(name for bit, name in _FLAGS if flags & bit)


def _segment(frame: Frame) -> str:
    acknowledged = f" Ack={frame.acknowledged}" if frame.flags & 16 else ""
    return (
        f"{frame.source_port} → {frame.target_port} [{flag_names(frame.flags)}] Seq={frame.sequence}"
        f"{acknowledged} Win={frame.window} Len={frame.length}"
    )


def _said(data: bytes, frame: Frame, hidden: list[Range]) -> str:  # noqa: PLR0911 (one an application)
    text = data[frame.payload : frame.stop]
    lead = text[:4]
    if lead in tls.LEADS:
        return tls_line(text)
    if lead[:2] in _RECORDS:
        return tls.CONTENTS[lead[0]]
    if lead in http.LEADS:
        return _shown(masked(data, frame.payload, frame.stop, hidden).split(b"\r\n", 1)[0])
    ports = data[frame.transport : frame.transport + 2], data[frame.transport + 2 : frame.transport + 4]
    name = service(*ports, tcp=True)
    if text and name in LOGINS and name not in ("ldap", "telnet"):
        side = "Request" if frame.target_port < frame.source_port else "Response"
        if hidden and hidden[0][0] == frame.payload:
            return f"{side}: {MASK}"
        return f"{side}: " + _shown(masked(data, frame.payload, frame.stop, hidden).split(b"\r\n", 1)[0])
    if name == "dns" and len(text) > 14:
        return _dns(text[2:])
    return ""


def masked(data: bytes, first: int, last: int, hidden: list[Range]) -> bytes:
    """A part of a packet with one mask for each hidden range."""
    parts, at = [], first
    for begin, end in sorted(hidden):
        if end <= at or begin >= last:
            continue
        parts += [data[at : max(at, begin)], MASK.encode()]
        at = end
    return b"".join([*parts, data[at:last]])


def _shown(text: bytes) -> str:
    return "".join(
        letter if letter.isprintable() else "." for letter in text.decode("utf-8", errors="replace")
    )


def tls_line(text: bytes) -> str:
    hello = tls.hello_at(text)
    if hello is None:
        return tls.CONTENTS.get(text[0], "TLS")
    version = tls.VERSIONS.get(hello.version, "")
    said = " ".join((tls.HANDSHAKES[hello.kind], version)).strip()
    return f"{said} (server name {hello.server_name})" if hello.server_name else said


def _datagram(data: bytes, frame: Frame) -> str:
    text = data[frame.payload : frame.stop]
    ports = data[frame.transport : frame.transport + 2], data[frame.transport + 2 : frame.transport + 4]
    name = service(*ports, tcp=False)
    if name in ("dns", "mdns", "llmnr"):
        return _dns(text)
    if name == "dhcp":
        kind, _named = dhcp.options_of(text)
        return f"DHCP {dhcp.KINDS.get(kind, 'message')}"
    return ""


def _dns(text: bytes) -> str:
    message = dns.message_at(text, 0, len(text))
    if message is None:
        return "Malformed message"
    kind = dns.TYPES.get(message.kind, f"TYPE{message.kind}") if message.name else ""
    said = f"0x{message.number:04x} {kind} {message.name}".rstrip()
    if not message.response:
        return f"Standard query {said}" if message.opcode == 0 else f"Query (opcode {message.opcode}) {said}"
    if message.code:
        return f"Standard query response {said}: {dns.CODES.get(message.code, f'code {message.code}')}"
    answers = ", ".join(f"{one} {value}".strip() for one, value in message.answers)
    return f"Standard query response {said}" + (f" → {answers}" if answers else "")


def _arp(data: bytes, frame: Frame) -> str:
    at = frame.network
    if frame.end - at < 28 or data[at + 4 : at + 6] != b"\6\4":
        return "ARP"
    sender, target = address(data[at + 14 : at + 18]), address(data[at + 24 : at + 28])
    if data[at + 7] == 1:
        return f"Announcement for {sender}" if sender == target else f"Who has {target}? Tell {sender}"
    if data[at + 7] == 2:
        return f"{sender} is at {data[at + 8 : at + 14].hex(':')}"
    return f"ARP operation {data[at + 7]}"


def _icmp(data: bytes, frame: Frame, names: dict[int, str]) -> str:
    at = frame.transport
    kind, code = data[at], data[at + 1]
    said = names.get(kind, f"Type {kind}, code {code}")
    if kind in (0, 8, 128, 129) and frame.stop - at >= 8 and said.startswith("Echo"):
        identifier, sequence = _four(data, at + 4)
        return f"{said} id=0x{identifier:04x} seq={sequence}"
    if frame.protocol == ICMP and kind == 3:
        return f"{said} ({_UNREACHABLE.get(code, f'code {code}')})"
    return said


def described(data: bytes, frame: Frame, flows: frozenset[bytes]) -> tuple[str, str]:
    """(protocol, line) of a packet."""
    hidden = hidden_ranges(data, frame, flows)
    return protocol_of(data, frame, hidden), line_of(data, frame, hidden)
