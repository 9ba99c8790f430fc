"""The facts about a capture as JSON values; ``analysing`` says what each of them is."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from ipaddress import ip_address
from typing import Any, Final

from assessments.analysers.captures.applications.dns import question_name
from assessments.analysers.captures.applications.ports import TCP_SERVICES, UDP_SERVICES
from assessments.analysers.captures.numbers import LINKS, NAMED_LINKS, PROTOCOLS, TCP, UDP
from assessments.analysers.captures.settled import Conversation, Settled
from assessments.analysers.captures.surveying import Survey
from assessments.analysers.captures.tallies.flows import AGAIN, BYTES, FIRST, LABEL, LAST, PACKETS
from assessments.analysers.captures.tallies.labels import Path
from assessments.analysers.captures.tallies.links import Links
from assessments.analysers.captures.tallies.names import ANSWERS, MISSING, QUERIES
from assessments.analysers.captures.tallies.names import FIRST as NAME_FIRST
from assessments.analysers.captures.tallies.tally import Tally
from assessments.analysers.captures.tallies.web import Seen

# How long the lists are; the whole table is counted beside each.
TOP: Final = 50
TOP_CONVERSATIONS: Final = 200
# Protocols that the timeline tells apart; the others are one.
TIMELINE_PROTOCOLS: Final = 8
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FLAGS: Final = (
    ("fin", 1),
    ("syn", 2),
    ("rst", 4),
    ("psh", 8),
    ("ack", 16),
    ("urg", 32),
    ("ece", 64),
    ("cwr", 128),
)


def facts_of(survey: Survey) -> dict[str, Any]:
    tally, settled = survey.tally, survey.settled
    return {
        **_overview(survey),
        "protocols": _tree(tally),
        "timeline": _timeline(tally),
        "conversations": {
            "tcp": sum(profile.count for profile in settled.profiles.values()),
            "udp": sum(settled.answers.values()),
            "other": settled.others,
            "largest": [_conversation(tally, one) for one in settled.largest()[:TOP_CONVERSATIONS]],
        },
        "endpoints": _endpoints(settled),
        "ports": _ports(settled),
        "tcp": _tcp(survey),
        "dns": _dns(tally),
        "tls": _tls(tally),
        "http": _http(tally),
        "dhcp": {"messages": dict(sorted(tally.dhcp.items())), "host_names": tally.host_names},
        "arp": arp_table(tally.links),
        "credentials": dict(sorted(tally.disclosures.packets.items())),
        "caps": dict(sorted(tally.caps.reached.items())),
    }


def _overview(survey: Survey) -> dict[str, Any]:
    tally, layout = survey.tally, survey.layout
    begun = tally.first if tally.first is not None else 0
    return {
        "format": layout.form,
        "packets": tally.number,
        "bytes": {"captured": tally.captured, "original": tally.original},
        "start": moment(tally.first),
        "end": moment(tally.last if tally.number else None),
        "seconds": round((tally.last - begun) / 1e9, 6) if tally.number else 0,
        "untimed": survey.asides.untimed,
        "nanoseconds": layout.nanoseconds,
        "interfaces": [
            {"link": link_name(one.link), "snaplen": one.snaplen, "name": one.name}
            for one in layout.interfaces[:TOP]
        ],
        "fragments": tally.fragments,
        "cut": tally.cut[0],
        "malformed": tally.malformed[0],
        "undecoded": {name: seen[0] for name, seen in sorted(tally.undecoded.items())},
        "mac_addresses": len(tally.links.macs),
    }


def moment(nanoseconds: int | None) -> str | None:
    """ISO 8601 in UTC to the microsecond; None for no time, and for one that no calendar holds."""
    if nanoseconds is None:
        return None
    try:
        return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).isoformat(timespec="microseconds")
    except OverflowError:
        return None


def link_name(link: int) -> str:
    return LINKS.get(link) or NAMED_LINKS.get(link) or f"link-{link}"


def address(packed: bytes) -> str:
    return str(ip_address(packed))


# --- Protocols and time ------------------------------------------------------------------------------


def _tree(tally: Tally) -> list[dict[str, Any]]:
    """Nested by layer; a protocol counts what stands in it."""
    packets, volumes = tally.timeline.totals()
    root: dict[str, Any] = {"children": {}}
    for label, path in enumerate(tally.labels.paths):
        if not packets[label]:
            continue
        here = root
        for name in path:
            children = here["children"]
            here = children.setdefault(name, {"name": name, "packets": 0, "bytes": 0, "children": {}})
            here["packets"] += packets[label]
            here["bytes"] += volumes[label]
    return _sorted(root["children"].values())


def _sorted(nodes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**node, "children": _sorted(node["children"].values())}
        for node in sorted(nodes, key=lambda node: (-node["packets"], node["name"]))
    ]


def main_protocol(path: Path) -> str:
    """What a packet is called in a list or a chart: the innermost layer that has a name."""
    named = [name for name in path if name not in ("cut", "malformed", "fragment", "unknown")]
    return named[-1] if named else path[-1]


def _timeline(tally: Tally) -> dict[str, Any]:
    start, width, spans = tally.timeline.buckets()
    packets, _volumes = tally.timeline.totals()
    names = [main_protocol(path) for path in tally.labels.paths]
    totals: dict[str, int] = {}
    for label, name in enumerate(names):
        if packets[label]:
            totals[name] = totals.get(name, 0) + packets[label]
    main = nlargest(TIMELINE_PROTOCOLS, totals, key=lambda name: (totals[name], name))
    columns = [*main, *(["other"] if len(totals) > len(main) and "other" not in main else [])]
    place = {name: columns.index(name) if name in main else columns.index("other") for name in totals}
    rows = []
    for number, counts, volumes in spans:
        row = [[0, 0] for _ in columns]
        for label, name in enumerate(names):
            if counts[label]:
                row[place[name]][0] += counts[label]
                row[place[name]][1] += volumes[label]
        rows.append([number, row])
    count = spans[-1][0] + 1 if spans else 0
    return {
        "start": moment(start),
        "width": width / 1e9,
        "buckets": count,
        "protocols": columns,
        "rows": rows,
    }


# --- Conversations -----------------------------------------------------------------------------------


def conversation_key(number: int, key: bytes) -> str:
    """How a conversation is named in addresses of pages: protocol, two addresses, two ports."""
    half = (len(key) - 4 if len(key) in (12, 36) else len(key)) // 2
    ends = [address(key[:half]), address(key[half : 2 * half])]
    ports = [str(int.from_bytes(key[at : at + 2], "big")) for at in range(2 * half, len(key), 2)]
    return "|".join((str(number), *ends, *ports))


def _conversation(tally: Tally, one: Conversation) -> dict[str, Any]:
    _number, source, target, *ports = conversation_key(one.number, one.key).split("|")
    application = tally.labels.application(one.up[LABEL]) or tally.labels.application(one.down[LABEL])
    return {
        "key": conversation_key(one.number, one.key),
        "protocol": PROTOCOLS.get(one.number, str(one.number)),
        "application": application,
        "a": source,
        "b": target,
        "a_port": int(ports[0]) if ports else None,
        "b_port": int(ports[1]) if ports else None,
        "packets": [one.up[PACKETS], one.down[PACKETS]],
        "bytes": [one.up[BYTES], one.down[BYTES]],
        "first": one.up[FIRST],
        "last": max(one.up[LAST], one.down[LAST]),
        "state": one.state,
        "retransmissions": one.up[AGAIN] + one.down[AGAIN],
    }


def _endpoints(settled: Settled) -> dict[str, Any]:
    largest = nlargest(TOP, settled.endpoints.items(), key=lambda item: (item[1][1] + item[1][3], item[0]))
    return {
        "count": len(settled.endpoints),
        "top": [
            {
                "address": address(packed),
                "packets": [seen[0], seen[2]],
                "bytes": [seen[1], seen[3]],
                "conversations": seen[4],
            }
            for packed, seen in largest
        ],
    }


def _ports(settled: Settled) -> list[dict[str, Any]]:
    rows = [
        (seen, number, port)
        for number, ports in ((TCP, settled.tcp_ports), (UDP, settled.udp_ports))
        for port, seen in ports.items()
    ]
    return [
        {
            "protocol": PROTOCOLS[number],
            "port": int.from_bytes(port, "big"),
            "service": (TCP_SERVICES if number == TCP else UDP_SERVICES).get(port, ""),
            "conversations": seen[0],
            "packets": seen[1],
            "bytes": seen[2],
        }
        for seen, number, port in nlargest(TOP, rows, key=lambda row: (row[0][2], row[2]))
    ]


def _tcp(survey: Survey) -> dict[str, Any]:
    tally, settled = survey.tally, survey.settled
    states: dict[str, int] = {}
    handshakes = {"complete": 0, "refused": 0, "unanswered": 0, "half-open": 0}
    for profile in settled.profiles.values():
        state, handshake, _probe = profile.judgement
        states[state] = states.get(state, 0) + profile.count
        if handshake:
            handshakes[handshake] += profile.count
    return {
        "flags": {
            name: sum(count for flags, count in enumerate(tally.flags) if flags & bit) for name, bit in _FLAGS
        },
        "handshakes": handshakes,
        "states": dict(sorted(states.items())),
        "retransmissions": settled.again[0],
        "gaps": settled.gaps[0],
    }


# --- Applications ------------------------------------------------------------------------------------


def _dns(tally: Tally) -> dict[str, Any]:
    names = tally.names
    top = nlargest(
        TOP, names.names.items(), key=lambda item: (item[1][QUERIES] + item[1][ANSWERS], -item[1][3])
    )
    return {
        "queries": names.queries,
        "responses": names.responses,
        "no_such_name": names.missing,
        "broken": names.broken,
        "names": len(names.names),
        "types": dict(sorted(names.types.items())),
        "top": [
            {
                "name": question_name(raw) or ".",
                "queries": seen[QUERIES],
                "answers": seen[ANSWERS],
                "no_such_name": seen[MISSING],
                "first": seen[NAME_FIRST],
            }
            for raw, seen in top
        ],
    }


def _tls(tally: Tally) -> dict[str, Any]:
    web = tally.web
    return {
        "servers": _top(web.servers),
        "offered": {name: seen[0] for name, seen in sorted(web.offered.items())},
        "chosen": {name: seen[0] for name, seen in sorted(web.chosen.items())},
    }


def _http(tally: Tally) -> dict[str, Any]:
    web = tally.web
    return {
        "requests": web.requests,
        "responses": web.responses,
        "hosts": _top(web.hosts),
        "methods": dict(sorted(web.methods.items())),
        "statuses": dict(sorted(web.statuses.items())),
        "paths": len(web.paths),
    }


def _top(table: dict[str, Seen]) -> list[dict[str, Any]]:
    largest = nlargest(TOP, table.items(), key=lambda item: (item[1][0], -item[1][1]))
    return [{"name": name, "count": seen[0], "first": seen[1]} for name, seen in largest]


def arp_table(links: Links) -> dict[str, Any]:
    """Who says to have which address; a device is a maker's prefix and a number: the address is personal."""
    numbers: dict[bytes, int] = {}
    for owners in links.claims.values():
        for mac in owners:
            numbers.setdefault(mac, len(numbers) + 1)
    rows = [
        {
            "address": address(packed),
            "devices": [f"{mac[:3].hex(':')} #{numbers[mac]}" for mac in owners],
            "first": min(claim[1] for claim in owners.values()),
        }
        for packed, owners in sorted(links.claims.items())
    ]
    return {"requests": links.requests, "replies": links.replies, "addresses": len(rows), "table": rows[:TOP]}
