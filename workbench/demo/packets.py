"""Build single network frames, checksums included, from addresses and payloads."""

import ipaddress
import random
import struct
from dataclasses import dataclass

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
_ETHERTYPES = {4: 0x0800, 6: 0x86DD}
_CHECKSUM_AT = {TCP: 16, UDP: 6, ICMP: 2, ICMPV6: 2}
_BROADCAST = b"\xff" * 6


@dataclass(frozen=True, slots=True)
class Station:
    """A machine with one Ethernet and one IP address of either version; `hops` is the TTL it sends."""

    name: str
    mac: bytes
    address: str
    hops: int = 64

    @property
    def packed(self) -> bytes:
        return ipaddress.ip_address(self.address).packed

    @property
    def version(self) -> int:
        return ipaddress.ip_address(self.address).version


def documentation_mac(number: int) -> bytes:
    """One of the 256 Ethernet addresses that RFC 7042 keeps for documentation."""
    return b"\x00\x00\x5e\x00\x53" + bytes([number % 256])


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(source: bytes, target: bytes, ethertype: int, payload: bytes) -> bytes:
    """A frame as a capture holds it: padded to 60 bytes, without the check sequence."""
    return (target + source + struct.pack("!H", ethertype) + payload).ljust(60, b"\0")


def arp_request(asker: Station, wanted: str) -> bytes:
    return ethernet(
        asker.mac, _BROADCAST, 0x0806, _arp(1, asker, bytes(6), ipaddress.ip_address(wanted).packed)
    )


def arp_reply(owner: Station, asker: Station) -> bytes:
    return ethernet(owner.mac, asker.mac, 0x0806, _arp(2, owner, asker.mac, asker.packed))


def _arp(operation: int, sender: Station, target_mac: bytes, target: bytes) -> bytes:
    return (
        struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + sender.mac + sender.packed + target_mac + target
    )


def tcp(
    source: Station, target: Station, ports: tuple[int, int], flags: int, numbers: tuple[int, int],
    *, payload: bytes = b"", window: int = 64240, identification: int = 0,
) -> bytes:  # fmt: skip
    """A TCP segment; `numbers` are the sequence and acknowledgement numbers, `ports` source then target."""
    options = struct.pack("!BBHBBBBBBBB", 2, 4, 1460, 1, 3, 3, 7, 4, 2, 1, 1) if flags & SYN else b""
    offset = (20 + len(options)) // 4 << 4
    header = struct.pack("!HHIIBBHHH", *ports, *numbers, offset, flags, window, 0, 0) + options
    return _transport(source, target, TCP, header + payload, identification)


def udp(
    source: Station, target: Station, ports: tuple[int, int], payload: bytes, identification: int = 0
) -> bytes:
    header = struct.pack("!HHHH", *ports, 8 + len(payload), 0)
    return _transport(source, target, UDP, header + payload, identification)


def echo(
    source: Station, target: Station, *, reply: bool, identifier: int, sequence: int, identification: int = 0
) -> bytes:
    """A ping or its answer, of the version the stations speak."""
    types = (8, 0) if source.version == 4 else (128, 129)
    body = bytes(range(0x10, 0x38))
    header = struct.pack("!BBHHH", types[reply], 0, 0, identifier, sequence)
    protocol = ICMP if source.version == 4 else ICMPV6
    return _transport(source, target, protocol, header + body, identification)


def unreachable(source: Station, target: Station, original: bytes, identification: int = 0) -> bytes:
    """Port unreachable (ICMPv4 type 3 code 3), quoting the frame that caused it."""
    quoted = original[14 : 14 + 28]
    return _transport(source, target, ICMP, struct.pack("!BBHI", 3, 3, 0, 0) + quoted, identification)


def _transport(source: Station, target: Station, protocol: int, segment: bytes, identification: int) -> bytes:
    covered = (
        segment if protocol == ICMP else _pseudo_header(source, target, protocol, len(segment)) + segment
    )
    value = checksum(covered)
    if protocol == UDP and value == 0:
        value = 0xFFFF  # zero would say that there is no checksum
    checksum_at = _CHECKSUM_AT[protocol]
    segment = segment[:checksum_at] + struct.pack("!H", value) + segment[checksum_at + 2 :]
    packet = _internet_header(source, target, protocol, len(segment), identification) + segment
    return ethernet(source.mac, target.mac, _ETHERTYPES[source.version], packet)


def _pseudo_header(source: Station, target: Station, protocol: int, length: int) -> bytes:
    tail = (
        struct.pack("!BBH", 0, protocol, length)
        if source.version == 4
        else struct.pack("!II", length, protocol)
    )
    return source.packed + target.packed + tail


def _internet_header(
    source: Station, target: Station, protocol: int, length: int, identification: int
) -> bytes:
    if source.version == 6:
        start = struct.pack("!IHBB", 0x6000_0000, length, protocol, source.hops)
        return start + source.packed + target.packed
    fields = (0x45, 0, 20 + length, identification & 0xFFFF, 0x4000, source.hops, protocol)
    addresses = source.packed + target.packed
    value = checksum(struct.pack("!BBHHHBBH", *fields, 0) + addresses)
    return struct.pack("!BBHHHBBH", *fields, value) + addresses


def dns_query(identifier: int, name: str, record: int = 1) -> bytes:
    return struct.pack("!HHHHHH", identifier, 0x0100, 1, 0, 0, 0) + _question(name, record)


def dns_answer(identifier: int, name: str, address: str | None, ttl: int = 300) -> bytes:
    """The answer to a query: one address, or "no such name" when there is none."""
    if address is None:
        return struct.pack("!HHHHHH", identifier, 0x8183, 1, 0, 0, 0) + _question(name, 1)
    packed = ipaddress.ip_address(address).packed
    record = 1 if len(packed) == 4 else 28
    answer = struct.pack("!HHHIH", 0xC00C, record, 1, ttl, len(packed)) + packed
    return struct.pack("!HHHHHH", identifier, 0x8180, 1, 1, 0, 0) + _question(name, record) + answer


def _question(name: str, record: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return labels + struct.pack("!BHH", 0, record, 1)


def client_hello(rng: random.Random, name: str) -> bytes:
    """A TLS record with a ClientHello (RFC 8446) that names the server it wants (RFC 6066)."""
    host = name.encode()
    ciphers = struct.pack("!9H", 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8)
    extensions = b"".join(
        struct.pack("!HH", kind, len(body)) + body
        for kind, body in (
            (0, struct.pack("!HBH", len(host) + 3, 0, len(host)) + host),
            (10, struct.pack("!HHH", 4, 0x001D, 0x0017)),
            (11, b"\x01\x00"),
            (13, struct.pack("!HHHH", 6, 0x0403, 0x0804, 0x0401)),
            (16, struct.pack("!H", 12) + b"\x02h2\x08http/1.1"),
            (43, b"\x04\x03\x04\x03\x03"),
            (51, struct.pack("!HHH", 36, 0x001D, 32) + rng.randbytes(32)),
        )
    )
    body = b"\x03\x03" + rng.randbytes(32) + b"\x20" + rng.randbytes(32)
    body += (
        struct.pack("!H", len(ciphers))
        + ciphers
        + b"\x01\x00"
        + struct.pack("!H", len(extensions))
        + extensions
    )
    return _handshake(1, body, b"\x03\x01")


def server_hello(rng: random.Random) -> bytes:
    """The ServerHello, the change of cipher and the start of what is encrypted from there on."""
    extensions = (
        struct.pack("!HHH", 43, 2, 0x0304) + struct.pack("!HHHH", 51, 36, 0x001D, 32) + rng.randbytes(32)
    )
    body = b"\x03\x03" + rng.randbytes(32) + b"\x20" + rng.randbytes(32) + b"\x13\x01\x00"
    body += struct.pack("!H", len(extensions)) + extensions
    return (
        _handshake(2, body, b"\x03\x03") + b"\x14\x03\x03\x00\x01\x01" + encrypted(rng, rng.randint(300, 420))
    )


def encrypted(rng: random.Random, length: int) -> bytes:
    """A TLS record of application data."""
    return b"\x17\x03\x03" + struct.pack("!H", length) + rng.randbytes(length)


def _handshake(kind: int, body: bytes, record_version: bytes) -> bytes:
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16" + record_version + struct.pack("!H", len(message)) + message
