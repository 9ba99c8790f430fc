"""Aliases of a pfSense or OPNsense configuration: hosts, networks and ports under a name."""

from collections.abc import Iterable
from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.dialects.xml_lines import Element
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.objects import (
    Book,
    Named,
    ObjectKind,
    Services,
    address_book,
    service_book,
)
from assessments.analysers.configurations.rules import Addresses, NamedObject, Range, Service

_OF_ADDRESSES: Final = frozenset(("host", "network", "networkgroup"))
_OF_PORTS: Final = frozenset(("port",))
_MAX_MEMBERS: Final = 50_000


class Aliases:
    """Address and port aliases; one that is fetched from elsewhere or made at run time is unknown."""

    def __init__(self, unread: UnreadLines) -> None:
        self._unread = unread
        self._addresses: Book[Addresses] = address_book()
        self._ports: Book[Services] = service_book()

    def read(self, elements: Iterable[Element]) -> None:
        """Both products' forms: ``address`` with blanks between members, or ``content`` with lines."""
        complete = [one for one in elements if one.closed and one.value("enabled") != "0"]
        names = {one.value("name") for one in complete}
        for one in complete:
            name, kind = one.value("name"), one.value("type")
            words = (one.value("address") or one.value("content")).split()
            if len(words) > _MAX_MEMBERS:
                self._unread.limit(one.first_line, one.last_line, "alias")
                del words[_MAX_MEMBERS:]
            if not name:
                self._unread.bad_value(one.first_line, "alias", last_line=one.last_line)
            elif kind in _OF_PORTS:
                ports = [Named(word) if word in names else _port(word) for word in words]
                self._define(self._ports, one, ports, names.intersection(words), "service")
            elif kind in _OF_ADDRESSES:
                members = [Named(word) if word in names else _address(word) for word in words]
                self._define(self._addresses, one, members, names.intersection(words), "address")
            elif "port" in kind:
                self._define(self._ports, one, [(protocols.unknown_service(name),)], set(), "service")
            else:
                self._define(self._addresses, one, [addresses.unknown(name)], set(), "list")

    def _define(self, book: Book, one: Element, members: list, nested: set[str], kind: ObjectKind) -> None:
        book.define(
            one.value("name"),
            members,
            kind="group" if nested else kind,
            first_line=one.first_line,
            last_line=one.last_line,
        )

    def use_addresses(self, word: str) -> Addresses | None:
        """What an alias of this name stands for, counted as a use; None when there is none."""
        return self._addresses.use(word) if word in self._addresses else None

    def use_ports(self, word: str) -> tuple[Range, ...] | None:
        """The ports of an alias, a name or a range; None when they cannot be told."""
        if word in self._ports:
            found = self._ports.use(word)
            if not all(one.known for one in found):
                return None
            return protocols.port_ranges(f"{first}-{last}" for one in found for first, last in one.ports)
        return _ranges(word)

    def has(self, word: str) -> bool:
        return word in self._addresses or word in self._ports

    def named_objects(self) -> list[NamedObject]:
        found = [*self._addresses.named_objects(), *self._ports.named_objects()]
        return sorted(found, key=lambda one: one.first_line)

    @property
    def limit_reached(self) -> bool:
        return self._addresses.limit_reached or self._ports.limit_reached


def _address(word: str) -> Addresses:
    """A host name or an exclusion (``!10.0.0.1``) cannot be told."""
    return addresses.address(word) or addresses.unknown(word)


def _ranges(word: str) -> tuple[Range, ...] | None:
    found = protocols.port_range(word)
    return (found,) if found else None


def _port(word: str) -> Services:
    ranges = _ranges(word)
    return (Service("any", ranges, (), word),) if ranges else (protocols.unknown_service(word),)
