"""Take the words of a Cisco access list entry one by one: its ports and its cursor, shared by IOS and ASA."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import protocols
from assessments.analysers.configurations.addresses import merged
from assessments.analysers.configurations.rules import PORT_MOST, Action, Addresses, Range, Service

ACTIONS: Final[dict[str, Action]] = {"permit": "accept", "deny": "drop"}
OPERATORS: Final = frozenset(("eq", "neq", "lt", "gt", "range"))
_NOTHING: Final[tuple[Range, ...]] = ()


class BadEntry(ValueError):
    """An entry that lacks a word or has one that makes no sense."""


class Words:
    """The words of one line with a place in them."""

    __slots__ = ("at", "words")

    def __init__(self, words: list[str], at: int = 0) -> None:
        self.words, self.at = words, at

    def peek(self) -> str:
        try:
            return self.words[self.at]
        except IndexError:
            return ""

    def take(self) -> str:
        """The next word; raises `BadEntry` at the end."""
        if self.at >= len(self.words):
            raise BadEntry
        self.at += 1
        return self.words[self.at - 1]

    def rest(self) -> list[str]:
        found = self.words[self.at :]
        self.at = len(self.words)
        return found


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one side; `known` is False when a name is not understood."""

    ranges: tuple[Range, ...] = _NOTHING
    text: str = ""
    known: bool = True


ANY_PORT: Final = Ports()


@dataclass(slots=True)
class Entry:
    """What one access list entry says."""

    action: Action
    services: tuple[Service, ...] = ()
    sources: Addresses | None = None
    destinations: Addresses | None = None
    states: tuple[str, ...] = ()
    conditions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    logging: bool = False
    enabled: bool = True


def take_ports(words: Words, names: Mapping[str, int], *, several: bool) -> Ports:
    """The ports that stand next, if any do; `several` lets ``eq`` name more than one, as IOS does."""
    operator = words.peek()
    if operator not in OPERATORS:
        return ANY_PORT
    start = words.at
    words.at += 3 if operator == "range" else 2
    if words.at > len(words.words):
        raise BadEntry
    while several and operator in ("eq", "neq") and protocols.port(words.peek(), names) is not None:
        words.at += 1
    said = words.words[start : words.at]
    numbers = [number for number in (protocols.port(word, names) for word in said[1:]) if number is not None]
    if len(numbers) != len(said) - 1:
        return Ports(text=" ".join(said), known=False)
    ranges = _compared(operator, numbers)
    # No port at all (``gt 65535``) would read as every port, so it stays unknown.
    return Ports(ranges, " ".join(said), bool(ranges))


def _compared(operator: str, numbers: list[int]) -> tuple[Range, ...]:
    first, last = numbers[0], numbers[-1]
    if operator == "eq" and first == last:
        return ((first, first),)
    if operator == "lt":
        return merged(((0, first - 1),))
    if operator == "gt":
        return merged(((first + 1, PORT_MOST),))
    if operator == "range":
        return merged(((min(first, last), max(first, last)),))
    ports = merged((number, number) for number in numbers)
    return protocols.inverted_ports(ports) if operator == "neq" else ports


def service(protocol_word: str, source: Ports, destination: Ports) -> Service:
    """The service of a protocol's word with the ports of both sides."""
    said = [protocol_word, source.text and f"from {source.text}", destination.text]
    text = " ".join(part for part in said if part)
    name = protocols.protocol(protocol_word)
    if protocol_word == "ipv6":
        name = "any"
    if name is None or not (source.known and destination.known):
        return Service(name or "any", text=text, known=False)
    return Service(name, destination.ranges, source.ranges, text)
