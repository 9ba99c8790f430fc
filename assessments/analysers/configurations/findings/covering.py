"""Tell whether one rule matches every packet that another matches, or may match some of them."""

from dataclasses import dataclass
from typing import Final

from assessments.analysers.configurations.addresses import covers, overlap
from assessments.analysers.configurations.rules import V4_MOST, V6_MOST, Addresses, Range, Rule, Service

Ranges = tuple[Range, ...]
_WHOLE_V4: Final = ((0, V4_MOST),)
_WHOLE_V6: Final = ((0, V6_MOST),)
_ENDS: Final = frozenset(("accept", "drop", "reject", "return"))


@dataclass(frozen=True, slots=True)
class Sides:
    """Source and destination ranges of one family; None where they cannot be told."""

    is_v6: bool
    sources: Ranges | None
    destinations: Ranges | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A rule ready to be compared; without sides it matches nothing."""

    rule: Rule
    sides: tuple[Sides, ...]
    services: tuple[Service, ...]
    weight: int

    @property
    def decides(self) -> bool:
        """Whether the rule ends the way of every packet that it says it matches."""
        return (
            self.rule.action in _ENDS
            and not self.rule.conditions
            and all(side.sources is not None and side.destinations is not None for side in self.sides)
        )


def profile(rule: Rule) -> Profile:
    """The parts of a rule that count for a comparison."""
    sides = []
    for is_v6 in (False, True):
        if rule.family == ("ipv4" if is_v6 else "ipv6"):
            continue
        sources, destinations = _ranges(rule.sources, is_v6), _ranges(rule.destinations, is_v6)
        # A known side without an address of the family matches none of its packets.
        if sources != () and destinations != ():
            sides.append(Sides(is_v6, sources, destinations))
    weight = 1 + sum(len(side.sources or ()) + len(side.destinations or ()) for side in sides) // 8
    return Profile(rule, tuple(sides), rule.services, weight + len(rule.services))


def is_covered(inner: Profile, outer: Profile) -> bool:
    """Whether `outer` certainly matches every packet that `inner` matches."""
    one, other = inner.rule, outer.rule
    return (
        (other.direction in ("", one.direction))
        and _names_covered(one.interfaces_in, other.interfaces_in)
        and _names_covered(one.interfaces_out, other.interfaces_out)
        and (not other.states or (bool(one.states) and set(one.states) <= set(other.states)))
        and _services_covered(inner.services, outer.services)
        and _sides_covered(inner.sides, outer.sides)
    )


def may_overlap(one: Profile, other: Profile) -> bool:
    """Whether some packet may match both; in doubt it may."""
    states = set(one.rule.states), set(other.rule.states)
    if states[0] and states[1] and not states[0] & states[1]:
        return False
    if not any(_service_overlaps(here, there) for here in one.services for there in other.services):
        return False
    return any(
        here.is_v6 == there.is_v6
        and _may_share(here.sources, there.sources)
        and _may_share(here.destinations, there.destinations)
        for here in one.sides
        for there in other.sides
    )


def _ranges(addresses: Addresses, is_v6: bool) -> Ranges | None:
    if not addresses.known:
        return None
    return addresses.v6 if is_v6 else addresses.v4


def _names_covered(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return not outer or (bool(inner) and set(inner) <= set(outer))


def _sides_covered(inner: tuple[Sides, ...], outer: tuple[Sides, ...]) -> bool:
    by_family = {side.is_v6: side for side in outer}
    for side in inner:
        other = by_family.get(side.is_v6)
        if other is None:
            return False
        whole = _WHOLE_V6 if side.is_v6 else _WHOLE_V4
        if not _range_covered(side.sources, other.sources, whole):
            return False
        if not _range_covered(side.destinations, other.destinations, whole):
            return False
    return bool(inner)


def _range_covered(inner: Ranges | None, outer: Ranges | None, whole: Ranges) -> bool:
    if outer is None:
        return False
    if outer == whole:
        return True
    return inner is not None and (inner is outer or covers(outer, inner))


def _services_covered(inner: tuple[Service, ...], outer: tuple[Service, ...]) -> bool:
    return bool(inner) and all(any(_service_covered(one, other) for other in outer) for one in inner)


def _service_covered(one: Service, other: Service) -> bool:
    if not other.known:
        return False
    if other.protocol == "any" and not other.ports and not other.source_ports:
        return True
    if not one.known or other.protocol not in ("any", one.protocol):
        return False
    return _ports_covered(one.ports, other.ports) and _ports_covered(one.source_ports, other.source_ports)


def _ports_covered(inner: Ranges, outer: Ranges) -> bool:
    return not outer or (bool(inner) and covers(outer, inner))


def _service_overlaps(one: Service, other: Service) -> bool:
    if not one.known or not other.known:
        return True
    if "any" not in (one.protocol, other.protocol) and one.protocol != other.protocol:
        return False
    return _ports_share(one.ports, other.ports) and _ports_share(one.source_ports, other.source_ports)


def _ports_share(one: Ranges, other: Ranges) -> bool:
    return not one or not other or overlap(one, other)


def _may_share(one: Ranges | None, other: Ranges | None) -> bool:
    return one is None or other is None or overlap(one, other)
