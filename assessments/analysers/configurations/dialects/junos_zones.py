"""Zones, address books and doors to the device of a Juniper configuration."""

from typing import Final

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects.word_tree import Node
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.objects import Book, Named, address_book
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    ANY_V4,
    ANY_V6,
    Addresses,
    ManagementAccess,
    NamedObject,
)

_ANY: Final = {"any": ANY_ADDRESS, "any-ipv4": ANY_V4, "any-ipv6": ANY_V6}
# How Juniper names the services that people manage a device with.
_DOORS: Final = {
    "ssh": "ssh",
    "telnet": "telnet",
    "http": "http",
    "https": "https",
    "snmp": "snmp",
    "netconf": "netconf",
    "ftp": "ftp",
    "finger": "finger",
    "tftp": "tftp",
    "rlogin": "rlogin",
    "rsh": "rsh",
    "xnm-clear-text": "xnm-clear-text",
    "xnm-ssl": "xnm-ssl",
    "reverse-telnet": "telnet",
    "reverse-ssh": "ssh",
}
_EVERYTHING: Final = frozenset(("all", "any-service"))


class AddressBooks:
    """The address books of one system: a zone sees its own before the global one."""

    def __init__(self, security: Node, unread: UnreadLines) -> None:
        self._unread = unread
        self._shared: Book[Addresses] = address_book()
        self._by_zone: dict[str, list[Book[Addresses]]] = {}
        self._all: list[Book[Addresses]] = [self._shared]
        for node in security.under("address-book"):
            zones = node.words("attach", "zone")
            self._read(node, self._shared if node.word == "global" or not zones else self._book(zones))
        for zone in security.under("zones", "security-zone"):
            if node_of_zone := zone.get("address-book"):
                self._read(node_of_zone, self._book((zone.word,)))

    def use(self, name: str, zones: tuple[str, ...]) -> Addresses:
        """What a policy between `zones` means by `name`, counted as a use."""
        if name in _ANY:
            return _ANY[name]
        own = [book for zone in zones for book in self._by_zone.get(zone, ()) if name in book]
        book = own[0] if own else self._shared
        if name in book:
            return book.use(name)
        return addresses.address(name) or book.use(name)

    def named_objects(self) -> list[NamedObject]:
        return [one for book in self._all for one in book.named_objects()]

    @property
    def limit_reached(self) -> bool:
        return any(book.limit_reached for book in self._all)

    def _book(self, zones: tuple[str, ...]) -> Book[Addresses]:
        book = address_book()
        self._all.append(book)
        for zone in zones:
            self._by_zone.setdefault(zone, []).append(book)
        return book

    def _read(self, node: Node, book: Book[Addresses]) -> None:
        for one in node.under("address"):
            book.define(
                one.word,
                [self._address(one)],
                kind="address",
                first_line=one.first_line,
                last_line=one.last_line,
            )
        for one in node.under("address-set"):
            members = [Named(name) for name in (*one.words("address"), *one.words("address-set"))]
            book.define(one.word, members, kind="group", first_line=one.first_line, last_line=one.last_line)

    def _address(self, node: Node) -> Addresses:
        """A prefix, a range, a wildcard (``10.0.0.1/255.0.255.0``) or a host name, which is unknown."""
        start = next(iter(node.words("range-address")), "")
        if start:
            end = node.value("range-address", start, "to")
            return addresses.between(f"{start}-{end}", start, end) or self._bad(node)
        wildcard = node.value("wildcard-address")
        if wildcard:
            return addresses.address(wildcard) or self._bad(node)
        if node.has("dns-name"):
            return addresses.unknown(node.value("dns-name"))
        prefix = next((word for word in node.words() if word != "description"), "")
        return addresses.address(prefix) or self._bad(node)

    def _bad(self, node: Node) -> Addresses:
        self._unread.bad_value(node.first_line, "address", last_line=node.last_line)
        return addresses.unknown(node.word)


def doors_of(top: Node) -> list[ManagementAccess]:
    """What each zone lets in to the device itself; without zones, what the device answers on."""
    running = _running(top)
    zones = top.under("security", "zones", "security-zone")
    found = []
    for zone in zones:
        found += _opened(zone, zone.word, running)
        for interface in zone.under("interfaces"):
            found += _opened(interface, f"{zone.word} {interface.word}", running)
    return found if zones else list(running.values())


def _opened(node: Node, interface: str, running: dict[str, ManagementAccess]) -> list[ManagementAccess]:
    listed = node.under("host-inbound-traffic", "system-services")
    closed = {one.word for one in listed if one.has("except")}
    found: dict[str, Node] = {}
    for one in listed:
        if one.word in closed:
            continue
        if one.word in _EVERYTHING:
            # ``all`` opens what runs; a service that is named is open even when the file starts it elsewhere.
            names = sorted(running) or ["any"]
            found.update({name: one for name in names if name not in closed and name not in found})
        elif one.word in _DOORS:
            found[_DOORS[one.word]] = one
    return [
        ManagementAccess(name, interface, ANY_ADDRESS, one.first_line, one.last_line)
        for name, one in found.items()
    ]


def _running(top: Node) -> dict[str, ManagementAccess]:
    found = {}
    for one in top.under("system", "services"):
        if one.word == "web-management":
            pages = [page for page in one.under() if page.word in ("http", "https")]
            found.update({page.word: _door(page.word, page) for page in pages})
        elif one.word in _DOORS:
            found[_DOORS[one.word]] = _door(_DOORS[one.word], one)
    return found


def _door(service: str, node: Node) -> ManagementAccess:
    return ManagementAccess(service, "", ANY_ADDRESS, node.first_line, node.last_line)


def zones_of(security: Node, used: set[str]) -> list[NamedObject]:
    """Zones, with a use for each policy list that names them, and the screens that zones put up."""
    found = []
    screens: dict[str, int] = {}
    for zone in security.under("zones", "security-zone"):
        found.append(NamedObject("zone", zone.word, zone.first_line, zone.last_line, int(zone.word in used)))
        screen = zone.value("screen")
        screens[screen] = screens.get(screen, 0) + 1
    for screen_node in security.under("screen", "ids-option"):
        word = screen_node.word
        found.append(
            NamedObject("other", word, screen_node.first_line, screen_node.last_line, screens.get(word, 0))
        )
    return found
