"""Read the entries of IOS access lists and the members of IOS object groups."""

from typing import Final

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects.cisco_words import (
    ACTIONS,
    ANY_PORT,
    BadEntry,
    Entry,
    Words,
    service,
    take_ports,
)
from assessments.analysers.configurations.objects import Book, Named, Services
from assessments.analysers.configurations.protocols import WITH_PORTS, unknown_service
from assessments.analysers.configurations.rules import Addresses, Family, Service

PORT_NAMES: Final = {"drip": 3949, "onep-plain": 15001, "onep-tls": 15002}
_WITH_VALUE: Final = frozenset(("dscp", "precedence", "tos", "ttl", "option", "time-range", "flow-label"))
_PLAIN: Final = frozenset(("fragments", "routing", "undetermined-transport", "mobility", "auth", "hbh"))
_FLAGS: Final = frozenset(("ack", "fin", "psh", "rst", "syn", "urg"))


class Groups:
    """The object groups of the file, as entries need them."""

    def __init__(self, networks: Book[Addresses], services: Book[Services]) -> None:
        self.networks, self.services = networks, services


def standard(words: Words) -> Entry:
    """``permit 10.0.0.0 0.0.0.255 log``: what follows the sequence number of a standard list."""
    entry = _begun(words)
    entry.services = (Service("any", text="ip"),)
    if words.peek() == "any" or words.peek() == "host":
        entry.sources = _side(words, "ipv4", entry, None)
    else:
        first = words.take()
        mask = words.peek()
        if addresses.ipv4_number(mask) is None:
            entry.sources = addresses.address(first)
        else:
            entry.sources = addresses.wildcard(first, words.take())
    entry.destinations = addresses.any_of("ipv4")
    if entry.sources is None:
        raise BadEntry
    _options(words, entry)
    return entry


def extended(words: Words, family: Family, groups: Groups) -> Entry:
    """``permit tcp any host 192.0.2.1 eq www log``: an entry of an extended or IPv6 list."""
    entry = _begun(words)
    protocol = words.take()
    group: Services | None = None
    if protocol == "object-group":
        name = words.take()
        entry.references.append(name)
        group = groups.services.use(name)
    entry.sources = _side(words, family, entry, groups)
    source = take_ports(words, PORT_NAMES, several=True)
    entry.destinations = _side(words, family, entry, groups)
    destination = take_ports(words, PORT_NAMES, several=True)
    if group is None:
        # Within an IPv6 list the word means ICMPv6.
        spoken = "icmp6" if (family, protocol) == ("ipv6", "icmp") else protocol
        entry.services = (service(spoken, source, destination),)
    else:
        entry.services = group
        if source is not ANY_PORT or destination is not ANY_PORT:
            entry.conditions.append(f"{source.text} {destination.text}".strip())
    if protocol in ("icmp", "icmpv6", "58", "1", "igmp"):
        _message(words, entry, protocol)
    _options(words, entry)
    return entry


def _begun(words: Words) -> Entry:
    verb = words.take()
    if verb not in ACTIONS:
        raise BadEntry
    return Entry(ACTIONS[verb])


def _side(words: Words, family: Family, entry: Entry, groups: Groups | None) -> Addresses:
    first = words.take()
    if first == "any":
        return addresses.any_of(family)
    if first == "host":
        found = addresses.address(words.take())
    elif first == "object-group" and groups is not None:
        name = words.take()
        entry.references.append(name)
        found = addresses.of_family(groups.networks.use(name), family)
    elif family == "ipv6":
        found = addresses.address(first)
    else:
        found = addresses.wildcard(first, words.take())
    if found is None:
        raise BadEntry
    return found


def _message(words: Words, entry: Entry, protocol: str) -> None:
    """The type, with its code, of an ICMP message."""
    said = []
    while words.peek() and words.peek() not in (
        "log",
        "log-input",
        *_WITH_VALUE,
        *_PLAIN,
        "sequence",
        "reflect",
    ):
        said.append(words.take())
    if said:
        entry.conditions.append(f"{protocol}-type {' '.join(said[:3])}")


def _options(words: Words, entry: Entry) -> None:
    while words.peek():
        word = words.take()
        if word == "established":
            entry.states = ("established",)
        elif word in ("log", "log-input"):
            entry.logging = True
            break  # A cookie may follow: a tag, no match.
        elif word in _WITH_VALUE:
            entry.conditions.append(f"{word} {' '.join(words.rest()[:4])}")
        elif word in _PLAIN or word in _FLAGS:
            entry.conditions.append(word)
        elif word in ("match-any", "match-all"):
            entry.conditions.append(" ".join([word, *words.rest()[:8]]))
        elif word in ("sequence", "reflect", "timeout"):
            words.take()
        else:
            raise BadEntry


def network_member(words: list[str]) -> Addresses | Named | None:
    """A line within ``object-group network``."""
    found: Addresses | Named | None = None
    match words:
        case ["group-object", name]:
            found = Named(name)
        case ["any"]:
            found = addresses.any_of("any")
        case ["host", one] | [one]:
            found = addresses.address(one)
        case ["range", first, last]:
            found = addresses.between(f"{first}-{last}", first, last)
        case [first, mask]:
            found = addresses.address(first + mask) if mask[0] == "/" else addresses.masked(first, mask)
    return found


def service_members(words: list[str]) -> list[Services | Named]:
    """A line within ``object-group service``; raises `BadEntry` for what it is not."""
    if words[0] == "group-object":
        if len(words) != 2:
            raise BadEntry
        return [Named(words[1])]
    rest = Words(words)
    protocol = rest.take()
    names = ("tcp", "udp") if protocol == "tcp-udp" else (protocol,)
    source = ANY_PORT
    if rest.peek() == "source":
        rest.take()
        source = take_ports(rest, PORT_NAMES, several=False)
    destination = take_ports(rest, PORT_NAMES, several=False)
    if destination is ANY_PORT and rest.peek():
        if names[0] not in WITH_PORTS:
            # The type of a message narrows the service to what the model does not hold.
            return [(unknown_service(" ".join(words[:3])),)]
        # ``tcp www`` is short for ``tcp eq www``.
        destination = take_ports(Words(["eq", rest.take()]), PORT_NAMES, several=False)
    return [(service(name, source, destination),) for name in names]
