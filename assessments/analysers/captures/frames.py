"""Find the headers of one packet, of any link type that is decoded here; never raises."""

from dataclasses import dataclass
from struct import Struct
from typing import Final

from assessments.analysers.captures.numbers import (
    ARP,
    ETHERTYPES,
    IPV4,
    IPV6,
    LINKS,
    NAMED_LINKS,
    PROTOCOLS,
    TCP,
    UDP,
)

_TAGS: Final = frozenset((0x8100, 0x88A8, 0x9100, 0x9200))
_MOST_TAGS: Final = 4
# Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6 (RFC 7045).
_EXTENSIONS: Final = frozenset((0, 43, 44, 51, 60, 135, 139, 140))
_MOST_EXTENSIONS: Final = 8
_AF_INET6: Final = frozenset((10, 24, 28, 30))

_half = Struct(">H").unpack_from
_ports = Struct(">HH").unpack_from
_numbers = Struct(">IIBBH").unpack_from


@dataclass(slots=True)
class Frame:
    """Where everything stands in the data; an offset of 0 means that there is no such thing.

    `path` names the layers from the outside in. `stop` is where the packet ends, padding left out, as far as
    it was captured; `length` is what the transport carries by its own account, in bytes.
    """

    start: int
    end: int
    path: tuple[str, ...] = ()
    target_mac: int = 0
    source_mac: int = 0
    ethertype: int = 0
    network: int = 0
    version: int = 0
    protocol: int = -1
    fragment: bool = False
    more: bool = False
    source: bytes = b""
    target: bytes = b""
    transport: int = 0
    source_port: int = 0
    target_port: int = 0
    sequence: int = 0
    acknowledged: int = 0
    flags: int = 0
    window: int = 0
    payload: int = 0
    stop: int = 0
    length: int = 0
    link_end: int = 0

    @property
    def key(self) -> bytes:
        """Addresses and ports in the order of the packet: what the tables of conversations are keyed on."""
        if self.protocol in (TCP, UDP) and self.transport:
            ports = self.source_port.to_bytes(2, "big") + self.target_port.to_bytes(2, "big")
            return self.source + self.target + ports
        return self.source + self.target


def frame_at(data: bytes, start: int, end: int, link: int) -> Frame:
    """Decode the headers of the packet that stands in `data` from `start` to `end` (exclusive)."""
    frame = Frame(start, end, stop=end)
    kind = LINKS.get(link)
    if kind is None:
        frame.path = (NAMED_LINKS.get(link, f"link-{link}"),)
        frame.link_end = start
        return frame
    reader = _LINK_READERS[kind]
    at = reader(frame, data)
    if at < 0:
        frame.path += ("cut",)
        return frame
    frame.link_end = at
    _network(frame, data, at)
    return frame


def _ethernet(frame: Frame, data: bytes) -> int:
    start, end = frame.start, frame.end
    frame.path = ("ethernet",)
    if end - start < 14:
        return -1
    frame.target_mac, frame.source_mac = start, start + 6
    kind: int = _half(data, start + 12)[0]
    return _tagged(frame, data, kind, start + 14)


def _tagged(frame: Frame, data: bytes, kind: int, at: int) -> int:
    """Pass over VLAN tags (IEEE 802.1Q, QinQ)."""
    for _ in range(_MOST_TAGS):
        if kind not in _TAGS:
            break
        frame.path += ("vlan",)
        if at + 4 > frame.end:
            return -1
        kind = _half(data, at + 2)[0]
        at += 4
    frame.ethertype = kind
    return at


def _raw(frame: Frame, data: bytes) -> int:
    frame.path = ("raw",)
    if frame.end - frame.start < 1:
        return -1
    frame.ethertype = {4: IPV4, 6: IPV6}.get(data[frame.start] >> 4, 0)
    return frame.start


def _null(frame: Frame, data: bytes) -> int:
    """BSD loopback: an address family in the byte order of the machine, or big-endian (OpenBSD)."""
    start = frame.start
    frame.path = ("loopback",)
    if frame.end - start < 4:
        return -1
    family = data[start] or data[start + 3]
    frame.ethertype = IPV4 if family == 2 else IPV6 if family in _AF_INET6 else 0
    return start + 4


def _sll(frame: Frame, data: bytes) -> int:
    start = frame.start
    frame.path = ("sll",)
    if frame.end - start < 16:
        return -1
    if _half(data, start + 4)[0] == 6:
        frame.source_mac = start + 6
    return _tagged(frame, data, _half(data, start + 14)[0], start + 16)


def _sll2(frame: Frame, data: bytes) -> int:
    start = frame.start
    frame.path = ("sll2",)
    if frame.end - start < 20:
        return -1
    if data[start + 11] == 6:
        frame.source_mac = start + 12
    return _tagged(frame, data, _half(data, start)[0], start + 20)


_LINK_READERS: Final = {
    "ethernet": _ethernet,
    "raw": _raw,
    "ipv4": _raw,
    "ipv6": _raw,
    "null": _null,
    "loop": _null,
    "sll": _sll,
    "sll2": _sll2,
}


def _network(frame: Frame, data: bytes, at: int) -> None:
    kind = frame.ethertype
    if kind == IPV4:
        _ipv4(frame, data, at)
    elif kind == IPV6:
        _ipv6(frame, data, at)
    elif kind == ARP:
        frame.path += ("arp",)
        frame.network = at
    elif kind < 1536:
        frame.path += ("llc" if frame.path[0] in ("ethernet", "sll", "sll2") else "unknown",)
    else:
        frame.path += (ETHERTYPES.get(kind, "unknown"),)


def _ipv4(frame: Frame, data: bytes, at: int) -> None:
    frame.path += ("ipv4",)
    end = frame.end
    if end - at < 20 or data[at] >> 4 != 4:
        frame.path += ("cut" if end - at < 20 else "malformed",)
        return
    header = (data[at] & 15) * 4
    total: int = _half(data, at + 2)[0] or end - at
    if header < 20 or total < header:
        frame.path += ("malformed",)
        return
    frame.network, frame.version = at, 4
    frame.protocol = data[at + 9]
    frame.source, frame.target = data[at + 12 : at + 16], data[at + 16 : at + 20]
    fragment: int = _half(data, at + 6)[0]
    frame.fragment, frame.more = bool(fragment & 0x1FFF), bool(fragment & 0x2000)
    frame.stop = min(end, at + total)
    _transport(frame, data, at + header, total - header)


def _ipv6(frame: Frame, data: bytes, at: int) -> None:
    frame.path += ("ipv6",)
    end = frame.end
    if end - at < 40 or data[at] >> 4 != 6:
        frame.path += ("cut" if end - at < 40 else "malformed",)
        return
    frame.network, frame.version = at, 6
    frame.source, frame.target = data[at + 8 : at + 24], data[at + 24 : at + 40]
    length: int = _half(data, at + 4)[0] or end - at - 40
    frame.stop = min(end, at + 40 + length)
    following, here = data[at + 6], at + 40
    last = here + length
    for _ in range(_MOST_EXTENSIONS):
        if following not in _EXTENSIONS or here + 8 > frame.stop:
            break
        if following == 44:
            offset: int = _half(data, here + 2)[0]
            frame.fragment, frame.more = bool(offset & 0xFFF8), bool(offset & 1)
            size = 8
        else:
            size = (data[here + 1] + 2) * 4 if following == 51 else (data[here + 1] + 1) * 8
        following = data[here]
        here += size
        if frame.fragment:
            break
    frame.protocol = following
    _transport(frame, data, here, last - here)


def _transport(frame: Frame, data: bytes, at: int, length: int) -> None:
    """`length` is what the network layer says that it carries, captured or not."""
    protocol, stop = frame.protocol, frame.stop
    name = PROTOCOLS.get(protocol, "unknown")
    if frame.fragment:
        frame.path += ("fragment",)
        frame.payload = min(at, stop)
        return
    frame.path += (name,)
    if at > stop or length < 0:
        frame.path += ("cut",)
        return
    frame.payload = at
    frame.length = length
    if protocol == TCP:
        _tcp(frame, data, at, length)
    elif protocol == UDP:
        if stop - at < 8:
            frame.path += ("cut",)
            return
        frame.transport, frame.payload = at, at + 8
        frame.source_port, frame.target_port = _ports(data, at)
        frame.length = max(0, length - 8)
    elif stop - at >= 4:
        frame.transport = at


def _tcp(frame: Frame, data: bytes, at: int, length: int) -> None:
    if frame.stop - at < 20:
        frame.path += ("cut",)
        return
    frame.transport = at
    frame.source_port, frame.target_port = _ports(data, at)
    frame.sequence, frame.acknowledged, offset, frame.flags, frame.window = _numbers(data, at + 4)
    header = (offset >> 4) * 4
    if header < 20:
        frame.path += ("malformed",)
        header = 20
    frame.payload = min(at + header, frame.stop)
    frame.length = max(0, length - header)
