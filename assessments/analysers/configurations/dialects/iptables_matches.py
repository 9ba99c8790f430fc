"""Take the words of one iptables rule apart into what it matches and what it does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.rules import ANY_SERVICE, Action, Addresses, Family, Range, Service

_TARGETS: Final[dict[str, Action]] = {
    "ACCEPT": "accept",
    "DROP": "drop",
    "REJECT": "reject",
    "RETURN": "return",
    "LOG": "log",
    "NFLOG": "log",
    "ULOG": "log",
    "SNAT": "nat",
    "DNAT": "nat",
    "MASQUERADE": "nat",
    "REDIRECT": "nat",
    "NETMAP": "nat",
    "TARPIT": "drop",
}
# Targets that change or mark a packet and let it go on.
_OTHER_TARGETS: Final = frozenset(
    (
        *(
            "AUDIT",
            "CHECKSUM",
            "CLASSIFY",
            "CLUSTERIP",
            "CONNMARK",
            "CONNSECMARK",
            "CT",
            "DNPT",
            "DSCP",
            "ECN",
        ),
        *("HL", "HMARK", "IDLETIMER", "LED", "MARK", "NFQUEUE", "NOTRACK", "QUEUE", "RATEEST", "SECMARK"),
        *("SET", "SNPT", "SYNPROXY", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TPROXY", "TRACE", "TTL"),
    )
)
# Modules that narrow nothing by themselves: only their options do.
_PLAIN_MODULES: Final = frozenset(
    ("tcp", "udp", "sctp", "dccp", "icmp", "icmp6", "conntrack", "state", "multiport", "comment", "iprange")
)


@dataclass(slots=True)
class Match:
    """One rule while its words are being taken."""

    family: Family
    action: Action = "other"
    target: str = ""
    sources: Addresses | None = None
    destinations: Addresses | None = None
    interfaces_in: tuple[str, ...] = ()
    interfaces_out: tuple[str, ...] = ()
    protocol: str = "any"
    protocol_known: bool = True
    ports: tuple[Range, ...] = ()
    source_ports: tuple[Range, ...] = ()
    port_words: list[str] = field(default_factory=list)
    either_port: bool = False
    states: tuple[str, ...] = ()
    conditions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    comment: str = ""


Taker = Callable[[Match, str, bool], None]


def take(words: list[str], family: Family) -> Match | None:
    """What the words after the chain's name say; None when an option lacks its value."""
    match = Match(family)
    at = 0
    negated = False
    while at < len(words):
        word = words[at]
        at += 1
        if word == "!":
            negated = True
            continue
        taker = _OPTIONS.get(word)
        if taker:
            if at >= len(words):
                return None
            value = words[at]
            at += 1
            # Old versions wrote ``-s ! 10.0.0.0/8``.
            if value == "!" and at < len(words):
                negated, value = True, words[at]
                at += 1
            taker(match, value, negated)
        elif word in ("-m", "--match"):
            at = _module(match, words, at)
        else:
            at = _condition(match, words, at, negated)
        negated = False
    return match


def _module(match: Match, words: list[str], at: int) -> int:
    name = words[at] if at < len(words) else ""
    follows = words[at + 1] if at + 1 < len(words) else ""
    if name not in _PLAIN_MODULES and not follows.startswith("--"):
        match.conditions.append(name)
    return at + 1


def _condition(match: Match, words: list[str], at: int, negated: bool) -> int:
    """An option this model has no place for, with its values, becomes a condition in the file's words."""
    start = at - 1
    while at < len(words) and words[at] != "!" and not words[at].startswith("-"):
        at += 1
    if match.target:
        return at  # What follows the target are its own options: they narrow nothing.
    spoken = " ".join(words[start:at]).removeprefix("--")
    if words[start] == "--match-set" and at > start + 1:
        match.references.append(words[start + 1])
    match.conditions.append(f"!{spoken}" if negated else spoken)
    return at


def services_of(match: Match) -> tuple[Service, ...]:
    text = " ".join([match.protocol, *match.port_words])
    if not match.protocol_known:
        return (Service("any", text=text, known=False),)
    if match.either_port:
        return (
            Service(match.protocol, match.ports, (), text),
            Service(match.protocol, (), match.ports, text),
        )
    if match.protocol == "any" and not match.port_words:
        return (ANY_SERVICE,)
    return (Service(match.protocol, match.ports, match.source_ports, text),)


def _address(match: Match, value: str, negated: bool) -> Addresses:
    parts = [addresses.address(word) or addresses.unknown(word) for word in value.split(",")[:10_000]]
    whole = addresses.of_family(addresses.united(value, parts), match.family)
    return addresses.inverted(whole, family=match.family) if negated else whole


def _narrowed(match: Match, before: Addresses | None, one: Addresses) -> Addresses:
    """Two matches on the same side both have to hold."""
    if before is None:
        return one
    text = f"{before.text} {one.text}"
    if not (before.known and one.known):
        return addresses.unknown(text)
    rest = addresses.inverted(one, family=match.family)
    return addresses.without(text, before, rest)


def _sources(match: Match, value: str, negated: bool) -> None:
    match.sources = _narrowed(match, match.sources, _address(match, value, negated))


def _destinations(match: Match, value: str, negated: bool) -> None:
    match.destinations = _narrowed(match, match.destinations, _address(match, value, negated))


def _interface_in(match: Match, value: str, negated: bool) -> None:
    if value != "+":
        match.interfaces_in = (f"!{value}" if negated else value,)


def _interface_out(match: Match, value: str, negated: bool) -> None:
    if value != "+":
        match.interfaces_out = (f"!{value}" if negated else value,)


def _protocol(match: Match, value: str, negated: bool) -> None:
    name = protocols.protocol(value)
    match.protocol = name or value.lower()
    match.protocol_known = name is not None and not negated
    if negated:
        match.protocol = f"!{match.protocol}"


def _ranges(match: Match, value: str, negated: bool) -> tuple[Range, ...]:
    found = protocols.port_ranges(value.split(",")[:1000])
    if found is None:
        match.protocol_known = False
        match.port_words.append(value)
        return ()
    match.port_words.append(f"!{value}" if negated else value)
    return protocols.inverted_ports(found) if negated else found


def _ports_to(match: Match, value: str, negated: bool) -> None:
    match.ports = _ranges(match, value, negated)


def _ports_from(match: Match, value: str, negated: bool) -> None:
    match.source_ports = _ranges(match, value, negated)


def _ports_either(match: Match, value: str, negated: bool) -> None:
    match.ports = _ranges(match, value, False)
    match.either_port = True
    if negated:
        match.protocol_known = False


def _states(match: Match, value: str, negated: bool) -> None:
    if negated:
        match.conditions.append(f"!ctstate {value}")
    else:
        match.states = tuple(sorted(one.strip().lower() for one in value.split(",") if one.strip()))


def _comment(match: Match, value: str, _negated: bool) -> None:
    match.comment = value


def _jump(match: Match, value: str, _negated: bool) -> None:
    match.target = value
    built_in: Action = "other" if value in _OTHER_TARGETS else "jump"
    match.action = _TARGETS.get(value, built_in)


_OPTIONS: Final[dict[str, Taker]] = {
    "-s": _sources,
    "--source": _sources,
    "--src": _sources,
    "--src-range": _sources,
    "-d": _destinations,
    "--destination": _destinations,
    "--dst": _destinations,
    "--dst-range": _destinations,
    "-i": _interface_in,
    "--in-interface": _interface_in,
    "-o": _interface_out,
    "--out-interface": _interface_out,
    "-p": _protocol,
    "--protocol": _protocol,
    "--dport": _ports_to,
    "--dports": _ports_to,
    "--destination-port": _ports_to,
    "--destination-ports": _ports_to,
    "--sport": _ports_from,
    "--sports": _ports_from,
    "--source-port": _ports_from,
    "--source-ports": _ports_from,
    "--ports": _ports_either,
    "--ctstate": _states,
    "--state": _states,
    "--comment": _comment,
    "-j": _jump,
    "--jump": _jump,
    "-g": _jump,
    "--goto": _jump,
}
