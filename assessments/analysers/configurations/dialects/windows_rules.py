"""Turn what Windows says of its firewall rules, in whichever form or language, into the one model."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from assessments.analysers.configurations import addresses, lines, protocols
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    ANY_SERVICE,
    Action,
    Addresses,
    Direction,
    Rule,
    Ruleset,
    Scope,
    Service,
)

WindowsAction = Literal["allow", "block", "bypass"]

_ACTIONS: Final[dict[WindowsAction, Action]] = {"allow": "accept", "block": "drop", "bypass": "accept"}
# A rule that bypasses blocks is weighed first, then any block beats any allow.
_WEIGHED: Final[dict[WindowsAction, int]] = {"bypass": 0, "block": 1, "allow": 2}
_DIRECTIONS: Final[dict[bool, tuple[str, Direction, Action]]] = {
    True: ("Inbound", "in", "drop"),
    False: ("Outbound", "out", "accept"),
}
_PROFILES: Final = ("Domain", "Private", "Public")
# Ports that Windows knows by a word; RPC's own are dealt out at run time.
_PORT_WORDS: Final = {
    "rpcepmap": "135",
    "rpc-epmap": "135",
    "iphttps": "443",
    "iphttpsin": "443",
    "iphttpsout": "443",
    "mdns": "5353",
}
_ICMP: Final = {"icmpv4": "icmp", "icmpv6": "ipv6-icmp"}
_MAX_WORDS: Final = 10_000
_NOT_TOLD: Final = "not in the file"


@dataclass(slots=True)
class Told:
    """What is said of one rule: words with ``any`` for all, None when the file does not say it at all."""

    first_line: int
    last_line: int
    name: str = ""
    description: str = ""
    enabled: bool = True
    inbound: bool | None = None
    action: WindowsAction | None = None
    profiles: tuple[str, ...] = ()
    local: Sequence[str] | None = None
    remote: Sequence[str] | None = None
    protocol: str | None = None
    local_ports: Sequence[str] = ()
    remote_ports: Sequence[str] = ()
    edge: bool = False
    narrowed: list[tuple[str, str]] = field(default_factory=list)


class WindowsReader:
    """Gathers rules into the two lists that Windows keeps, one for each direction."""

    def __init__(self, unread: UnreadLines) -> None:
        self.unread = unread
        self._found: list[tuple[WindowsAction, Rule]] = []

    @property
    def is_full(self) -> bool:
        return len(self._found) >= lines.MAX_RULES

    def add(self, told: Told) -> None:
        if told.inbound is None or told.action is None:
            self.unread.bad_value(told.first_line, "rule", last_line=told.last_line)
            return
        if self.is_full:
            self.unread.limit(told.first_line, told.last_line, "rule")
            return
        scope, direction, _ = _DIRECTIONS[told.inbound]
        local, remote = _addresses(told.local), _addresses(told.remote)
        rule = Rule(
            len(self._found) + 1,
            scope,
            0,
            _ACTIONS[told.action],
            told.first_line,
            told.last_line,
            name=told.name,
            target="edge traversal" if told.edge else "",
            family="any",
            direction=direction,
            sources=remote if told.inbound else local,
            destinations=local if told.inbound else remote,
            services=_services(told),
            conditions=_conditions(told),
            enabled=told.enabled,
            comment=" ".join(told.description.split()),
        )
        self._found.append((told.action, rule))

    def ruleset(self, text: str, dialect: str, hostname: str = "") -> Ruleset:
        """Windows weighs rules by what they do, so that the order within a list is by action, then by file.

        What is not allowed comes in on no port, and what is not blocked goes out: the defaults of every
        profile, which neither export says.
        """
        order: dict[str, int] = {}
        placed: dict[int, int] = {}
        for _, rule in sorted(self._found, key=lambda pair: (_WEIGHED[pair[0]], pair[1].number)):
            placed[rule.number] = order[rule.scope] = order.get(rule.scope, 0) + 1
        return Ruleset(
            dialect,
            hostname,
            lines.count_lines(text),
            tuple(
                Scope(name, default, family="any", direction=direction)
                for name, direction, default in _DIRECTIONS.values()
                if name in order
            ),
            tuple(replace(rule, order=placed[rule.number]) for _, rule in self._found),
            unread=self.unread.as_tuple(),
            # Every rule is for both families unless its addresses say otherwise.
            ipv6="filtered" if self._found else "unseen",
        )


def profiles_of(names: Sequence[str]) -> tuple[str, ...]:
    """The profiles in one order; all three are none, since every network has one of them."""
    found = tuple(name for name in _PROFILES if name in names)
    return () if len(found) == len(_PROFILES) else found


def _addresses(words: Sequence[str] | None) -> Addresses:
    if words is None:
        return addresses.unknown(_NOT_TOLD)
    if not words or "any" in words:
        return ANY_ADDRESS
    # ``LocalSubnet``, ``DNS`` and the like depend on where the computer stands.
    parts = [addresses.address(word) or addresses.unknown(word) for word in words[:_MAX_WORDS]]
    return parts[0] if len(parts) == 1 else addresses.united(", ".join(words), parts)


def _services(told: Told) -> tuple[Service, ...]:
    if told.protocol is None:
        return (protocols.unknown_service(_NOT_TOLD),)
    word = told.protocol.lower()
    if word == "any":
        return (ANY_SERVICE,)
    keyword = _ICMP.get(word) or protocols.protocol(word)
    near, far = _ports(told.local_ports), _ports(told.remote_ports)
    ports, source_ports = (near, far) if told.inbound else (far, near)
    shown = told.local_ports if told.inbound else told.remote_ports
    text = " ".join([told.protocol.upper(), *(shown if "any" not in shown else ())])
    if keyword is None or ports is None or source_ports is None:
        return (protocols.unknown_service(text),)
    return (Service(keyword, ports, source_ports, text),)


def _ports(words: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
    if not words or "any" in words:
        return ()
    return protocols.port_ranges(_PORT_WORDS.get(word.lower(), word) for word in words[:_MAX_WORDS])


def _conditions(told: Told) -> tuple[str, ...]:
    found = [f"profile {', '.join(told.profiles)}"] if told.profiles else []
    found += [f"{name} {value}" for name, value in told.narrowed]
    if told.action == "bypass":
        found.append("authenticated bypass")
    return tuple(found)
