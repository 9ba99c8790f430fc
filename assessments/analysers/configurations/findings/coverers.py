"""Find the rules that may cover a rule without comparing each with each."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from assessments.analysers.configurations.findings.covering import Profile, Ranges
from assessments.analysers.configurations.rules import Service

_PORT_BITS: Final = 16
# A rule with more combinations is filed under fewer and wider ones.
_MOST_KEYS: Final = 64
_MOST_INTERFACES: Final = 4
_EVERY: Final = "*"
# Marks what is filed by its source ports, as a rule without destination ports is.
_FROM: Final = " from"

_NO_INTERFACES: Final = (("", ""),)

Prefix = tuple[int, int]


class Coverers:
    """Rules filed by the smallest prefixes that hold their protocol, ports, sources and destinations.

    A rule that covers another holds each single packet of it, so that looking one packet up finds every
    coverer, among others that are then compared in full. A look-up takes as many steps as there are lengths
    of prefixes on its way.
    """

    def __init__(self) -> None:
        self._root: dict[Any, Any] = {}

    def add(self, one: Profile, at: int) -> None:
        """File a rule; those filed first are found first."""
        services, interfaces = _service_keys(one.services), _interface_keys(one)
        if not services:
            return  # None of its services can be told: it covers nothing.
        for side in one.sides:
            bits = 128 if side.is_v6 else 32
            sources, destinations = side.sources or (), side.destinations or ()
            wide = len(services) * len(interfaces)
            source_keys = _prefixes(sources, bits, max(1, _MOST_KEYS // wide))
            room = max(1, _MOST_KEYS // (wide * len(source_keys)))
            destination_keys = _prefixes(destinations, bits, room)
            for interface in interfaces:
                for protocol, port in services:
                    roots = self._root.setdefault((side.is_v6, protocol), {})
                    node = roots.setdefault(interface, {})
                    node = _below(node, port)
                    for source in source_keys:
                        inner = _below(node, source)
                        for destination in destination_keys:
                            _leaf(inner, destination).append(at)

    def of(self, one: Profile) -> Iterator[list[int]]:
        """Lists of filed rules, each list in the order of filing, that hold a packet of this rule."""
        if not one.sides or not one.services:
            return
        side = one.sides[0]
        bits = 128 if side.is_v6 else 32
        service = one.services[0]
        for root, port in self._roots(one, side.is_v6, service):
            for ports in _held(root, port, _PORT_BITS):
                for sources in _held(ports, _first(side.sources), bits):
                    yield from _held(sources, _first(side.destinations), bits)

    def _roots(self, one: Profile, is_v6: bool, service: Service) -> Iterator[tuple[Any, int | None]]:
        """What may hold the rule by interfaces and protocol, with the port to look up in it."""
        port, source_port = (_first(ranges if service.known else ()) for ranges in _both(service))
        keys = _interface_lookups(one)
        named = service.known and service.protocol != "any"
        names = (service.protocol, "any", _EVERY) if named else ("any", _EVERY)
        for name in names:
            for protocol, number in ((name, port), (name + _FROM, source_port)):
                roots = self._root.get((is_v6, protocol))
                if roots is not None:
                    yield from ((roots[key], number) for key in keys if key in roots)


def _both(service: Service) -> tuple[Ranges, Ranges]:
    return service.ports, service.source_ports


def _first(ranges: Ranges | None) -> int | None:
    return ranges[0][0] if ranges else None


def _held(node: dict[int, dict[int, Any]], number: int | None, bits: int) -> Iterator[Any]:
    """What is filed under the prefixes that hold `number`; without one, under the prefix that holds all."""
    for length, table in node.items():
        if number is None:
            if length == 0:
                yield table[0]
        else:
            found = table.get(number >> (bits - length))
            if found is not None:
                yield found


def _below(node: dict[int, dict[int, Any]], prefix: Prefix) -> dict[int, dict[int, Any]]:
    found: dict[int, dict[int, Any]] = node.setdefault(prefix[0], {}).setdefault(prefix[1], {})
    return found


def _leaf(node: dict[int, dict[int, Any]], prefix: Prefix) -> list[int]:
    found: list[int] = node.setdefault(prefix[0], {}).setdefault(prefix[1], [])
    return found


def _prefixes(ranges: Ranges, bits: int, most: int) -> list[Prefix]:
    """The smallest prefix around each range, or the one around all of them."""
    if len(ranges) > most:
        ranges = ((ranges[0][0], ranges[-1][1]),)
    return list(dict.fromkeys(_around(first, last, bits) for first, last in ranges))


def _around(first: int, last: int, bits: int) -> Prefix:
    length = bits - (first ^ last).bit_length()
    return length, first >> (bits - length)


def _service_keys(services: Iterable[Service]) -> list[tuple[str, Prefix]]:
    found: dict[tuple[str, Prefix], None] = {}
    for one in services:
        if one.known:
            only_from = not one.ports and bool(one.source_ports)
            name = one.protocol + _FROM if only_from else one.protocol
            for first, last in one.ports or one.source_ports or ((0, 65_535),):
                found[name, _around(first, last, _PORT_BITS)] = None
    return list(found) if len(found) <= _MOST_KEYS // 4 else [(_EVERY, (0, 0))]


def _interface_keys(one: Profile) -> list[tuple[str, str]]:
    ins, outs = one.rule.interfaces_in or ("",), one.rule.interfaces_out or ("",)
    return [(first, second) for first in _few(ins) for second in _few(outs)]


def _interface_lookups(one: Profile) -> tuple[tuple[str, str], ...]:
    """What a coverer of this rule may be filed under."""
    ins, outs = one.rule.interfaces_in[:1], one.rule.interfaces_out[:1]
    if not ins and not outs:
        return _NO_INTERFACES
    sides = (("", _EVERY, *ins) if ins else ("",), ("", _EVERY, *outs) if outs else ("",))
    return tuple((first, second) for first in sides[0] for second in sides[1])


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) <= _MOST_INTERFACES else (_EVERY,)
