"""Everything that is counted about one capture."""

from typing import Final

from assessments.analysers.captures.applications.ports import TCP_SERVICES, UDP_SERVICES
from assessments.analysers.captures.tallies.caps import MAX_ENDPOINTS, Caps
from assessments.analysers.captures.tallies.disclosures import Disclosures
from assessments.analysers.captures.tallies.flows import LABEL, WATCH, Flow, reversed_key
from assessments.analysers.captures.tallies.labels import Kinds, Labels
from assessments.analysers.captures.tallies.links import Links
from assessments.analysers.captures.tallies.names import Names
from assessments.analysers.captures.tallies.timeline import Timeline
from assessments.analysers.captures.tallies.web import Web

# Undecoded link types and network protocols that are told apart.
_MOST_UNDECODED: Final = 32


class Tally:
    """Filled by ``counting``; `number` is that of the last packet counted."""

    def __init__(self) -> None:
        self.caps = Caps()
        self.labels = Labels(self.caps)
        self.timeline = Timeline()
        self.links = Links(self.caps)
        self.names = Names(self.caps)
        self.web = Web(self.caps)
        self.disclosures = Disclosures(self.caps)
        self.number = 0
        self.captured = 0
        self.original = 0
        self.first: int | None = None
        self.last = 0
        self.latest = 0
        # [count, first packet, last packet]
        self.backwards = [0, 0, 0]
        self.cut = [0, 0, 0]
        self.malformed = [0, 0, 0]
        self.undecoded: dict[str, list[int]] = {}
        self.tcp: dict[bytes, Flow] = {}
        self.udp: dict[bytes, Flow] = {}
        self.other: dict[bytes, Flow] = {}
        self.flags = [0] * 256
        self.fragments = 0
        # Set once TCP or UDP came another way than plainly over Ethernet: each packet then has its own path.
        self.mixed = False
        # Echo requests by source and target, and ports that were said to be closed.
        self.pings: dict[bytes, list[int]] = {}
        self.unreachable: dict[bytes, int] = {}
        self.host_names = 0
        self.dhcp: dict[str, int] = {}

    def seen(self, counter: list[int], number: int) -> None:
        counter[0] += 1
        counter[1] = counter[1] or number
        counter[2] = number

    def open_tcp(self, key: bytes, number: int, when: int, kinds: Kinds) -> Flow:
        name = TCP_SERVICES.get(key[-2:]) or TCP_SERVICES.get(key[-4:-2])
        flow = self.tcp[key] = [0, 0, number, number, 0, *kinds[name], -1, 0, 0, when]
        return flow

    def open_udp(self, key: bytes, number: int, kinds: Kinds) -> Flow:
        name = UDP_SERVICES.get(key[-2:]) or UDP_SERVICES.get(key[-4:-2])
        flow = self.udp[key] = [0, 0, number, number, 0, *kinds[name], -1, 0, 0, 0]
        return flow

    def is_now(self, key: bytes, flow: Flow, application: str, *, watch: int) -> None:
        """A conversation turned out to speak an application; both directions count as that from here on."""
        if self.labels.application(flow[LABEL]) == application and flow[WATCH] == watch:
            return
        for one in (flow, self.tcp.get(reversed_key(key))):
            if one is not None:
                path = self.labels.paths[one[LABEL]]
                base = path[: path.index("tcp") + 1] if "tcp" in path else path
                one[LABEL], one[WATCH] = self.labels.of((*base, application)), watch

    def undecode(self, name: str, number: int) -> None:
        if name not in self.undecoded and len(self.undecoded) >= _MOST_UNDECODED:
            name = "unknown"
        self.seen(self.undecoded.setdefault(name, [0, 0, 0]), number)

    def ping(self, ends: bytes, number: int) -> None:
        seen = self.pings.get(ends)
        if seen is None:
            if len(self.pings) >= MAX_ENDPOINTS:
                self.caps.over("pings")
                return
            seen = self.pings[ends] = [0, 0, 0]
        self.seen(seen, number)

    def closed(self, key: bytes, number: int) -> None:
        if len(self.unreachable) < MAX_ENDPOINTS:
            self.unreachable.setdefault(key, number)
        else:
            self.caps.over("unreachable")
