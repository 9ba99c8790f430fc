"""Random rules of a small universe, and how three dialects write them."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

PORTS = (22, 53, 80, 443, 8080, 65535)


@dataclass(frozen=True)
class Plain:
    """One rule in plain values: networks as (address, length), ports as inclusive ranges."""

    accept: bool
    protocol: str
    source: tuple[int, int]
    destination: tuple[int, int]
    ports: tuple[int, int] | None
    logged: bool = False
    established: bool = False


def network(one: tuple[int, int]) -> tuple[int, int]:
    """The first and last address."""
    hosts = (1 << (32 - one[1])) - 1
    return one[0] & ~hosts, one[0] | hosts


def _dotted(number: int) -> str:
    return str(ipaddress.IPv4Address(number))


@st.composite
def plains(draw: st.DrawFn) -> Plain:
    protocol = draw(st.sampled_from(("any", "tcp", "udp", "icmp", "gre", "esp")))
    ends = sorted((draw(st.integers(0, 65_535)), draw(st.integers(0, 65_535))))
    ports = draw(st.sampled_from((None, (ends[0], ends[1]), (ends[0], ends[0]))))
    addresses = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32))
    return Plain(
        draw(st.booleans()),
        protocol,
        draw(addresses),
        draw(addresses),
        ports if protocol in ("tcp", "udp") else None,
        draw(st.booleans()),
        protocol == "tcp" and draw(st.booleans()),
    )


def as_iptables(rules: Sequence[Plain]) -> str:
    lines = ["*filter", ":INPUT DROP [0:0]"]
    for rule in rules:
        words = ["-A INPUT"]
        for option, one in (("-s", rule.source), ("-d", rule.destination)):
            if one[1]:
                words.append(f"{option} {_dotted(network(one)[0])}/{one[1]}")
        if rule.protocol != "any":
            words.append(f"-p {rule.protocol}")
        if rule.ports:
            first, last = rule.ports
            words.append(f"-m {rule.protocol} --dport {first if first == last else f'{first}:{last}'}")
        if rule.established:
            words.append("-m conntrack --ctstate ESTABLISHED")
        words.append("-j ACCEPT" if rule.accept else "-j DROP")
        lines.append(" ".join(words))
    return "\n".join([*lines, "COMMIT", ""])


def as_ios(rules: Sequence[Plain]) -> str:
    lines = ["ip access-list extended A"]
    for rule in rules:
        words = ["permit" if rule.accept else "deny", "ip" if rule.protocol == "any" else rule.protocol]
        words += [_cisco(rule.source, inverse=True), _cisco(rule.destination, inverse=True), *_ports(rule)]
        words += ["established"] if rule.established else []
        words += ["log"] if rule.logged else []
        lines.append(" " + " ".join(words))
    return "\n".join([*lines, ""])


def as_asa(rules: Sequence[Plain]) -> str:
    lines = []
    for rule in rules:
        words = ["access-list A extended", "permit" if rule.accept else "deny"]
        words += ["ip" if rule.protocol == "any" else rule.protocol]
        words += [_cisco(rule.source, inverse=False), _cisco(rule.destination, inverse=False), *_ports(rule)]
        words += ["log"] if rule.logged else []
        lines.append(" ".join(words))
    return "\n".join([*lines, ""])


def _cisco(one: tuple[int, int], *, inverse: bool) -> str:
    first, last = network(one)
    if one[1] == 0:
        return "any" if inverse else "any4"
    if one[1] == 32:
        return f"host {_dotted(first)}"
    hosts = first ^ last
    return f"{_dotted(first)} {_dotted(hosts if inverse else hosts ^ 0xFFFFFFFF)}"


def _ports(rule: Plain) -> list[str]:
    if not rule.ports:
        return []
    first, last = rule.ports
    return [f"eq {first}"] if first == last else [f"range {first} {last}"]
