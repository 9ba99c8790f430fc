"""Addresses, services and applications that a Palo Alto configuration names."""

from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.dialects.panos_applications import standard_services
from assessments.analysers.configurations.dialects.word_tree import Node
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.objects import (
    Book,
    Named,
    Services,
    address_book,
    service_book,
)
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    ANY_SERVICE,
    Addresses,
    NamedObject,
    Service,
)

_PREDEFINED: Final[dict[str, Services]] = {
    "service-http": (Service("tcp", ((80, 80), (8080, 8080)), (), "service-http"),),
    "service-https": (Service("tcp", ((443, 443),), (), "service-https"),),
}
_MAX_APPLICATIONS: Final = 10_000


class Objects:
    """What the rules of one system or device group may name: its own objects, then the shared ones."""

    def __init__(self, own: Node, shared: Node | None, unread: UnreadLines) -> None:
        self._unread = unread
        self.addresses: Book[Addresses] = address_book()
        self.services: Book[Services] = service_book()
        self._groups: dict[str, Node] = {}
        self._group_uses: dict[str, int] = {}
        self._lists: dict[str, Node] = {}
        places = [own] if shared is None or shared is own else [own, shared]
        for place in places:
            self._read_addresses(place)
            self._read_services(place)
            for node in place.under("application-group"):
                self._groups.setdefault(node.word, node)
            for node in place.under("external-list"):
                self._lists.setdefault(node.word, node)

    def _read_addresses(self, place: Node) -> None:
        # An object of the system itself hides the shared one of the same name.
        hidden = {name for kind in _ADDRESS_KINDS for name in place.words(kind) if name in self.addresses}
        for node in place.under("address"):
            if node.word not in hidden:
                self._define(self.addresses, node, [self._address(node)], "address")
        for node in place.under("address-group"):
            if node.word in hidden:
                continue
            members: list[Addresses | Named] = [Named(name) for name in node.words("static")]
            if node.has("dynamic"):
                members = [addresses.unknown(node.word)]
            self._define(self.addresses, node, members, "group")
        for node in place.under("external-list"):
            if node.word not in self.addresses:
                self._define(self.addresses, node, [addresses.unknown(node.word)], "list")

    def _read_services(self, place: Node) -> None:
        hidden = {name for kind in _SERVICE_KINDS for name in place.words(kind) if name in self.services}
        for node in place.under("service"):
            if node.word not in hidden:
                self._define(self.services, node, [self._service(node)], "service")
        for node in place.under("service-group"):
            if node.word not in hidden:
                members = [_PREDEFINED.get(name, Named(name)) for name in node.words("members")]
                self._define(self.services, node, members, "group")

    def _define(self, book: Book, node: Node, members: list, kind: str) -> None:
        book.define(
            node.word,
            members,
            kind=kind,  # type: ignore[arg-type]
            first_line=node.first_line,
            last_line=node.last_line,
        )

    def _address(self, node: Node) -> Addresses:
        for kind in ("ip-netmask", "ip-range"):
            if told := node.value(kind):
                found = addresses.address(told)
                if found is None:
                    self._unread.bad_value(node.first_line, "address", last_line=node.last_line)
                return found or addresses.unknown(node.word)
        # A host name or a wildcard mask.
        return addresses.unknown(node.word)

    def _service(self, node: Node) -> Services:
        found = []
        for protocol in node.under("protocol"):
            ports = protocols.port_ranges(protocol.value("port").split(",")) if protocol.has("port") else ()
            source = protocol.value("source-port")
            source_ports = protocols.port_ranges(source.split(",")) if source else ()
            if ports is None or source_ports is None:
                self._unread.bad_value(node.first_line, "service", last_line=node.last_line)
                return (protocols.unknown_service(node.word),)
            found.append(Service(protocol.word, ports, source_ports, node.word))
        return tuple(found) or (protocols.unknown_service(node.word),)

    def use_addresses(self, names: tuple[str, ...], *, negated: bool) -> Addresses:
        parts = [self._used_address(name) for name in names] or [ANY_ADDRESS]
        whole = parts[0] if len(parts) == 1 else addresses.united(", ".join(names), parts)
        return addresses.inverted(whole, family="any") if negated else whole

    def _used_address(self, name: str) -> Addresses:
        if name in self.addresses:
            return self.addresses.use(name)
        if name == "any":
            return ANY_ADDRESS
        return addresses.address(name) or addresses.unknown(name)

    def use_services(self, names: tuple[str, ...], applications: tuple[str, ...]) -> Services:
        found: list[Service] = []
        for name in names:
            if name in self.services:
                found += self.services.use(name)
            elif name == "any":
                found.append(ANY_SERVICE)
            elif name == "application-default":
                found += standard_services(applications)
            else:
                found += _PREDEFINED.get(name) or (protocols.unknown_service(name),)
        return tuple(dict.fromkeys(found)) or (ANY_SERVICE,)

    def applications(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The applications behind the names, groups of groups opened; ``any`` alone is none."""
        found: dict[str, None] = {}
        entered: set[str] = set()
        waiting = list(reversed(names))
        while waiting and len(found) < _MAX_APPLICATIONS:
            name = waiting.pop()
            group = self._groups.get(name)
            if group is None:
                found[name] = None
            elif name not in entered:
                entered.add(name)
                waiting += reversed(group.words("members"))
        for name in names:
            if name in self._groups:
                self._group_uses[name] = self._group_uses.get(name, 0) + 1
        found.pop("any", None)
        return tuple(found)

    def named_objects(self) -> list[NamedObject]:
        uses = dict(self._group_uses)
        for node in self._groups.values():
            for name in node.words("members"):
                uses[name] = uses.get(name, 0) + 1
        groups = [
            NamedObject("group", node.word, node.first_line, node.last_line, uses.get(node.word, 0))
            for node in self._groups.values()
        ]
        return [*self.addresses.named_objects(), *self.services.named_objects(), *groups]

    @property
    def limit_reached(self) -> bool:
        return self.addresses.limit_reached or self.services.limit_reached


_ADDRESS_KINDS: Final = ("address", "address-group", "external-list")
_SERVICE_KINDS: Final = ("service", "service-group")
