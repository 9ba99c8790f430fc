"""Take Ethernet addresses and hidden bytes out of one packet, leaving every length as it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from struct import Struct
from typing import Final

from assessments.analysers.captures.applications.ports import service
from assessments.analysers.captures.counting import neighbour_addresses
from assessments.analysers.captures.frames import Frame, frame_at
from assessments.analysers.captures.masking import hidden_ranges
from assessments.analysers.captures.numbers import ARP, ICMP, ICMP6, LINKS, TCP, UDP
from assessments.analysers.captures.tallies.links import ZERO_MAC

# Frames are decoded from this position on: an offset of 0 would mean that there is none.
_BASE: Final = 16
# What is understood well enough to stay; the content of everything else is blanked.
_KEPT: Final = frozenset((TCP, UDP, ICMP, ICMP6, 2))
_CHECKSUM_AT: Final = {TCP: 16, UDP: 6, ICMP: 2, ICMP6: 2}
_pseudo_tail = Struct(">II").pack
_half = Struct(">H").pack


@dataclass(slots=True)
class Replacement:
    """Stand-ins for Ethernet addresses, the same for the same address as long as the key is the same.

    `known` are the addresses that a first reading saw, `hidden` the conversations to blank.
    """

    key: bytes
    known: frozenset[bytes]
    hidden: frozenset[bytes]
    made: dict[bytes, bytes] = field(default_factory=dict)
    suffixes: dict[bytes, bytes] = field(default_factory=dict)
    blanked: int = 0

    def __post_init__(self) -> None:
        for mac in self.known:
            self.suffixes[mac[3:]] = self.mac(mac)[3:]

    def mac(self, mac: bytes) -> bytes:
        """A locally administered address; groups, broadcast and zeros stay what they are."""
        if len(mac) < 6 or mac[0] & 1 or mac == ZERO_MAC:
            return mac
        made = self.made.get(mac)
        if made is None:
            digest = blake2b(mac, key=self.key, digest_size=6).digest()
            made = bytes((digest[0] & 0xFC | 2,)) + digest[1:]
            if len(self.made) < 65_536:
                self.made[mac] = made
        return made

    def packet(self, data: bytes, start: int, end: int, link: int) -> bytes:
        """The packet without what may not become public; as long as before."""
        before = bytes(_BASE) + data[start:end]
        frame = frame_at(before, _BASE, len(before), link)
        packet = bytearray(before)
        checked = _checksum(before, frame) if _is_whole(frame) else None
        hidden = hidden_ranges(before, frame, self.hidden, strict=True)
        self._addresses(packet, frame)
        self._named_in(packet, before, frame)
        for first, last in (*hidden, *_not_understood(frame)):
            packet[first:last] = bytes(last - first)
        self.blanked += bool(hidden)
        if checked is not None and bytes(packet[frame.network :]) != before[frame.network :]:
            _check_again(packet, frame)
        return bytes(packet[_BASE:])

    def _at(self, packet: bytearray, at: int) -> None:
        if at + 6 <= len(packet):
            packet[at : at + 6] = self.mac(bytes(packet[at : at + 6]))

    def _addresses(self, packet: bytearray, frame: Frame) -> None:
        """In the headers of the link, and in IPv6 addresses made from them (RFC 4291, appendix A)."""
        if frame.path[0] == "ethernet" and frame.source_mac:
            self._group(packet, frame.target_mac + 2)
            self._at(packet, frame.target_mac)
        if frame.source_mac:
            self._at(packet, frame.source_mac)
        if frame.version == 6:
            self._ipv6(packet, frame.network + 8)
            self._ipv6(packet, frame.network + 24)

    def _group(self, packet: bytearray, at: int) -> None:
        """33:33:ff and ff02::1:ff end with the last three bytes of the address they ask for."""
        if packet[at - 2 : at + 1] == b"\x33\x33\xff":
            suffix = bytes(packet[at + 1 : at + 4])
            packet[at + 1 : at + 4] = self.suffixes.get(suffix, suffix)

    def _ipv6(self, packet: bytearray, at: int) -> None:
        if packet[at + 11 : at + 13] == b"\xff\xfe" and packet[at] != 0xFF:
            mac = (
                bytes((packet[at + 8] ^ 2,))
                + bytes(packet[at + 9 : at + 11])
                + bytes(packet[at + 13 : at + 16])
            )
            new = self.mac(mac)
            packet[at + 8 : at + 16] = bytes((new[0] ^ 2,)) + new[1:3] + b"\xff\xfe" + new[3:]
        elif packet[at : at + 13] == b"\xff\2" + bytes(9) + b"\1\xff":
            suffix = bytes(packet[at + 13 : at + 16])
            packet[at + 13 : at + 16] = self.suffixes.get(suffix, suffix)

    def _named_in(self, packet: bytearray, before: bytes, frame: Frame) -> None:
        """In what ARP, neighbour discovery and DHCP say."""
        at = frame.network
        if frame.ethertype == ARP and at and before[at + 4 : at + 5] == b"\6":
            size = before[at + 5] if at + 5 < len(before) else 4
            self._at(packet, at + 8)
            self._at(packet, at + 14 + size)
        elif frame.protocol == ICMP6 and frame.transport and 133 <= before[frame.transport] <= 137:
            for place in neighbour_addresses(before, frame):
                self._at(packet, place)
            if before[frame.transport] in (135, 136) and frame.stop - frame.transport >= 24:
                self._ipv6(packet, frame.transport + 8)
        elif frame.protocol == UDP and frame.transport:
            ports = (
                before[frame.transport : frame.transport + 2],
                before[frame.transport + 2 : frame.transport + 4],
            )
            if service(*ports, tcp=False) in ("dhcp", "dhcpv6"):
                self._anywhere(packet, frame)

    def _anywhere(self, packet: bytearray, frame: Frame) -> None:
        text = bytes(packet[frame.payload : frame.stop])
        client = {text[28:34]} if text[1:3] == b"\1\6" and len(text) >= 34 else set()
        for mac in self.known | client:
            if mac in text and mac != ZERO_MAC:
                text = text.replace(mac, self.mac(mac))
        packet[frame.payload : frame.stop] = text


def _not_understood(frame: Frame) -> Iterable[tuple[int, int]]:
    """What is blanked because nobody can tell what it holds: other protocols, and what follows the packet."""
    if frame.path[0] not in LINKS.values():
        yield frame.start, frame.end
    elif frame.ethertype == ARP and frame.network:
        yield min(frame.network + 28, frame.end), frame.end
    elif not frame.version:
        # Of a frame that ends within its header nothing is left.
        yield frame.link_end or frame.start, frame.end
    else:
        yield frame.stop, frame.end
        if frame.protocol not in _KEPT and frame.payload:
            yield frame.payload, frame.stop


# --- Checksums (RFC 1071) ----------------------------------------------------------------------------


def _is_whole(frame: Frame) -> bool:
    """Whether all that a checksum covers was captured."""
    if frame.fragment or frame.more or not frame.transport or frame.protocol not in _CHECKSUM_AT:
        return False
    return bool(frame.payload + frame.length == frame.stop) and frame.stop - frame.transport >= 8


def _checksum(packet: bytes, frame: Frame) -> int | None:
    """The checksum that stands in the packet, when it is right; a UDP packet may come without one."""
    at = frame.transport + _CHECKSUM_AT[frame.protocol]
    written = int.from_bytes(packet[at : at + 2], "big")
    if frame.protocol == UDP and not written:
        return None
    return written if _computed(packet, frame) == written else None


def _computed(packet: bytes, frame: Frame) -> int:
    at = frame.transport + _CHECKSUM_AT[frame.protocol]
    covered = packet[frame.transport : at] + b"\0\0" + packet[at + 2 : frame.stop]
    if frame.protocol != ICMP:
        size = 4 if frame.version == 4 else 16
        source = frame.network + (12 if frame.version == 4 else 8)
        covered = packet[source : source + 2 * size] + _pseudo_tail(len(covered), frame.protocol) + covered
    # Sixteen-bit words as one number: its remainder is the sum with the carries added back.
    total = int.from_bytes(covered + bytes(len(covered) % 2), "big") % 0xFFFF
    value = ~total & 0xFFFF
    # What is all zeros has the sum 0; any other multiple has 0xFFFF.
    if not total and any(covered):
        value = 0
    return 0xFFFF if frame.protocol == UDP and not value else value


def _check_again(packet: bytearray, frame: Frame) -> None:
    value = _computed(bytes(packet), frame)
    at = frame.transport + _CHECKSUM_AT[frame.protocol]
    packet[at : at + 2] = _half(value)
