"""Put the directions of conversations together and add them up by address, port and state.

Done once at the end, and before that for the small conversations whenever the tables are full: these are then
no longer listed one by one, but still counted in every sum.
"""

from heapq import nlargest
from struct import Struct
from typing import Final

from assessments.analysers.captures.applications.ports import CLEAR_TEXT, UDP_SERVICES
from assessments.analysers.captures.judging import ANSWERED, NO_ANSWER
from assessments.analysers.captures.settled import Conversation, Settled
from assessments.analysers.captures.tallies.caps import (
    MAX_CALLERS,
    MAX_CALLS,
    MAX_ENDPOINTS,
    MAX_FLOWS,
    MAX_PORTS,
)
from assessments.analysers.captures.tallies.flows import (
    AGAIN,
    BEGUN,
    BYTES,
    DATA,
    FIRST,
    GAPS,
    LABEL,
    LAST,
    MARKS,
    PACKETS,
    SYN,
    SYN_ACK,
    Flow,
    reversed_key,
)
from assessments.analysers.captures.tallies.tally import Tally

# A quarter of the table stays when it is full, so that settling is needed rarely.
_KEPT: Final = MAX_FLOWS // 4
_NOTHING: Final[Flow] = [0] * 12

_four = Struct("4s4s2s2s").unpack
_six = Struct("16s16s2s2s").unpack


def settle_small(tally: Tally, settled: Settled) -> None:
    """Make room: settle all but the conversations with most packets."""
    tables = (tally.tcp, tally.udp, tally.other)
    before = sum(map(len, tables))
    largest = nlargest(_KEPT, ((flow[PACKETS], number, key) for number, table in enumerate(tables)
                               for key, flow in table.items()))  # fmt: skip
    kept: tuple[dict[bytes, Flow], ...] = ({}, {}, {})
    for _packets, number, key in largest:
        for one in (key, _other_way(number, key)):
            flow = tables[number].pop(one, None)
            if flow is not None:
                kept[number][one] = flow
    settle(tally, settled)
    for table, rest in zip(tables, kept, strict=True):
        table.update(rest)
    early = before - sum(map(len, kept))
    settled.settled_early += early
    tally.caps.over("conversations", early)


def _other_way(number: int, key: bytes) -> bytes:
    return key[:1] + reversed_key(key[1:]) if number == 2 else reversed_key(key)


def settle(tally: Tally, settled: Settled) -> None:
    """Empty the tables of conversations into the sums."""
    _tcp(tally, settled)
    _udp(tally, settled)
    _other(tally, settled)


def _tcp(tally: Tally, settled: Settled) -> None:  # noqa: PLR0912 (calls cost, once for each)
    table, clear, least = tally.tcp, _clear_names(tally), settled.least()
    profiles, ports = settled.profiles, settled.tcp_ports
    while table:
        key, up = table.popitem()
        source, target, port, other_port = _four(key) if len(key) == 12 else _six(key)
        down = table.pop(target + source + other_port + port, _NOTHING)
        if down is not _NOTHING and _is_answer(up, down):
            up, down = down, up
            source, target, port, other_port = target, source, other_port, port
            key = source + target + port + other_port
        marks, down_marks = up[MARKS], down[MARKS]
        size, packets = up[BYTES] + down[BYTES], up[PACKETS] + down[PACKETS]
        profile = profiles.get(marks << 9 | down_marks) or settled.profile(marks, down_marks)
        profile.count += 1
        # Comparing is several times as fast as asking min and max.
        if up[FIRST] < profile.first:  # noqa: PLR1730
            profile.first = up[FIRST]
        if up[LAST] > profile.last:  # noqa: PLR1730
            profile.last = up[LAST]
        if down[LAST] > profile.last:  # noqa: PLR1730
            profile.last = down[LAST]
        judgement = profile.judgement
        if judgement.probe:
            settled.probe(judgement.probe, key, up)
        if judgement.handshake == "complete":
            _completed(settled, source, target + other_port, up)
        _ends(settled, source, target, up, down)
        served = other_port if marks & SYN or other_port < port else port
        if served in ports:
            seen = ports[served]
            seen[0] += 1
            seen[1] += packets
            seen[2] += size
        else:
            _new_port(settled, ports, served, packets, size)
        if up[AGAIN] or up[GAPS] or down[AGAIN] or down[GAPS]:
            _widen(settled.again, up[AGAIN] + down[AGAIN], up, down)
            _widen(settled.gaps, up[GAPS] + down[GAPS], up, down)
        if (marks | down_marks) & DATA:
            name = clear[up[LABEL] if marks & DATA else down[LABEL]]
            if name:
                _clear(settled, name, up, down)
        if size > least:
            least = settled.list_one(size, Conversation(6, key, up, down, judgement.state))


def _is_answer(up: Flow, down: Flow) -> bool:
    """Whether the other direction began: by its SYN, else by its first packet."""
    if (up[MARKS] ^ down[MARKS]) & SYN:
        return bool(down[MARKS] & SYN)
    if (up[MARKS] ^ down[MARKS]) & SYN_ACK:
        return bool(up[MARKS] & SYN_ACK)
    return down[FIRST] < up[FIRST]


def _udp(tally: Tally, settled: Settled) -> None:
    table, clear, least, ports = tally.udp, _clear_names(tally), settled.least(), settled.udp_ports
    while table:
        key, up = table.popitem()
        source, target, port, other_port = _four(key) if len(key) == 12 else _six(key)
        down = table.pop(target + source + other_port + port, _NOTHING)
        if down is not _NOTHING and down[FIRST] < up[FIRST]:
            up, down = down, up
            source, target, port, other_port = target, source, other_port, port
        state = NO_ANSWER if down is _NOTHING else ANSWERED
        settled.answers[state] += 1
        _ends(settled, source, target, up, down)
        size = up[BYTES] + down[BYTES]
        served = other_port if other_port in UDP_SERVICES or other_port < port else port
        seen = ports.get(served)
        if seen is not None:
            seen[0] += 1
            seen[1] += up[PACKETS] + down[PACKETS]
            seen[2] += size
        else:
            _new_port(settled, ports, served, up[PACKETS] + down[PACKETS], size)
        # Groups never answer: 224.0.0.0/4 and broadcasts, ff00::/8.
        if state is NO_ANSWER and target[0] < (224 if len(target) == 4 else 255):
            settled.probe("udp", source + target + port + other_port, up)
        name = clear[up[LABEL]]
        if name:
            _clear(settled, name, up, down)
        if size > least:
            key = source + target + port + other_port
            least = settled.list_one(size, Conversation(17, key, up, down, state))


def _other(tally: Tally, settled: Settled) -> None:
    table = tally.other
    while table:
        key, up = table.popitem()
        back = key[:1] + reversed_key(key[1:])
        down = table.pop(back, _NOTHING) if back != key else _NOTHING
        if down is not _NOTHING and down[FIRST] < up[FIRST]:
            key, up, down = back, down, up
        settled.others += 1
        half = len(key) // 2 + 1
        _ends(settled, key[1:half], key[half:], up, down)
        size = up[BYTES] + down[BYTES]
        if size > settled.least():
            state = NO_ANSWER if down is _NOTHING else ANSWERED
            settled.list_one(size, Conversation(key[0], key[1:], up, down, state))


def _ends(settled: Settled, source: bytes, target: bytes, up: Flow, down: Flow) -> None:
    endpoints = settled.endpoints
    packets, size = up[PACKETS], up[BYTES]
    one, other = endpoints.get(source), endpoints.get(target)
    if one is None:
        one = _new_end(settled, source)
    if other is None:
        other = _new_end(settled, target)
    one[0] += packets
    one[1] += size
    one[4] += 1
    other[2] += packets
    other[3] += size
    other[4] += 1
    if down is not _NOTHING:
        packets, size = down[PACKETS], down[BYTES]
        one[2] += packets
        one[3] += size
        other[0] += packets
        other[1] += size


def _new_end(settled: Settled, address: bytes) -> list[int]:
    """A row for an address; once the table is full one that is not kept."""
    if len(settled.endpoints) < MAX_ENDPOINTS:
        return settled.endpoints.setdefault(address, [0, 0, 0, 0, 0])
    settled.caps.over("endpoints")
    return [0, 0, 0, 0, 0]


def _new_port(settled: Settled, ports: dict[bytes, list[int]], port: bytes, packets: int, size: int) -> None:
    if len(ports) < MAX_PORTS:
        ports[port] = [1, packets, size]
    else:
        settled.caps.over("ports")


def _completed(settled: Settled, source: bytes, served: bytes, up: Flow) -> None:
    if served in settled.completed or len(settled.completed) < MAX_ENDPOINTS:
        settled.completed[served] = settled.completed.get(served, 0) + 1
    calls = settled.calls.get(source + served)
    if calls is None:
        if len(settled.calls) >= MAX_CALLERS:
            settled.caps.over("calls")
            return
        calls = settled.calls[source + served] = []
    if len(calls) < MAX_CALLS:
        calls.append((up[BEGUN], up[FIRST], up[LAST]))


def _widen(counter: list[int], count: int, up: Flow, down: Flow) -> None:
    """Add to [count, first packet, last packet] what a conversation showed."""
    if count:
        counter[0] += count
        counter[1] = min(counter[1] or up[FIRST], up[FIRST])
        counter[2] = max(counter[2], up[LAST], down[LAST])


def _clear(settled: Settled, name: str, up: Flow, down: Flow) -> None:
    """[conversations, packets, bytes, first packet, last packet] of an application in clear text."""
    seen = settled.clear.get(name)
    if seen is None:
        seen = settled.clear[name] = [0, 0, 0, up[FIRST], up[LAST]]
    seen[0] += 1
    seen[1] += up[PACKETS] + down[PACKETS]
    seen[2] += up[BYTES] + down[BYTES]
    seen[3] = min(seen[3], up[FIRST])
    seen[4] = max(seen[4], up[LAST], down[LAST])


def _clear_names(tally: Tally) -> list[str]:
    """By label: the application when it speaks in clear text, else an empty name."""
    names = map(tally.labels.application, range(len(tally.labels.paths)))
    return [name if name in CLEAR_TEXT else "" for name in names]
