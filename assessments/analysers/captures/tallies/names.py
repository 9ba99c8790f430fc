"""Names asked for by DNS, who asked for missing ones, and domains under which very many are asked."""

from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.captures.applications.dns import NO_SUCH_NAME, TYPES, header, question_name
from assessments.analysers.captures.tallies.caps import MAX_DOMAINS, MAX_NAMES, Caps

# Positions in the list kept for a name.
QUERIES: Final = 0
ANSWERS: Final = 1
MISSING: Final = 2
FIRST: Final = 3
LAST: Final = 4
# A label this long is rarely chosen by a person: encoded data uses as much of the 63 bytes as it can.
LONG_LABEL: Final = 30
# Second-level labels under which countries register (co.uk, com.au): the domain is one label longer there.
_REGISTRIES: Final = frozenset(("ac", "co", "com", "edu", "gov", "net", "or", "org"))
# What turns names around or finds services on the own network says nothing about a domain's owner.
_NO_DOMAINS: Final = ("in-addr.arpa", "ip6.arpa", "_tcp.local", "_udp.local", "local")


@dataclass(slots=True)
class Names:
    """`names` is keyed on the labels as sent; `clients` on the address that got the answers.

    A domain has [names below it, long ones among them, first packet, last packet].
    """

    caps: Caps
    names: dict[bytes, list[int]] = field(default_factory=dict)
    domains: dict[str, list[int]] = field(default_factory=dict)
    clients: dict[bytes, list[int]] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    queries: int = 0
    responses: int = 0
    missing: int = 0
    broken: int = 0

    def message(self, key: bytes, message: bytes, number: int) -> None:
        """Count one message of any of DNS, mDNS and LLMNR."""
        if len(message) < 12:
            self.broken += 1
            return
        _identifier, flags, questions, _answers, _authorities, _additional = header(message)
        response = flags & 0x8000
        if response:
            self.responses += 1
        else:
            self.queries += 1
        if not questions:
            return
        zero = message.find(b"\0", 12)
        raw = message[12:zero]
        seen = self.names.get(raw)
        if seen is None:
            seen = self._new(raw, zero, number)
            if seen is None:
                return
        seen[LAST] = number
        if response:
            seen[ANSWERS] += 1
            self._answered(key, seen, flags & 15, number)
        else:
            seen[QUERIES] += 1
            kind = (
                TYPES.get(message[zero + 1] << 8 | message[zero + 2], "other")
                if zero + 2 < len(message)
                else "other"
            )
            self.types[kind] = self.types.get(kind, 0) + 1

    def _new(self, raw: bytes, zero: int, number: int) -> list[int] | None:
        name = question_name(raw) if zero >= 0 else ""
        if zero < 0 or (raw and not name):
            self.broken += 1
            return None
        seen = [0, 0, 0, number, number]
        if len(self.names) < MAX_NAMES:
            self.names[raw] = seen
        else:
            self.caps.over("dns-names")
        self._below(name, number)
        return seen

    def _below(self, name: str, number: int) -> None:
        domain = domain_of(name)
        if not domain or domain == name:
            return
        seen = self.domains.get(domain)
        if seen is None:
            if len(self.domains) >= MAX_DOMAINS:
                self.caps.over("dns-domains")
                return
            seen = self.domains[domain] = [0, 0, number, number]
        seen[0] += 1
        if any(len(label) >= LONG_LABEL for label in name.split(".")):
            seen[1] += 1
        seen[3] = number

    def _answered(self, key: bytes, seen: list[int], code: int, number: int) -> None:
        client = key[4:8] if len(key) == 12 else key[16:32]
        counts = self.clients.get(client)
        if counts is None:
            if len(self.clients) >= MAX_DOMAINS:
                self.caps.over("dns-clients")
                return
            counts = self.clients[client] = [0, 0, 0, 0]
        counts[1] += 1
        if code == NO_SUCH_NAME:
            seen[MISSING] += 1
            self.missing += 1
            counts[0] += 1
            counts[2] = counts[2] or number
            counts[3] = number


def domain_of(name: str) -> str:
    """The part of a name that someone registered, by its form alone."""
    labels = name.split(".")
    if len(labels) < 2 or name.endswith(_NO_DOMAINS):
        return ""
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _REGISTRIES else 2
    return ".".join(labels[-keep:])
