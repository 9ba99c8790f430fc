"""Read the entries of ASA access lists and the members of ASA objects and object groups."""

from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects.cisco_words import (
    ACTIONS,
    ANY_PORT,
    BadEntry,
    Entry,
    Ports,
    Words,
    service,
    take_ports,
)
from assessments.analysers.configurations.objects import Book, Named, Services, address_book, service_book
from assessments.analysers.configurations.protocols import WITH_PORTS, unknown_service
from assessments.analysers.configurations.rules import Addresses, Range, Service

# Where ASA's names stand for other numbers than IANA's.
PORT_NAMES: Final = {"kerberos": 750, "radius": 1645, "radius-acct": 1646, "sqlnet": 1521, "cifs": 3020}
_LOG_LEVELS: Final = frozenset(
    (
        *("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational"),
        *("debugging", "default", *map(str, range(8))),
    )
)
_ICMP: Final = frozenset(("icmp", "icmp6", "1", "58"))
_USERS: Final = frozenset(
    ("user", "user-group", "object-group-user", "object-group-security", "security-group")
)


@dataclass(slots=True)
class Names:
    """Everything a file names: addresses, networks, services, protocols and types of messages."""

    networks: Book[Addresses] = field(default_factory=address_book)
    services: Book[Services] = field(default_factory=service_book)
    aliases: dict[str, str] = field(default_factory=dict)

    def aliased(self, word: str) -> str:
        """What ``name 192.0.2.1 web`` made of a word."""
        return self.aliases.get(word, word)


def extended(words: Words, names: Names) -> Entry:
    """``permit tcp any object WEB eq https log``: what follows the word ``extended``."""
    verb = words.take()
    if verb not in ACTIONS:
        raise BadEntry
    entry = Entry(ACTIONS[verb])
    protocol, group = _protocol(words, names, entry)
    _users(words, entry)
    entry.sources = _side(words, names, entry)
    source, source_group = _ports(words, names, entry)
    _users(words, entry)
    entry.destinations = _side(words, names, entry)
    destination, destination_group = _ports(words, names, entry)
    _services(entry, (protocol, group), (source, source_group), (destination, destination_group))
    if protocol in _ICMP:
        _message(words, names, entry)
    _options(words, entry)
    # The firewall notes what it denies by itself (message 106023) unless told not to.
    if entry.action == "drop" and "log disable" not in entry.conditions:
        entry.logging = True
    entry.conditions = [one for one in entry.conditions if one != "log disable"]
    return entry


def standard(words: Words, names: Names) -> Entry:
    """``permit 10.0.0.0 255.0.0.0``: what follows the word ``standard``; it lists destinations."""
    verb = words.take()
    if verb not in ACTIONS:
        raise BadEntry
    entry = Entry(ACTIONS[verb], (Service("any", text="ip"),))
    entry.sources = addresses.any_of("ipv4")
    entry.destinations = _side(words, names, entry)
    return entry


def _protocol(words: Words, names: Names, entry: Entry) -> tuple[str, Services | None]:
    word = words.take()
    if word not in ("object", "object-group"):
        return word, None
    name = words.take()
    entry.references.append(name)
    return name, names.services.use(name)


def _users(words: Words, entry: Entry) -> None:
    while words.peek() in _USERS:
        said = [words.take(), words.take()]
        if said[0] == "security-group":
            said.append(words.take())
        entry.conditions.append(" ".join(said))


def _side(words: Words, names: Names, entry: Entry) -> Addresses:
    first = words.take()
    if first in ("any", "any4", "any6"):
        found = addresses.address(first)
    elif first == "host":
        found = addresses.address(names.aliased(words.take()))
    elif first in ("object", "object-group"):
        name = words.take()
        entry.references.append(name)
        found = names.networks.use(name)
    elif first == "interface":
        found = addresses.unknown(f"interface {words.take()}")
    elif "/" in first:
        found = addresses.address(first)
    else:
        found = addresses.masked(names.aliased(first), words.take())
    if found is None:
        raise BadEntry
    return found


def _ports(words: Words, names: Names, entry: Entry) -> tuple[Ports, Services | None]:
    if words.peek() == "object-group" and words.at + 1 < len(words.words):
        name = words.words[words.at + 1]
        # After an address a group may be the next address or the ports of this one.
        if name in names.services and name not in names.networks:
            words.at += 2
            entry.references.append(name)
            return ANY_PORT, names.services.use(name)
    return take_ports(words, PORT_NAMES, several=False), None


def _services(
    entry: Entry,
    protocol: tuple[str, Services | None],
    source: tuple[Ports, Services | None],
    destination: tuple[Ports, Services | None],
) -> None:
    word, group = protocol
    if group is not None:
        if source[0] is not ANY_PORT or destination[0] is not ANY_PORT or source[1] or destination[1]:
            group = tuple(_with_ports(one, source, destination) for one in group)
        entry.services = group
        return
    entry.services = (service(word, _of_group(word, *source), _of_group(word, *destination)),)


def _with_ports(
    one: Service, source: tuple[Ports, Services | None], destination: tuple[Ports, Services | None]
) -> Service:
    """A protocol of a group of protocols, with the ports the entry says."""
    if not one.known or one.ports or one.source_ports:
        return unknown_service(one.text)
    return service(one.protocol, _of_group(one.protocol, *source), _of_group(one.protocol, *destination))


def _of_group(protocol: str, ports: Ports, group: Services | None) -> Ports:
    """The ports that a group of services gives to one protocol."""
    if group is None:
        return ports
    ranges: list[Range] = []
    known = bool(group)
    for one in group:
        known = known and one.known and not one.source_ports
        if one.protocol == protocol:
            ranges += one.ports
    text = " ".join(dict.fromkeys(one.text for one in group[:4]))
    return Ports(addresses.merged(ranges), text, known and bool(ranges))


def _message(words: Words, names: Names, entry: Entry) -> None:
    said = []
    while words.peek() and words.peek() not in ("log", "inactive", "time-range"):
        said.append(words.take())
    if said[:1] == ["object-group"] and len(said) == 2:
        entry.references.append(said[1])
        names.services.count_use(said[1])
    if said:
        entry.conditions.append(f"icmp-type {' '.join(said[:3])}")


def _options(words: Words, entry: Entry) -> None:
    while words.peek():
        word = words.take()
        if word == "log":
            entry.logging = True
            if words.peek() == "disable":
                words.take()
                entry.logging = False
                entry.conditions.append("log disable")
            elif words.peek() in _LOG_LEVELS:
                words.take()
            if words.peek() == "interval":
                words.take()
                words.take()
        elif word == "inactive":
            entry.enabled = False
        elif word == "time-range":
            entry.conditions.append(f"time-range {words.take()}")
        else:
            raise BadEntry


def network_member(words: list[str], names: Names) -> Addresses | Named | None:
    """A line within ``object network`` or ``object-group network``; None when it is not understood."""
    found: Addresses | Named | None = None
    match words:
        case ["network-object", "object", name] | ["group-object", name]:
            found = Named(name)
        case ["network-object", *rest] if rest:
            found = network_member(rest if len(rest) > 1 else ["host", *rest], names)
        case ["host", one]:
            found = addresses.address(names.aliased(one))
        case ["subnet", one] | [one]:
            found = addresses.address(one)
        case ["range", first, last]:
            found = addresses.between(f"{first}-{last}", names.aliased(first), names.aliased(last))
        case ["fqdn", *name]:
            found = addresses.unknown(name[-1] if name else "fqdn")
        case ["subnet", first, mask] | [first, mask]:
            found = addresses.masked(names.aliased(first), mask)
    return found


def service_members(words: list[str], group_protocol: str) -> list[Services | Named]:
    """A line within ``object service`` or an ``object-group``; raises `BadEntry` for what it is not."""
    match words:
        case ["group-object", name] | ["service-object", "object", name]:
            return [Named(name)]
        case ["port-object", *rest]:
            ports = take_ports(Words(rest), PORT_NAMES, several=False)
            if ports is ANY_PORT:
                raise BadEntry
            return [(service(one, ANY_PORT, ports),) for one in _both(group_protocol)]
        case ["protocol-object", one]:
            return [(service(one, ANY_PORT, ANY_PORT),)]
        case ["icmp-object", *rest]:
            return [(unknown_service(f"icmp {' '.join(rest[:2])}"),)]
        case [("service-object" | "service"), protocol, *rest]:
            return [_service_object(one, rest) for one in _both(protocol)]
    raise BadEntry


def _service_object(protocol: str, rest: list[str]) -> Services:
    words = Words(rest)
    sides: dict[str, Ports] = {"source": ANY_PORT, "destination": ANY_PORT}
    if words.peek() and protocol not in WITH_PORTS:
        return (unknown_service(f"{protocol} {' '.join(rest[:2])}"),)
    while words.peek():
        # Old releases left the word ``destination`` out.
        side = words.take() if words.peek() in sides else "destination"
        before = words.at
        sides[side] = take_ports(words, PORT_NAMES, several=False)
        if words.at == before:
            raise BadEntry
    return (service(protocol, sides["source"], sides["destination"]),)


def _both(protocol: str) -> tuple[str, ...]:
    return ("tcp", "udp") if protocol == "tcp-udp" else (protocol or "any",)
