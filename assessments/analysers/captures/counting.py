"""The hot loop: count every packet of a batch, most of them without a single call.

Ethernet with plain IPv4 or IPv6 and TCP or UDP is counted where it stands, from one `unpack_from`; everything
else goes through ``frames`` and is counted the same way, only slower (a test compares both).
"""

from struct import Struct
from typing import Final

from assessments.analysers.captures.frames import Frame, frame_at
from assessments.analysers.captures.inspecting import LEADS, READERS, look_into_tcp
from assessments.analysers.captures.numbers import ARP, ETHERNET, ICMP, ICMP6, IPV6, LINKS, TCP, UDP
from assessments.analysers.captures.reading.records import Batch, Interface, Record
from assessments.analysers.captures.tallies.caps import MAX_FLOWS
from assessments.analysers.captures.tallies.flows import (
    BARE,
    BYTES,
    DATA,
    LABEL,
    LAST,
    MARKS,
    MARKS_OF,
    NEXT,
    PACKETS,
    WATCH,
    out_of_order,
)
from assessments.analysers.captures.tallies.tally import Tally

# For IPv4 without options: Ethernet addresses, type, version and length of header, total length, fragment,
# protocol, addresses with ports, sequence number, length of header, flags. For IPv6 from the version on.
_ipv4 = Struct(">12sHBxHxxHxBxx12sI4xBB").unpack_from
_ipv6 = Struct(">14xB3xHBx36sI4xBB").unpack_from
_LEAST_IPV4: Final = 54
_LEAST_IPV6: Final = 74
_V4_TCP: Final = ("ethernet", "ipv4", "tcp")
_V4_UDP: Final = ("ethernet", "ipv4", "udp")
_V6_TCP: Final = ("ethernet", "ipv6", "tcp")
_V6_UDP: Final = ("ethernet", "ipv6", "udp")
_PLAIN: Final = (_V4_TCP[:2], _V6_TCP[:2])


def count(  # noqa: PLR0912, PLR0915 (a call for each step would double the time that each packet takes)
    tally: Tally, batch: Batch, interfaces: list[Interface], *, fast: bool = True
) -> None:
    """Add the packets of a batch; `fast` is only ever off to compare."""
    records = batch.records
    _overall(tally, batch)
    data, number = batch.data, batch.first - 1
    ethernet = [fast and not tally.mixed and interface.link == ETHERNET for interface in interfaces]
    pairs, tcp, udp, flags_seen = tally.links.pairs, tally.tcp, tally.udp, tally.flags
    of = tally.labels.kinds
    tcp4, udp4, tcp6, udp6 = of(_V4_TCP), of(_V4_UDP), of(_V6_TCP), of(_V6_UDP)
    slice_start, slice_end, counts, volumes = tally.timeline.at(records[0][0])
    for record in records:
        when, start, end, original, interface = record
        number += 1
        if not slice_start <= when < slice_end:
            slice_start, slice_end, counts, volumes = tally.timeline.at(when)
        label = -1
        if ethernet[interface] and end - start >= _LEAST_IPV4:
            pair, kind, version, total, fragment, protocol, key, sequence, header, flags = _ipv4(data, start)
            if kind == 0x0800:
                plain = version == 0x45 and not fragment & 0x3FFF and total >= 40
                body, stop = start + 34, start + 14 + total
                tcp_kinds, udp_kinds = tcp4, udp4
            elif kind == IPV6 and end - start >= _LEAST_IPV6:
                version, total, protocol, key, sequence, header, flags = _ipv6(data, start)
                plain = version >> 4 == 6 and total >= 20
                body, stop = start + 54, start + 54 + total
                tcp_kinds, udp_kinds = tcp6, udp6
            else:
                plain = False
            if plain and protocol == TCP and header >= 0x50:
                if pair not in pairs:
                    tally.links.pair(pair, number)
                flow = tcp.get(key)
                if flow is None:
                    flow = tally.open_tcp(key, number, when, tcp_kinds)
                flags_seen[flags] += 1
                flow[PACKETS] += 1
                flow[BYTES] += original
                flow[LAST] = number
                flow[MARKS] |= MARKS_OF[flags]
                body += header >> 2 & 0x3C
                if body < stop:
                    flow[MARKS] |= DATA
                    if sequence == flow[NEXT] or flow[NEXT] < 0:
                        flow[NEXT] = (sequence + stop - body) & 0xFFFF_FFFF
                    else:
                        out_of_order(flow, sequence, sequence + stop - body)
                    if (flow[WATCH] or data[body : body + 4] in LEADS) and body < end:
                        look_into_tcp(tally, flow, key, data[body : min(stop, end)], number)
                    label = flow[LABEL]
                else:
                    label = flow[BARE]
            elif plain and protocol == UDP:
                if pair not in pairs:
                    tally.links.pair(pair, number)
                flow = udp.get(key)
                if flow is None:
                    flow = tally.open_udp(key, number, udp_kinds)
                flow[PACKETS] += 1
                flow[BYTES] += original
                flow[LAST] = number
                label = flow[LABEL]
                if flow[WATCH]:
                    READERS[flow[WATCH]](tally, key, data[body + 8 : min(stop, end)], number)
        if label < 0:
            label = _general(tally, data, record, interfaces[interface].link, number)
            if tally.mixed:
                ethernet = [False] * len(interfaces)
        counts[label] += 1
        volumes[label] += original
    tally.number = number


def is_full(tally: Tally) -> bool:
    """Whether conversations must be settled before more packets are counted."""
    return len(tally.tcp) + len(tally.udp) + len(tally.other) > MAX_FLOWS


def _overall(tally: Tally, batch: Batch) -> None:
    """What is told by columns of the batch: bytes, time, packets cut short."""
    records = batch.records
    moments = [record[0] for record in records]
    original = sum([record[3] for record in records])
    tally.captured += batch.captured
    tally.original += original
    if original != batch.captured:
        for at, (_when, start, end, length, _interface) in enumerate(records):
            if end - start < length:
                tally.seen(tally.cut, batch.first + at)
    before = tally.latest if tally.first is not None else moments[0]
    earliest = min(moments)
    tally.first = earliest if tally.first is None else min(tally.first, earliest)
    tally.last = max(tally.last, *moments)
    tally.latest = moments[-1]
    if moments[0] < before or moments != sorted(moments):
        for at, when in enumerate(moments):
            if when < before:
                tally.seen(tally.backwards, batch.first + at)
            before = when


# --- Everything else ---------------------------------------------------------------------------------


def _general(tally: Tally, data: bytes, record: Record, link: int, number: int) -> int:
    """Count one packet of any kind; returns its label."""
    when, start, end, original, _interface = record
    frame = frame_at(data, start, end, link)
    _macs(tally, data, frame, number)
    if frame.path[-1] in ("cut", "malformed"):
        tally.seen(tally.malformed, number)
    if link not in LINKS:
        tally.undecode(frame.path[0], number)
    if frame.fragment or frame.more:
        tally.fragments += 1
    if frame.ethertype == ARP and frame.network:
        tally.links.arp(data, frame.network, end, number)
        return tally.labels.of(frame.path)
    if not frame.version:
        return tally.labels.of(frame.path)
    if frame.protocol in (TCP, UDP) and frame.path[:2] not in _PLAIN:
        tally.mixed = True
    if frame.transport and frame.protocol == TCP:
        return _tcp(tally, data, frame, (when, original), number)
    if frame.transport and frame.protocol == UDP:
        return _udp(tally, data, frame, original, number)
    return _other(tally, data, frame, original, number)


def _macs(tally: Tally, data: bytes, frame: Frame, number: int) -> None:
    if frame.path[0] == "ethernet" and frame.source_mac:
        pair = data[frame.start : frame.start + 12]
        if pair not in tally.links.pairs:
            tally.links.pair(pair, number)
    elif frame.source_mac:
        tally.links.mac(data[frame.source_mac : frame.source_mac + 6], number)


def _tcp(tally: Tally, data: bytes, frame: Frame, passed: tuple[int, int], number: int) -> int:
    when, original = passed
    key = frame.key
    path = frame.path[:-1] if frame.path[-1] == "malformed" else frame.path
    flow = tally.tcp.get(key) or tally.open_tcp(key, number, when, tally.labels.kinds(path))
    tally.flags[frame.flags] += 1
    flow[PACKETS] += 1
    flow[BYTES] += original
    flow[LAST] = number
    flow[MARKS] |= MARKS_OF[frame.flags]
    if not frame.length:
        return tally.labels.of(path)
    flow[MARKS] |= DATA
    after = frame.sequence + frame.length
    if flow[NEXT] in (frame.sequence, -1):
        flow[NEXT] = after & 0xFFFF_FFFF
    else:
        out_of_order(flow, frame.sequence, after)
    if frame.payload < frame.stop and (
        flow[WATCH] or data[frame.payload : min(frame.stop, frame.payload + 4)] in LEADS
    ):
        look_into_tcp(tally, flow, key, data[frame.payload : frame.stop], number)
    return tally.labels.within(path, flow[LABEL])


def _udp(tally: Tally, data: bytes, frame: Frame, original: int, number: int) -> int:
    key = frame.key
    flow = tally.udp.get(key) or tally.open_udp(key, number, tally.labels.kinds(frame.path))
    flow[PACKETS] += 1
    flow[BYTES] += original
    flow[LAST] = number
    if flow[WATCH]:
        READERS[flow[WATCH]](tally, key, data[frame.payload : frame.stop], number)
    return tally.labels.within(frame.path, flow[LABEL])


def _other(tally: Tally, data: bytes, frame: Frame, original: int, number: int) -> int:
    """Conversations of two addresses, by protocol; fragments belong to what they are a part of."""
    label = tally.labels.of(frame.path)
    key = bytes((frame.protocol & 0xFF,)) + frame.key
    flow = tally.other.get(key)
    if flow is None:
        flow = tally.other[key] = [0, 0, number, number, 0, label, label, 0, -1, 0, 0, 0]
    flow[PACKETS] += 1
    flow[BYTES] += original
    flow[LAST] = number
    if frame.transport and frame.protocol in (ICMP, ICMP6):
        _icmp(tally, data, frame, number)
    return label


def _icmp(tally: Tally, data: bytes, frame: Frame, number: int) -> None:
    kind, code = data[frame.transport], data[frame.transport + 1]
    if kind == (8 if frame.protocol == ICMP else 128):
        tally.ping(frame.source + frame.target, number)
    elif (frame.protocol, kind, code) in ((ICMP, 3, 3), (ICMP6, 1, 4)):
        quoted = frame_at(data, frame.transport + 8, frame.stop, 101)
        if quoted.protocol == UDP and quoted.transport:
            tally.closed(quoted.key, number)
    elif frame.protocol == ICMP6 and 133 <= kind <= 137:
        for at in neighbour_addresses(data, frame):
            tally.links.mac(data[at : at + 6], number)


def neighbour_addresses(data: bytes, frame: Frame) -> list[int]:
    """Where the link-layer addresses of a neighbour discovery message stand (RFC 4861, 4.6.1)."""
    kind = data[frame.transport]
    at = frame.transport + {133: 8, 134: 16, 135: 24, 136: 24, 137: 40}[kind]
    found = []
    while at + 8 <= frame.stop and data[at + 1]:
        if data[at] in (1, 2) and data[at + 1] == 1:
            found.append(at + 2)
        at += data[at + 1] * 8
    return found
