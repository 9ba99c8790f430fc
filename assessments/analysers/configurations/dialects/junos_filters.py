"""Read the stateless firewall filters of a Juniper configuration."""

from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.dialects.word_tree import Node
from assessments.analysers.configurations.objects import Book, address_book
from assessments.analysers.configurations.protocols import unknown_service
from assessments.analysers.configurations.rules import (
    ANY_SERVICE,
    Action,
    Addresses,
    Direction,
    Family,
    Range,
    Rule,
    Scope,
    Service,
)

_FAMILIES: Final[dict[str, Family]] = {"inet": "ipv4", "inet6": "ipv6"}
_ACTIONS: Final[dict[str, Action]] = {"accept": "accept", "discard": "drop", "reject": "reject"}
_STATES: Final = {"tcp-established": "established", "tcp-initial": "new"}
# Modifiers that count, mark or limit and leave the decision as it is.
_QUIET: Final = frozenset(("count", "log", "syslog", "sample", "port-mirror", "next"))


@dataclass(slots=True)
class _Filter:
    """A filter with the interfaces it stands on."""

    family: Family
    node: Node
    name: str
    entering: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)

    @property
    def where(self) -> tuple[str, ...]:
        return tuple([f"{one} input" for one in self.entering] + [f"{one} output" for one in self.leaving])

    @property
    def direction(self) -> Direction:
        """A filter on the loopback guards the device itself."""
        places = {*self.entering, *self.leaving}
        if places and all(place.startswith("lo0") for place in places):
            return "in" if self.entering else "out"
        return "forward" if places else ""


def prefix_lists(top: Node) -> Book[Addresses]:
    """Lists of prefixes; one that is filled from elsewhere in the configuration is unknown."""
    book = address_book()
    for node in top.under("policy-options", "prefix-list"):
        members = [
            addresses.address(word) or addresses.unknown(node.word)
            for word in node.words()
            if word != "description"
        ]
        book.define(node.word, members, kind="list", first_line=node.first_line, last_line=node.last_line)
    return book


class Filters:
    """Reads the filters under ``firewall`` into scopes, and their terms into rules."""

    def __init__(self, top: Node, prefix: str, lists: Book[Addresses], cut: set[Node]) -> None:
        self._prefix, self._lists, self._cut = prefix, lists, cut
        self._filters: dict[tuple[Family, str], _Filter] = {}
        for node in top.under("firewall", "filter"):
            self._filters["ipv4", node.word] = _Filter("ipv4", node, node.word)
        for word, family in _FAMILIES.items():
            for node in top.under("firewall", "family", word, "filter"):
                self._filters[family, node.word] = _Filter(family, node, node.word)
        self._apply(top)

    def _apply(self, top: Node) -> None:
        for interface in top.under("interfaces"):
            for unit in interface.under("unit"):
                place = f"{interface.word}.{unit.word}"
                for word, family in _FAMILIES.items():
                    said = unit.get("family", word, "filter")
                    if said is None or said.inactive:
                        continue
                    for name in (*said.words("input"), *said.words("input-list")):
                        if found := self._filters.get((family, name)):
                            found.entering.append(place)
                    for name in (*said.words("output"), *said.words("output-list")):
                        if found := self._filters.get((family, name)):
                            found.leaving.append(place)

    def filtered_families(self) -> set[Family]:
        return {one.family for one in self._filters.values() if one.entering or one.leaving}

    def read(self, number: int, room: int) -> tuple[list[Scope], list[Rule]]:
        scopes: list[Scope] = []
        rules: list[Rule] = []
        for one in self._filters.values():
            inet6 = "inet6 " if one.family == "ipv6" else ""
            scope = f"{self._prefix}{inet6}filter {one.name}"
            scopes.append(
                Scope(
                    scope,
                    "drop",
                    family=one.family,
                    direction=one.direction,
                    applied=bool(one.entering or one.leaving),
                    where=one.where,
                    stateful=False,
                )
            )
            terms = one.node.get("term")
            order = 0
            for term in terms.children.values() if terms else ():
                # A term that the file ends inside would accept what its lost half forbids.
                if term in self._cut or len(rules) >= room:
                    continue
                order += 1
                rules.append(self._term(term, one, scope, number + len(rules), order))
        return scopes, rules

    def _term(self, term: Node, one: _Filter, scope: str, number: int, order: int) -> Rule:
        match = _Match(one.family, self._lists)
        match.take(term)
        then = [node.word for node in term.under("then")]
        logging = "log" in then or "syslog" in then
        return Rule(
            number,
            scope,
            order,
            _action(term, then, logging=logging),
            term.first_line,
            term.last_line,
            name=term.word,
            target=_target(term),
            family=one.family,
            direction=one.direction,
            interfaces_in=tuple(one.entering),
            interfaces_out=tuple(one.leaving),
            sources=match.sources or addresses.any_of(one.family),
            destinations=match.destinations or addresses.any_of(one.family),
            services=match.services(),
            states=tuple(match.states),
            conditions=tuple(match.conditions),
            references=tuple(dict.fromkeys(match.references)),
            logging=logging,
            enabled=not term.inactive,
        )


def _action(term: Node, then: list[str], *, logging: bool) -> Action:
    """What no terminal action ends is accepted (Junos), unless the next term is asked for."""
    for word in then:
        if word in _ACTIONS:
            return _ACTIONS[word]
    if term.has("then", "next"):
        return "log" if logging else "other"
    return "accept"


def _target(term: Node) -> str:
    extra = [node for node in term.under("then") if node.word not in _QUIET and node.word not in _ACTIONS]
    return ", ".join(" ".join((node.word, *list(node.children)[:1])) for node in extra)


class _Match:
    """What the ``from`` of one term narrows."""

    def __init__(self, family: Family, lists: Book[Addresses]) -> None:
        self._family, self._lists = family, lists
        self.sources: Addresses | None = None
        self.destinations: Addresses | None = None
        self.states: list[str] = []
        self.conditions: list[str] = []
        self.references: list[str] = []
        self._protocols: list[str] = []
        self._ports: dict[str, tuple[Range, ...] | None] = {}

    def take(self, term: Node) -> None:
        sides: dict[str, tuple[list[Addresses], list[Addresses]]] = {}
        for node in term.under("from"):
            side = _SIDES.get(node.word)
            if side:
                kept, removed = sides.setdefault(side, ([], []))
                self._addresses(node, kept, removed)
            elif node.word in ("protocol", "next-header", "payload-protocol"):
                self._protocols += node.words()
            elif node.word in ("destination-port", "source-port", "port"):
                self._ports[node.word] = protocols.port_ranges(node.words(), _PORT_NAMES)
            elif node.word in _STATES:
                self.states.append(_STATES[node.word])
                self._protocols = self._protocols or ["tcp"]
            else:
                self.conditions.append(" ".join((node.word, *node.words())))
        self.sources = self._side(sides.get("source"))
        self.destinations = self._side(sides.get("destination"))
        if "either" in sides:
            told = self._side(sides["either"])
            self.conditions.append(f"address {told.text if told else ''}".strip())

    def _addresses(self, node: Node, kept: list[Addresses], removed: list[Addresses]) -> None:
        listed = node.word.endswith("prefix-list")
        for one in node.under():
            if listed:
                self.references.append(one.word)
                found = self._lists.use(one.word)
            else:
                found = addresses.address(one.word) or addresses.unknown(one.word)
            (removed if one.has("except") else kept).append(found)

    def _side(self, parts: tuple[list[Addresses], list[Addresses]] | None) -> Addresses | None:
        if not parts:
            return None
        kept, removed = parts
        text = ", ".join([*(one.text for one in kept), *(f"!{one.text}" for one in removed)])
        # Only exceptions match nothing by themselves; Junos wants a ``0/0`` beside them.
        whole = addresses.of_family(addresses.united(text, kept), self._family)
        return addresses.without(text, whole, addresses.united(text, removed)) if removed else whole

    def services(self) -> tuple[Service, ...]:
        named = [(word, protocols.protocol(word)) for word in self._protocols] or [("any", "any")]
        if any(ranges is None for ranges in self._ports.values()):
            return (unknown_service(" ".join(self._protocols)),)
        ports = self._ports.get("destination-port") or ()
        source_ports = self._ports.get("source-port") or ()
        either = self._ports.get("port")
        found: list[Service] = []
        for word, keyword in named:
            if keyword is None:
                found.append(unknown_service(word))
            elif either:
                found.append(Service(keyword, either, (), word))
                found.append(Service(keyword, (), either, word))
            elif keyword == "any" and not (ports or source_ports):
                found.append(ANY_SERVICE)
            else:
                found.append(Service(keyword, ports, source_ports, word))
        return tuple(found)


_SIDES: Final = {
    "source-address": "source",
    "source-prefix-list": "source",
    "destination-address": "destination",
    "destination-prefix-list": "destination",
    "address": "either",
    "prefix-list": "either",
}
# Where Juniper names a port otherwise than IANA.
_PORT_NAMES: Final = {"radacct": 1813, "kerberos-sec": 88, "snmptrap": 162, "dhcp": 67, "mobileip-mn": 435}
