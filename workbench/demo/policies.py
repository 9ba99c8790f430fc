"""Invent the network of a small organisation and what a learner of some skill lets through it."""

import random
from dataclasses import dataclass
from typing import Final, Literal

Quality = Literal[0, 1, 2, 3]


@dataclass(frozen=True, slots=True)
class Place:
    """A network, a machine, or anywhere (empty addresses) in a zone (empty: whichever)."""

    name: str
    zone: str
    v4: str = ""
    v6: str = ""

    def address(self, version: int) -> str:
        return self.v4 if version == 4 else self.v6


@dataclass(frozen=True, slots=True)
class Flow:
    """What one rule says, in no firewall's language; `protocol` is tcp, udp or any, `ports` the target's."""

    title: str
    source: Place
    target: Place
    protocol: str
    ports: tuple[int, ...] = ()
    action: Literal["accept", "drop"] = "accept"


@dataclass(frozen=True, slots=True)
class Zone:
    """A segment behind or before the firewall, by the name each system gives to its interface."""

    name: str
    linux: str
    cisco: str
    fortinet: str
    place: Place


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole rule set: the forwarded flows, those to the firewall itself, and the habits of its author."""

    organisation: str
    town: str
    domain: str
    hostname: str
    quality: Quality
    zones: tuple[Zone, ...]
    forwarded: tuple[Flow, ...]
    to_firewall: tuple[Flow, ...]
    outside_v4: str
    outside_v6: str
    web_server: Place

    @property
    def default(self) -> Literal["accept", "drop"]:
        return "drop" if self.quality >= 2 else "accept"

    @property
    def is_commented(self) -> bool:
        return self.quality >= 2

    @property
    def is_complete(self) -> bool:
        """The best work: logs, IPv6, spoofed and broken packets refused."""
        return self.quality == 3

    def zone(self, name: str) -> Zone:
        return next(zone for zone in self.zones if zone.name == name)


ANYWHERE: Final = Place("anywhere", "")
_SITES: Final = (
    ("Atelier du Vieux-Lille", "Lille", "vieux-lille.example", "fw-lille"),
    ("Fives Mobilité", "Lille", "fives-mobilite.example", "fw-fives"),
    ("Coopérative Hainaut Bio", "Mons", "hainaut-bio.example", "fw-mons"),
    ("Studio du Doudou", "Mons", "studio-doudou.example", "fw-doudou"),
    ("Bibliothèque du Beffroi", "Tournai", "beffroi-tournai.example", "fw-tournai"),
    ("Transports de l'Escaut", "Tournai", "escaut-transports.example", "fw-escaut"),
    ("Leieboord Logistiek", "Kortrijk", "leieboord.example", "fw-kortrijk"),
    ("Textielatelier De Vlasbloem", "Kortrijk", "vlasbloem.example", "fw-vlasbloem"),
)
_SEGMENTS: Final = (("admin", 10), ("office", 20), ("dmz", 30), ("guests", 40), ("voice", 50))
_SERVERS: Final = (
    ("web", "dmz", 10), ("mail", "dmz", 11), ("dns", "dmz", 12), ("proxy", "dmz", 13), ("vpn", "dmz", 14),
    ("files", "office", 5), ("printer", "office", 6), ("database", "admin", 20), ("monitor", "admin", 21),
    ("backup", "admin", 22),
)  # fmt: skip
_ABANDONED: Final = (
    ("old web server", (80,)), ("test of the trainee", (8080, 8081)), ("camera", (554,)),
    ("camera app", (8000,)), ("remote desktop accounting", (3389,)), ("remote desktop director", (3389,)),
    ("files from home", (445,)), ("FTP for the printer's shop", (20, 21)), ("telnet to the switch", (23,)),
    ("MySQL for the web agency", (3306,)),
)  # fmt: skip


def make_policy(rng: random.Random, quality: Quality) -> Policy:
    """Draw a site and its rules: quality 0 lets everything pass, 3 only what is needed."""
    organisation, town, domain, hostname = rng.choice(_SITES)
    second, prefix = rng.randrange(4, 240), f"2001:db8:{rng.randrange(0x10, 0xFFF):x}"
    outside = Zone("outside", "eth0", "GigabitEthernet0/0/0", "wan1", Place("outside", "outside"))
    inside = tuple(
        Zone(name, f"eth1.{vlan}", f"GigabitEthernet0/0/1.{vlan}", name,
             Place(name, name, f"10.{second}.{vlan}.0/24", f"{prefix}:{vlan}::/64"))
        for name, vlan in _SEGMENTS
    )  # fmt: skip
    vlans = dict(_SEGMENTS)
    places = {zone.name: zone.place for zone in (outside, *inside)}
    for name, segment, last in _SERVERS:
        vlan = vlans[segment]
        places[name] = Place(name, segment, f"10.{second}.{vlan}.{last}", f"{prefix}:{vlan}::{last}")
    forwarded, to_firewall = (_careless, _hasty, _sound, _careful)[quality](rng, places)
    return Policy(
        organisation, town, domain, hostname, quality, (outside, *inside),
        tuple(forwarded), tuple(to_firewall), f"192.0.2.{rng.randrange(2, 250)}", f"{prefix}:ffff::2",
        places["web"],
    )  # fmt: skip


_Rules = tuple[list[Flow], list[Flow]]


def _careless(rng: random.Random, at: dict[str, Place]) -> _Rules:
    """Everything is let through first, so nothing after it counts."""
    forwarded = [Flow("", ANYWHERE, ANYWHERE, "any")]
    for title, ports in rng.sample(_ABANDONED, 8):
        target = Place(title, "office", at["office"].v4.replace(".0/24", f".{rng.randrange(30, 200)}"))
        forwarded.append(Flow(title, at["outside"], target, "tcp", ports))
    forwarded += _refused(rng, 24)
    services = [
        ("SSH", 22),
        ("telnet", 23),
        ("web page of the firewall", 80),
        ("SNMP", 161),
        ("Webmin", 10000),
    ]
    to_firewall = [Flow("", ANYWHERE, ANYWHERE, "any")]
    return forwarded, to_firewall + [
        Flow(name, ANYWHERE, ANYWHERE, "tcp", (port,)) for name, port in services
    ]


def _hasty(rng: random.Random, at: dict[str, Place]) -> _Rules:
    """Some things are refused by name, the rest passes."""
    forwarded = _refused(rng, 14)
    for title, ports in rng.sample(_ABANDONED, 5):
        forwarded.append(Flow(title, at["outside"], at["office"], "tcp", ports))
    forwarded += [
        Flow("web", at["outside"], at["dmz"], "tcp", (80, 443)),
        Flow("mail", at["outside"], at["dmz"], "tcp", (25, 110, 143, 993)),
        Flow("", at["office"], ANYWHERE, "any"),
        Flow("", at["admin"], ANYWHERE, "any"),
        Flow("guests out", at["guests"], ANYWHERE, "any"),
        Flow("no Windows shares", at["outside"], ANYWHERE, "tcp", (135, 139, 445), "drop"),
        Flow("no telnet", at["outside"], ANYWHERE, "tcp", (23,), "drop"),
        Flow("web again", at["outside"], at["web"], "tcp", (80, 443)),
    ]
    to_firewall = [
        Flow("SSH", ANYWHERE, ANYWHERE, "tcp", (22,)),
        Flow("web page of the firewall", at["office"], ANYWHERE, "tcp", (80, 443)),
        Flow("SNMP", ANYWHERE, ANYWHERE, "udp", (161,)),
    ]
    return forwarded, to_firewall


def _sound(rng: random.Random, at: dict[str, Place]) -> _Rules:
    """What is not named is refused, but some rules are wider than their reason."""
    needed, _ = _careful(rng, at)
    forwarded = [flow for flow in needed if flow.source.zone != "voice" and flow.action == "accept"]
    rng.shuffle(forwarded)
    forwarded += [
        Flow("Administration of all machines", at["office"], at["dmz"], "tcp", (22, 3389)),
        Flow("Office to the Internet", at["office"], at["outside"], "tcp", (80, 443, 8080)),
        Flow("Guests to the Internet", at["guests"], at["outside"], "any"),
    ]
    return forwarded, [
        Flow("SSH for the staff", at["office"], ANYWHERE, "tcp", (22,)),
        Flow("SSH for the administrators", at["admin"], ANYWHERE, "tcp", (22,)),
    ]


def _careful(rng: random.Random, at: dict[str, Place]) -> _Rules:
    """Each flow names who, what and why; nothing is wider than that."""
    partner = Place("offsite", "outside", f"198.51.100.{rng.randrange(2, 250)}", "2001:db8:5ca1:1::10")
    resolver = Place("resolver", "outside", "203.0.113.53", "2001:db8:53::53")
    operator = Place("operator", "outside", f"203.0.113.{rng.randrange(60, 250)}", "2001:db8:51b::5")
    forwarded = [
        Flow("Public website", at["outside"], at["web"], "tcp", (80, 443)),
        Flow("Incoming mail", at["outside"], at["mail"], "tcp", (25,)),
        Flow("Remote workers reach the VPN", at["outside"], at["vpn"], "udp", (51820,)),
        Flow("Outgoing mail", at["mail"], at["outside"], "tcp", (25,)),
        Flow("Resolver asks upstream", at["dns"], resolver, "udp", (53,)),
        Flow("Resolver asks upstream, long answers", at["dns"], resolver, "tcp", (53, 853)),
        Flow("Proxy fetches pages", at["proxy"], at["outside"], "tcp", (80, 443)),
        Flow("Office names", at["office"], at["dns"], "udp", (53,)),
        Flow("Office pages go through the proxy", at["office"], at["proxy"], "tcp", (3128,)),
        Flow("Office mailboxes", at["office"], at["mail"], "tcp", (587, 993)),
        Flow("Office reads the intranet", at["office"], at["web"], "tcp", (443,)),
        Flow("Website reads its database", at["web"], at["database"], "tcp", (5432,)),
        Flow("Administrators on the servers", at["admin"], at["dmz"], "tcp", (22,)),
        Flow("Administrators on the file server", at["admin"], at["files"], "tcp", (22, 445)),
        Flow("Administrators' names", at["admin"], at["dns"], "udp", (53,)),
        Flow("Monitoring of the servers", at["monitor"], at["dmz"], "tcp", (9100,)),
        Flow("Monitoring of the printer", at["monitor"], at["printer"], "udp", (161,)),
        Flow("Servers send their logs", at["dmz"], at["monitor"], "tcp", (6514,)),
        Flow("Nightly backup of the files", at["backup"], at["files"], "tcp", (22,)),
        Flow("Backup copy leaves the house", at["backup"], partner, "tcp", (443,)),
        Flow("Guests' names", at["guests"], at["dns"], "udp", (53,)),
        Flow("Guests stay out of the house", at["guests"], at["office"], "any", (), "drop"),
        Flow("Guests to the web", at["guests"], at["outside"], "tcp", (80, 443)),
        Flow("Telephones register", at["voice"], operator, "tcp", (5061,)),
        Flow("Telephones' names", at["voice"], at["dns"], "udp", (53,)),
    ]
    return forwarded, [
        Flow("SSH for the administrators only", at["admin"], ANYWHERE, "tcp", (22,)),
        Flow("Monitoring of the firewall", at["monitor"], ANYWHERE, "udp", (161,)),
        Flow("Time for the servers", at["dmz"], ANYWHERE, "udp", (123,)),
    ]


def _refused(rng: random.Random, count: int) -> list[Flow]:
    """Single addresses refused after some incident, as nobody dares to remove them."""
    addresses = [
        f"{rng.choice(('203.0.113', '198.51.100'))}.{last}" for last in rng.sample(range(1, 255), count)
    ]
    return [
        Flow("blocked", Place("blocked", "outside", address), ANYWHERE, "any", (), "drop")
        for address in addresses
    ]
