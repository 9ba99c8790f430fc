"""Tell what happens on an office network, packet by packet, for the captures of the demo world."""

import random
from dataclasses import dataclass, field
from typing import Final

from workbench.demo import packets
from workbench.demo.packets import ACK, FIN, PSH, RST, SYN, Station, documentation_mac

_SECOND: Final = 1_000_000
_FIRST_MORNING: Final = 1_741_593_600 * _SECOND  # Monday 10 March 2025, 08:00 UTC
_ORDINARY_NAMES: Final = (
    "www.beffroi-tournai.example", "intranet.leieboord.example", "mail.hainaut-bio.example",
    "maps.example.com",
    "news.example.org", "learning.example.net", "cdn.example.net", "weather.example.com", "forum.example.org",
)  # fmt: skip
_BEACON_NAMES: Final = ("sync.cdn-metrics.example", "update.fontcache.example", "api.tele-stats.example")
_OPEN_PORTS: Final = {22: b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 80: b"", 443: b"", 3306: b"", 8080: b""}
_UDP_PROBES: Final = (7, 9, 17, 19, 1434)
_PAGES: Final = ("/", "/news", "/contact", "/planning?week=11", "/css/site.css", "/images/logo.png")


@dataclass(slots=True)
class Recorder:
    """Collects frames with their moment (microseconds since 1970) and the facts an analyst should find."""

    rng: random.Random
    frames: list[tuple[int, bytes]] = field(default_factory=list)
    facts: dict[str, str | int] = field(default_factory=dict)
    start: int = 0
    gateway: Station = field(init=False)
    clients: list[Station] = field(init=False)

    def __post_init__(self) -> None:
        self.start = (
            _FIRST_MORNING
            + self.rng.randrange(0, 12) * 7 * 86_400 * _SECOND
            + self.rng.randrange(3600 * _SECOND)
        )
        subnet = self.rng.randrange(10, 60)
        self.gateway = Station("gateway", documentation_mac(1), f"10.{subnet}.20.1")
        last = self.rng.sample(range(20, 200), 6)
        self.clients = [
            Station(
                f"pc-{number}", documentation_mac(16 + at), f"10.{subnet}.20.{number}", 128 if at % 2 else 64
            )
            for at, number in enumerate(last)
        ]

    def add(self, moment: int, frame: bytes) -> int:
        """Keep a frame; the answer is the moment right after it, for the next one."""
        self.frames.append((moment, frame))
        return moment + self.rng.randrange(180, 2400)

    def in_order(self) -> list[tuple[int, bytes]]:
        return sorted(self.frames, key=lambda pair: pair[0])

    def number(self) -> int:
        return self.rng.randrange(1, 65_536)

    def outside(self, name: str, address: str) -> Station:
        """A machine beyond the gateway: its frames carry the gateway's Ethernet address."""
        return Station(name, self.gateway.mac, address, self.rng.randrange(44, 60))


def baseline(recorder: Recorder, visits: int = 46, seconds: int = 900) -> None:
    """Ordinary work: address resolution, names, web pages, encrypted sessions, pings, time."""
    rng = recorder.rng
    servers = {name: f"203.0.113.{rng.randrange(2, 250)}" for name in _ORDINARY_NAMES}
    for client in recorder.clients:
        _resolve_address(recorder, recorder.start + rng.randrange(5 * _SECOND), client, recorder.gateway)
        _time_request(recorder, recorder.start + rng.randrange(seconds * _SECOND), client)
    for visit in range(visits):
        moment = recorder.start + 6 * _SECOND + rng.randrange(seconds * _SECOND)
        client, name = rng.choice(recorder.clients), rng.choice(_ORDINARY_NAMES)
        if visit % 11 == 10:
            _look_up(recorder, moment, client, name.replace(".", "-") + ".invalid", None)
            continue
        moment = _look_up(recorder, moment, client, name, servers[name])
        server = recorder.outside(name, servers[name])
        (_web_visit if visit % 5 == 0 else _encrypted_visit)(recorder, moment, client, server)
    for turn in range(2):
        _ping(
            recorder,
            recorder.start + (40 + 300 * turn) * _SECOND,
            recorder.clients[turn],
            recorder.gateway,
            4,
        )
    _ping_over_ipv6(recorder)
    recorder.facts.setdefault("scenario", "baseline")
    recorder.facts.update(clients=len(recorder.clients), gateway=recorder.gateway.address)


def port_scan(recorder: Recorder) -> None:
    """One client knocks at many ports of a server beside it and finds the few that answer."""
    rng = recorder.rng
    baseline(recorder, visits=14)
    scanner = recorder.clients[0]
    network = scanner.address.rsplit(".", 1)[0]
    victim = Station("server", documentation_mac(9), f"{network}.10")
    moment = recorder.start + rng.randrange(200, 400) * _SECOND
    first = moment
    for last in rng.sample(range(2, 19), 12):  # looks first who is there
        moment = recorder.add(moment, packets.arp_request(scanner, f"{network}.{last if last != 10 else 19}"))
    moment = _resolve_address(recorder, moment, scanner, victim)
    others = [port for port in range(1, 1100) if port not in _OPEN_PORTS]
    ports = rng.sample(others, rng.randrange(480, 640)) + list(_OPEN_PORTS)
    rng.shuffle(ports)
    port_from = rng.randrange(36_000, 60_000)
    for port in ports:
        moment = _knock(recorder, moment, scanner, victim, (port_from, port))
    for port in _UDP_PROBES:
        probe = packets.udp(scanner, victim, (port_from, port), b"\0", recorder.number())
        moment = recorder.add(moment, probe)
        moment = recorder.add(moment, packets.unreachable(victim, scanner, probe, recorder.number()))
    recorder.facts.update(
        scenario="port-scan", scanner=scanner.address, victim=victim.address, ports_tried=len(ports),
        open_ports=", ".join(map(str, sorted(_OPEN_PORTS))), scan_seconds=(moment - first) // _SECOND,
    )  # fmt: skip


def beaconing(recorder: Recorder) -> None:
    """One client calls the same server again and again, regularly, with messages of one size."""
    rng = recorder.rng
    period, calls = rng.choice((30, 45, 60)), rng.randrange(52, 68)
    baseline(recorder, visits=22, seconds=period * calls)
    infected, name = recorder.clients[-1], rng.choice(_BEACON_NAMES)
    server = recorder.outside(name, f"198.51.100.{rng.randrange(2, 250)}")
    size = rng.randrange(90, 180)
    for call in range(calls):
        moment = recorder.start + (8 + call * period) * _SECOND + rng.randrange(-400_000, 400_000)
        if call % 10 == 0:
            moment = _look_up(recorder, moment, infected, name, server.address, ttl=600)
        _encrypted_visit(recorder, moment, infected, server, exchanges=((size, 64),))
    recorder.facts.update(
        scenario="beaconing", infected=infected.address, server=server.address, server_name=name,
        period_seconds=period, calls=calls,
    )  # fmt: skip


def _resolve_address(recorder: Recorder, moment: int, asker: Station, owner: Station) -> int:
    moment = recorder.add(moment, packets.arp_request(asker, owner.address))
    return recorder.add(moment, packets.arp_reply(owner, asker))


def _look_up(
    recorder: Recorder, moment: int, client: Station, name: str, address: str | None, *, ttl: int = 300
) -> int:
    identifier, port = recorder.number(), recorder.rng.randrange(49_152, 65_536)
    resolver = recorder.gateway
    query = packets.dns_query(identifier, name)
    moment = recorder.add(moment, packets.udp(client, resolver, (port, 53), query, recorder.number()))
    moment += recorder.rng.randrange(4_000, 30_000)
    answer = packets.dns_answer(identifier, name, address, ttl)
    return recorder.add(moment, packets.udp(resolver, client, (53, port), answer, recorder.number()))


def _time_request(recorder: Recorder, moment: int, client: Station) -> None:
    request = b"\x23\x00\x06\xec" + bytes(36) + recorder.rng.randbytes(8)
    answer = b"\x24\x02\x06\xe8" + bytes(8) + b"\xc0\x00\x02\x7b" + recorder.rng.randbytes(32)
    server = recorder.outside("time", "192.0.2.123")
    moment = recorder.add(moment, packets.udp(client, server, (123, 123), request, recorder.number()))
    recorder.add(moment + 12_000, packets.udp(server, client, (123, 123), answer, recorder.number()))


def _ping(recorder: Recorder, moment: int, client: Station, target: Station, times: int) -> None:
    identifier = recorder.number()
    for sequence in range(1, times + 1):
        for source, aim, reply in ((client, target, False), (target, client, True)):
            frame = packets.echo(
                source,
                aim,
                reply=reply,
                identifier=identifier,
                sequence=sequence,
                identification=recorder.number(),
            )
            moment = recorder.add(moment, frame)
        moment += _SECOND


def _ping_over_ipv6(recorder: Recorder) -> None:
    client = Station("pc", recorder.clients[0].mac, "2001:db8:20::25")
    gateway = Station("gateway", recorder.gateway.mac, "2001:db8:20::1")
    _ping(recorder, recorder.start + 75 * _SECOND, client, gateway, 3)


def _knock(recorder: Recorder, moment: int, scanner: Station, victim: Station, ports: tuple[int, int]) -> int:
    ours, back = recorder.rng.randrange(2**32), (ports[1], ports[0])
    following = (ours + 1) % 2**32
    syn = packets.tcp(scanner, victim, ports, SYN, (ours, 0), window=1024, identification=recorder.number())
    moment = recorder.add(moment, syn)
    if ports[1] not in _OPEN_PORTS:
        return recorder.add(moment, packets.tcp(victim, scanner, back, RST | ACK, (0, following), window=0))
    theirs = recorder.rng.randrange(2**32)
    moment = recorder.add(moment, packets.tcp(victim, scanner, back, SYN | ACK, (theirs, following)))
    return recorder.add(moment, packets.tcp(scanner, victim, ports, RST, (following, 0), window=0))


@dataclass(slots=True)
class _Session:
    """A TCP connection that keeps count of both sides' sequence numbers."""

    recorder: Recorder
    client: Station
    server: Station
    port: int
    moment: int
    sent: dict[str, int] = field(init=False)
    port_from: int = field(init=False)

    def __post_init__(self) -> None:
        rng = self.recorder.rng
        self.port_from = rng.randrange(49_152, 65_536)
        self.sent = {"client": rng.randrange(2**31), "server": rng.randrange(2**31)}

    def segment(self, side: str, flags: int, payload: bytes = b"") -> None:
        here, there = (self.client, self.server) if side == "client" else (self.server, self.client)
        ports = (self.port_from, self.port) if side == "client" else (self.port, self.port_from)
        other = "server" if side == "client" else "client"
        numbers = (self.sent[side], self.sent[other] if flags & ACK else 0)
        frame = packets.tcp(
            here, there, ports, flags, numbers, payload=payload, identification=self.recorder.number()
        )
        self.moment = self.recorder.add(self.moment, frame)
        self.sent[side] += len(payload) + bool(flags & (SYN | FIN))

    def open(self) -> None:
        self.segment("client", SYN)
        self.moment += self.recorder.rng.randrange(8_000, 25_000)
        self.segment("server", SYN | ACK)
        self.segment("client", ACK)

    def say(self, side: str, payload: bytes) -> None:
        self.segment(side, PSH | ACK, payload)
        self.moment += self.recorder.rng.randrange(6_000, 40_000)
        self.segment("server" if side == "client" else "client", ACK)

    def close(self) -> None:
        self.segment("client", FIN | ACK)
        self.segment("server", FIN | ACK)
        self.segment("client", ACK)


def _web_visit(recorder: Recorder, moment: int, client: Station, server: Station) -> None:
    session = _Session(recorder, client, server, 80, moment)
    session.open()
    for page in recorder.rng.sample(_PAGES, 2):
        request = (
            f"GET {page} HTTP/1.1\r\nHost: {server.name}\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n"
        )
        session.say("client", request.encode())
        text = "Bonjour. " * recorder.rng.randrange(8, 60)
        body = f"<!doctype html><title>{server.name}</title><p>{text}</p>\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Type: text/html\r\n\r\n"
        session.say("server", (head + body).encode())
    session.close()


def _encrypted_visit(
    recorder: Recorder,
    moment: int,
    client: Station,
    server: Station,
    exchanges: tuple[tuple[int, int], ...] = (),
) -> None:
    """A TLS session; `exchanges` are the sizes of what is asked and answered, drawn when not given."""
    rng = recorder.rng
    session = _Session(recorder, client, server, 443, moment)
    session.open()
    session.say("client", packets.client_hello(rng, server.name))
    session.say("server", packets.server_hello(rng))
    drawn = tuple((rng.randrange(80, 260), rng.randrange(200, 1200)) for _ in range(rng.randrange(1, 4)))
    for asked, answered in exchanges or drawn:
        session.say("client", packets.encrypted(rng, asked))
        session.say("server", packets.encrypted(rng, answered))
    session.close()
