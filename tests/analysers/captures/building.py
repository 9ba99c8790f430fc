"""Build captures for the tests, layer by layer; checksums are right unless a test wants them wrong."""

import gzip
import ipaddress
import struct
from dataclasses import dataclass, field

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
MORNING = 1_750_000_000  # 2025-06-15 15:06:40 UTC


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


ADA = mac("00:1b:21:aa:00:01")
BO = mac("00:1b:21:aa:00:02")
EVE = mac("00:1b:21:aa:00:66")
ROUTER = mac("00:1b:21:aa:00:fe")
BROADCAST = mac("ff:ff:ff:ff:ff:ff")


def packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def checksum(data: bytes) -> int:
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(payload: bytes, kind: int = 0x0800, source: bytes = ADA, target: bytes = ROUTER) -> bytes:
    return target + source + struct.pack(">H", kind) + payload


def vlan(payload: bytes, number: int, kind: int = 0x0800) -> bytes:
    """What stands behind an ethertype of 0x8100."""
    return struct.pack(">HH", number, kind) + payload


def ipv4(source: str, target: str, protocol: int, payload: bytes, *, fragment: int = 0, options: bytes = b"",
         total: int | None = None, ttl: int = 64) -> bytes:  # fmt: skip
    size = 20 + len(options)
    head = struct.pack(">BBHHHBBH", 0x40 | size // 4, 0, size + len(payload) if total is None else total, 7,
                       fragment, ttl, protocol, 0)  # fmt: skip
    head += packed(source) + packed(target) + options
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv6(source: str, target: str, protocol: int, payload: bytes) -> bytes:
    return (
        struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + packed(source) + packed(target) + payload
    )


def ip(source: str, target: str, protocol: int, payload: bytes) -> bytes:
    return (ipv6 if ":" in source else ipv4)(source, target, protocol, payload)


def _with_checksum(source: str, target: str, protocol: int, segment: bytes, at: int) -> bytes:
    pseudo = packed(source) + packed(target) + struct.pack(">II", len(segment), protocol)
    value = checksum(pseudo + segment)
    return segment[:at] + struct.pack(">H", value or (0xFFFF if protocol == UDP else 0)) + segment[at + 2 :]


def tcp(source: str, target: str, ports: tuple[int, int], flags: int, data: bytes = b"", *, seq: int = 1000,
        ack: int = 0) -> bytes:  # fmt: skip
    """An IP packet with a TCP segment."""
    segment = (
        struct.pack(">HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 64240, 0, 0) + data
    )
    return ip(source, target, TCP, _with_checksum(source, target, TCP, segment, 16))


def udp(source: str, target: str, ports: tuple[int, int], data: bytes) -> bytes:
    segment = struct.pack(">HHHH", *ports, 8 + len(data), 0) + data
    return ip(source, target, UDP, _with_checksum(source, target, UDP, segment, 6))


def icmp(source: str, target: str, kind: int, code: int = 0, rest: bytes = b"\0\1\0\1ping") -> bytes:
    body = struct.pack(">BBH", kind, code, 0) + rest
    return ipv4(source, target, ICMP, body[:2] + struct.pack(">H", checksum(body)) + body[4:])


def icmp6(source: str, target: str, kind: int, rest: bytes) -> bytes:
    body = struct.pack(">BBH", kind, 0, 0) + rest
    return ipv6(source, target, ICMP6, _with_checksum(source, target, ICMP6, body, 2))


def arp(operation: int, sender: tuple[bytes, str], target: tuple[bytes, str], to: bytes = BROADCAST) -> bytes:
    """A whole frame, padded as Ethernet pads it."""
    body = b"\0\1\x08\0\6\4" + struct.pack(">H", operation) + sender[0] + packed(sender[1])
    return ethernet((body + target[0] + packed(target[1])).ljust(46, b"\0"), 0x0806, sender[0], to)


def dns(name: str, *, number: int = 1, kind: int = 1, answer: str = "", code: int | None = None) -> bytes:
    """A query; with an `answer` (an address) or a `code` a response."""
    response = bool(answer) or code is not None
    head = struct.pack(
        ">HHHHHH", number, (0x8180 | (code or 0)) if response else 0x0100, 1, bool(answer), 0, 0
    )
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    message = head + labels + b"\0" + struct.pack(">HH", kind, 1)
    if answer:
        message += struct.pack(">HHHIH", 0xC00C, kind, 1, 300, len(packed(answer))) + packed(answer)
    return message


def client_hello(name: str, *, offered: tuple[int, ...] = (0x0304, 0x0303), version: int = 0x0303) -> bytes:
    host = name.encode()
    extensions = struct.pack(">HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    if offered:
        extensions += struct.pack(">HHB", 43, 1 + 2 * len(offered), 2 * len(offered))
        extensions += struct.pack(f">{len(offered)}H", *offered)
    body = struct.pack(">H", version) + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0"
    body += struct.pack(">H", len(extensions)) + extensions
    return _record(1, body)


def server_hello(version: int, chosen: int = 0) -> bytes:
    body = struct.pack(">H", version) + bytes(32) + b"\0" + b"\x13\x01" + b"\0"
    extensions = struct.pack(">HHH", 43, 2, chosen) if chosen else b""
    return _record(2, body + struct.pack(">H", len(extensions)) + extensions)


def _record(kind: int, body: bytes) -> bytes:
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + struct.pack(">H", len(message)) + message


@dataclass
class Talk:
    """A TCP conversation over Ethernet; each step appends frames to `frames`."""

    client: str
    server: str
    ports: tuple[int, int]
    frames: list[bytes] = field(default_factory=list)
    macs: tuple[bytes, bytes] = (ADA, ROUTER)
    sent: int = 100
    answered: int = 900

    def _add(self, up: bool, flags: int, data: bytes = b"") -> None:
        kind = 0x86DD if ":" in self.client else 0x0800
        if up:
            packet = tcp(self.client, self.server, self.ports, flags, data, seq=self.sent, ack=self.answered)
            self.frames.append(ethernet(packet, kind, *self.macs))
            self.sent += len(data) + bool(flags & (SYN | FIN))
        else:
            packet = tcp(
                self.server, self.client, self.ports[::-1], flags, data, seq=self.answered, ack=self.sent
            )
            self.frames.append(ethernet(packet, kind, *self.macs[::-1]))
            self.answered += len(data) + bool(flags & (SYN | FIN))

    def open(self) -> "Talk":
        self._add(True, SYN)
        self._add(False, SYN | ACK)
        self._add(True, ACK)
        return self

    def up(self, data: bytes) -> "Talk":
        self._add(True, PSH | ACK, data)
        return self

    def down(self, data: bytes) -> "Talk":
        self._add(False, PSH | ACK, data)
        return self

    def close(self) -> "Talk":
        self._add(True, FIN | ACK)
        self._add(False, FIN | ACK)
        self._add(True, ACK)
        return self

    def refuse(self) -> "Talk":
        self._add(True, SYN)
        self._add(False, RST | ACK)
        return self


# --- Files -------------------------------------------------------------------------------------------


def pcap(frames: list[bytes], *, order: str = "<", nano: bool = False, link: int = 1, step: int = 1000,
         snaplen: int = 262144, keep: int | None = None,
         times: list[int] | None = None) -> bytes:  # fmt: skip
    """`step` is the microseconds between packets; `times` (microseconds since MORNING) says each of them.

    `keep` cuts what is captured of each packet.
    """
    written = [struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snaplen, link)]
    for number, frame in enumerate(frames):
        moment = times[number] if times else number * step
        seconds, fraction = divmod(moment, 1_000_000)
        part = frame if keep is None else frame[:keep]
        written.append(
            struct.pack(
                order + "IIII", MORNING + seconds, fraction * (1000 if nano else 1), len(part), len(frame)
            )
            + part
        )
    return b"".join(written)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 1, *options: bytes, order: str = "<", snaplen: int = 262144) -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, snaplen) + b"".join(options), order)


def enhanced(
    frame: bytes, ticks: int, number: int = 0, order: str = "<", original: int | None = None
) -> bytes:
    sizes = (len(frame), len(frame) if original is None else original)
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, *sizes)
    return block(6, head + frame + bytes(-len(frame) % 4), order)


def simple(frame: bytes, order: str = "<") -> bytes:
    return block(3, struct.pack(order + "I", len(frame)) + frame, order)


def obsolete(frame: bytes, ticks: int, number: int = 0, order: str = "<") -> bytes:
    head = struct.pack(order + "HHIIII", number, 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
    return block(2, head + frame, order)


def tls_key_log(text: bytes, order: str = "<") -> bytes:
    return block(10, struct.pack(order + "II", 0x544C534B, len(text)) + text, order)


def pcapng(frames: list[bytes], *, order: str = "<", step: int = 1000, link: int = 1) -> bytes:
    written = [section(order), interface(link, order=order)]
    for number, frame in enumerate(frames):
        written.append(enhanced(frame, MORNING * 1_000_000 + number * step, order=order))
    return b"".join(written)


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
