"""Addresses and services that a FortiOS configuration names, and those that Fortinet defines."""

from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.dialects.fortios_tree import Block
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.objects import (
    Book,
    Named,
    ObjectKind,
    Services,
    address_book,
    service_book,
)
from assessments.analysers.configurations.rules import (
    ANY_SERVICE,
    ANY_V4,
    ANY_V6,
    Addresses,
    NamedObject,
    Range,
    Service,
)

# Kept by Fortinet when a configuration does not say them again.
_PREDEFINED: Final = {
    "ALL": "any",
    "ALL_TCP": "tcp 1-65535",
    "ALL_UDP": "udp 1-65535",
    "ALL_ICMP": "icmp",
    "ALL_ICMP6": "ipv6-icmp",
    "AFS3": "tcp 7000-7009, udp 7000-7009",
    "AH": "ah",
    "BGP": "tcp 179",
    "CVSPSERVER": "tcp 2401, udp 2401",
    "DCE-RPC": "tcp 135, udp 135",
    "DHCP": "udp 67-68",
    "DHCP6": "udp 546-547",
    "DNS": "tcp 53, udp 53",
    "ESP": "esp",
    "FINGER": "tcp 79",
    "FTP": "tcp 21",
    "FTP_GET": "tcp 21",
    "FTP_PUT": "tcp 21",
    "GOPHER": "tcp 70",
    "GRE": "gre",
    "GTP": "tcp 2123 2152 3386, udp 2123 2152 3386",
    "H323": "tcp 1720 1503, udp 1719",
    "HTTP": "tcp 80",
    "HTTPS": "tcp 443",
    "IKE": "udp 500 4500",
    "IMAP": "tcp 143",
    "IMAPS": "tcp 993",
    "IRC": "tcp 6660-6669",
    "Internet-Locator-Service": "tcp 389",
    "KERBEROS": "tcp 88 464, udp 88 464",
    "L2TP": "tcp 1701, udp 1701",
    "LDAP": "tcp 389",
    "LDAP_UDP": "udp 389",
    "MGCP": "udp 2427 2727",
    "MMS": "tcp 1755, udp 1024-5000",
    "MS-SQL": "tcp 1433-1434",
    "MYSQL": "tcp 3306",
    "NFS": "tcp 111 2049, udp 111 2049",
    "NNTP": "tcp 119",
    "NTP": "tcp 123, udp 123",
    "ONC-RPC": "tcp 111, udp 111",
    "OSPF": "ospf",
    "PC-Anywhere": "tcp 5631, udp 5632",
    "POP3": "tcp 110",
    "POP3S": "tcp 995",
    "PPTP": "tcp 1723",
    "QUAKE": "udp 26000 27000 27910 27960",
    "RADIUS": "udp 1812-1813",
    "RADIUS-OLD": "udp 1645-1646",
    "RAUDIO": "udp 7070",
    "RDP": "tcp 3389",
    "REXEC": "tcp 512",
    "RIP": "udp 520",
    "RTSP": "tcp 554 7070 8554, udp 554",
    "SAMBA": "tcp 139",
    "SCCP": "tcp 2000",
    "SIP": "tcp 5060, udp 5060",
    "SIP-MSNmessenger": "tcp 1863",
    "SMB": "tcp 445",
    "SMTP": "tcp 25",
    "SMTPS": "tcp 465",
    "SNMP": "tcp 161-162, udp 161-162",
    "SOCKS": "tcp 1080, udp 1080",
    "SQUID": "tcp 3128",
    "SSH": "tcp 22",
    "SYSLOG": "udp 514",
    "TALK": "udp 517-518",
    "TELNET": "tcp 23",
    "TFTP": "udp 69",
    "UUCP": "tcp 540",
    "VDOLIVE": "tcp 7000-7010",
    "VNC": "tcp 5900",
    "WAIS": "tcp 210",
    "WINFRAME": "tcp 1494 2598",
    "WINS": "tcp 1512, udp 1512",
    "X-WINDOWS": "tcp 6000-6063",
}
# ICMP messages of one kind: less than the protocol, so they are not compared.
_MESSAGES: Final = frozenset(("PING", "PING6", "TIMESTAMP", "INFO_REQUEST", "INFO_ADDRESS", "TRACEROUTE"))
_PORT_SETTINGS: Final = {"tcp-portrange": "tcp", "udp-portrange": "udp", "sctp-portrange": "sctp"}


def predefined(name: str) -> Services | None:
    told = _PREDEFINED.get(name)
    if told is None:
        return (protocols.unknown_service(name),) if name in _MESSAGES else None
    if told == "any":
        return (ANY_SERVICE,)
    found = []
    for part in told.split(", "):
        protocol, *ports = part.split()
        found.append(Service(protocol, protocols.port_ranges(ports) or (), (), name))
    return tuple(found)


class Objects:
    """What the policies of one virtual domain may name, IPv4 and IPv6 apart as FortiOS keeps them."""

    def __init__(self, domain: Block, unread: UnreadLines) -> None:
        self._unread = unread
        self.v4: Book[Addresses] = address_book()
        self.v6: Book[Addresses] = address_book()
        self.services: Book[Services] = service_book()
        for entry in domain.entries("firewall address"):
            self._define(self.v4, entry, self._address(entry), "address")
        for entry in domain.entries("firewall address6"):
            self._define(self.v6, entry, self._address6(entry), "address")
        for section, book in (("firewall addrgrp", self.v4), ("firewall addrgrp6", self.v6)):
            for entry in domain.entries(section):
                self._group(book, entry)
        for section, book in (("firewall vip", self.v4), ("firewall vip6", self.v6)):
            for entry in domain.entries(section):
                self._define(book, entry, self._mapped(entry), "address")
        for section, book in (("firewall vipgrp", self.v4), ("firewall vipgrp6", self.v6)):
            for entry in domain.entries(section):
                self._group(book, entry)
        for entry in domain.entries("firewall service custom"):
            self._define(self.services, entry, self._service(entry), "service")
        for entry in domain.entries("firewall service group"):
            members = [
                Named(name) if name in self.services else predefined(name) or Named(name)
                for name in entry.words("member")
            ]
            self.services.define(
                entry.name, members, kind="group", first_line=entry.first_line, last_line=entry.last_line
            )

    def _define(self, book: Book, entry: Block, value: object, kind: ObjectKind) -> None:
        book.define(entry.name, [value], kind=kind, first_line=entry.first_line, last_line=entry.last_line)

    def _group(self, book: Book[Addresses], entry: Block) -> None:
        members: list[Addresses | Named] = [Named(name) for name in entry.words("member")]
        if entry.is_on("exclude") and entry.words("exclude-member"):
            # What is taken out again cannot be told before all groups are known.
            members = [addresses.unknown(entry.name)]
        book.define(entry.name, members, kind="group", first_line=entry.first_line, last_line=entry.last_line)

    def _address(self, entry: Block) -> Addresses:
        kind = entry.value("type", "ipmask")
        match kind:
            case "iprange":
                found = addresses.between(entry.name, entry.value("start-ip"), entry.value("end-ip"))
            case "ipmask" | "interface-subnet":
                # An address about which nothing is said is every address.
                told = entry.words("subnet") or ("0.0.0.0", "0.0.0.0")  # noqa: S104 - no address to listen on
                found = addresses.masked(told[0], told[1]) if len(told) == 2 else addresses.address(told[0])
            case "wildcard":
                told = entry.words("wildcard")
                found = addresses.masked(told[0], told[1]) if len(told) == 2 else None
            case _:
                return addresses.unknown(entry.name)
        return found or self._bad(entry, "address")

    def _address6(self, entry: Block) -> Addresses:
        match entry.value("type", "ipprefix"):
            case "iprange":
                found = addresses.between(entry.name, entry.value("start-ip"), entry.value("end-ip"))
            case "ipprefix":
                found = addresses.address(entry.value("ip6", "::/0"))
            case _:
                return addresses.unknown(entry.name)
        return found or self._bad(entry, "address6")

    def _mapped(self, entry: Block) -> Addresses:
        """A virtual address lets its traffic through to the hosts it is mapped to."""
        parts = [addresses.address(word) for word in entry.words("mappedip")]
        known = [part for part in parts if part]
        if not known or len(known) < len(parts):
            return addresses.unknown(entry.name)
        return known[0] if len(known) == 1 else addresses.united(entry.name, known)

    def _service(self, entry: Block) -> Services:
        kind = entry.value("protocol", "TCP/UDP/SCTP").upper()
        if kind in ("ICMP", "ICMP6"):
            keyword = "icmp" if kind == "ICMP" else "ipv6-icmp"
            return (Service(keyword, (), (), entry.name, known=not entry.words("icmptype")),)
        if kind == "ALL":
            return (ANY_SERVICE,)
        if kind == "IP":
            number = entry.value("protocol-number", "0")
            found = "any" if number == "0" else protocols.protocol(number)
            if found == "any":
                return (ANY_SERVICE,)
            return (Service(found, (), (), entry.name) if found else self._bad_service(entry),)
        return self._ports(entry)

    def _ports(self, entry: Block) -> Services:
        """``80 443:1024-65535``: destination ports, and after the colon the source ports they go with."""
        found: list[Service] = []
        for setting, protocol in _PORT_SETTINGS.items():
            by_source: dict[tuple[Range, ...], list[str]] = {}
            for word in entry.words(setting):
                ports, _, source = word.partition(":")
                source_ports = protocols.port_ranges((source,)) if source else ()
                if source_ports is None:
                    return (self._bad_service(entry),)
                by_source.setdefault(_every(source_ports), []).append(ports)
            for sources, words in by_source.items():
                ranges = protocols.port_ranges(words)
                if ranges is None:
                    return (self._bad_service(entry),)
                found.append(Service(protocol, ranges, sources, entry.name))
        return tuple(found) or (protocols.unknown_service(entry.name),)

    def _bad(self, entry: Block, statement: str) -> Addresses:
        self._unread.bad_value(entry.first_line, statement, last_line=entry.last_line)
        return addresses.unknown(entry.name)

    def _bad_service(self, entry: Block) -> Service:
        self._unread.bad_value(entry.first_line, "service", last_line=entry.last_line)
        return protocols.unknown_service(entry.name)

    def use_addresses(self, names: tuple[str, ...], *, v6: bool) -> list[Addresses]:
        book = self.v6 if v6 else self.v4
        found = []
        for name in names:
            if name not in book and name in ("all", "any"):
                found.append(ANY_V6 if v6 else ANY_V4)
            elif name not in book and name == "none":
                found.append(Addresses(name))
            else:
                found.append(book.use(name))
        return found

    def use_services(self, names: tuple[str, ...]) -> Services:
        found: list[Service] = []
        for name in names:
            if name in self.services:
                found += self.services.use(name)
            else:
                found += predefined(name) or self.services.use(name)
        return tuple(dict.fromkeys(found)) or (ANY_SERVICE,)

    def named_objects(self) -> list[NamedObject]:
        return [*self.v4.named_objects(), *self.v6.named_objects(), *self.services.named_objects()]

    @property
    def limit_reached(self) -> bool:
        return self.v4.limit_reached or self.v6.limit_reached or self.services.limit_reached


def _every(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """A range that holds every port narrows nothing."""
    return () if ranges and ranges[0][0] <= 1 and ranges[-1][1] == 65_535 and len(ranges) == 1 else ranges
