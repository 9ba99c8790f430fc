"""Hold what one nftables rule says, and take its words one by one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects import nftables_values as values
from assessments.analysers.configurations.rules import (
    ANY_SERVICE,
    Action,
    Addresses,
    Family,
    Range,
    Service,
)

TRANSPORTS: Final = frozenset(("tcp", "udp", "sctp", "dccp", "udplite", "th"))
_MOST_VERDICTS: Final = 1_000
# Names of interfaces, protocols or states that one rule keeps.
_MOST_KEPT: Final = 64


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
    protocols: tuple[str, ...] = ()
    ports: tuple[Range, ...] = ()
    source_ports: tuple[Range, ...] = ()
    port_text: str = ""
    services_known: bool = True
    states: tuple[str, ...] = ()
    conditions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    logging: bool = False
    comment: str = ""
    hits: int | None = None

    def services(self) -> tuple[Service, ...]:
        protocols = self.protocols or ("any",)
        if not self.services_known:
            return (Service("any", text=" ".join([*protocols, self.port_text]).strip(), known=False),)
        if protocols == ("any",) and not self.ports and not self.source_ports:
            return (ANY_SERVICE,)
        return tuple(
            Service(one, self.ports, self.source_ports, f"{one} {self.port_text}".strip())
            for one in protocols
        )


class RuleWords:
    """The words of one rule with a place in them."""

    def __init__(self, words: list[str], family: Family, table: str, names: values.Names) -> None:
        self.words, self.at = words, 0
        self.table, self.names = table, names
        self.match = Match(family)
        self.deciding: tuple[list[str], dict[str, list[str]]] | None = None

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.words[at] if at < len(self.words) else ""

    def take(self) -> str:
        word = self.peek()
        self.at += 1
        return word

    def value(self) -> tuple[bool, list[str]]:
        """(negated, words) of the value that stands here: one word, words with commas, or a set in braces."""
        negated = self.peek() in ("!=", "!")
        if self.peek() in ("!=", "==", "!"):
            self.at += 1
        start = self.at
        if self.peek() == "{":
            depth = 0
            while self.at < len(self.words):
                depth += {"{": 1, "}": -1}.get(self.take(), 0)
                if not depth:
                    break
        else:
            self.at += 1
            while self.peek() == "," and self.peek(1):
                self.at += 2
        return negated, self.words[start : self.at]

    def elements(self, words: list[str]) -> list[str] | None:
        """The elements that the words of a value stand for; None when the file does not tell."""
        if words and words[0][:1] == "@":
            known = self._count_use(words[0])
            return known.elements if known is not None else None
        expanded = self.names.expanded(words)
        return None if expanded is None else values.elements(expanded)

    def few_elements(self, words: list[str]) -> list[str] | None:
        """The elements where a rule keeps each of them; None when there are too many to keep."""
        found = self.elements(words)
        return found if found is not None and len(found) <= _MOST_KEPT else None

    def address(self, words: list[str]) -> Addresses:
        """The addresses of a value."""
        key = (self.table, words[0] if words else "")
        if values.is_name(words) and key in self.names.known_addresses:
            self._count_use(words[0])
            return self.names.known_addresses[key]
        found = values.address_set(spoken(words), self.elements(words))
        if values.is_name(words):
            self.names.known_addresses[key] = found
        return found

    def inverted(self, found: Addresses, words: list[str], family: Family) -> Addresses:
        """Every address of the family but those of a value."""
        key = (self.table, f"!{words[0]} {family}" if words else "")
        if not values.is_name(words):
            return addresses.inverted(found, family=family)
        if key not in self.names.known_addresses:
            self.names.known_addresses[key] = addresses.inverted(found, family=family)
        return self.names.known_addresses[key]

    def ports(self, words: list[str]) -> tuple[Range, ...] | None:
        """The ports of a value; None when it is not understood."""
        key = (self.table, words[0] if words else "")
        if values.is_name(words) and key in self.names.known_ports:
            self._count_use(words[0])
            return self.names.known_ports[key]
        found = values.port_set(self.elements(words))
        if values.is_name(words):
            self.names.known_ports[key] = found
        return found

    def _count_use(self, word: str) -> values.NamedSet | None:
        if word[:1] != "@":
            return None
        self.match.references.append(word[1:])
        known = self.names.sets.get((self.table, word[1:]))
        if known is not None:
            known.uses += 1
        return known

    def selector(self, words: list[str], apply: Callable[["RuleWords", list[str], bool], None]) -> None:
        """Take the value of a selector, or note the map that decides by it."""
        if self.peek() == ".":
            self.concatenation(words)
        elif self.peek() == "vmap":
            self.at += 1
            self.verdict_map(words)
        else:
            negated, value = self.value()
            apply(self, value, negated)

    def concatenation(self, words: list[str]) -> None:
        """``ip saddr . tcp dport @pairs``: several selectors at once are a condition of their own."""
        start = self.at
        while self.peek() == ".":
            self.at += 3 if self.peek(1) in ("ip", "ip6", "meta", "ct", "ether", *TRANSPORTS) else 2
        selectors = self.words[start : self.at]
        if self.peek() == "vmap":
            self.at += 1
            self.match.action = "other"
        negated, value = self.value()
        self.elements(value)
        said = " ".join([*words, *selectors, *(["!="] if negated else []), spoken(value)])
        self.match.conditions.append(said)

    def verdict_map(self, words: list[str]) -> None:
        """``ct state vmap { established : accept }`` is as many rules as there are verdicts."""
        _, value = self.value()
        by_verdict: dict[str, list[str]] = {}
        for element in _map_elements(value):
            if ":" in element:
                at = element.index(":")
                by_verdict.setdefault(" ".join(element[at + 1 :]), []).append(" ".join(element[:at]))
        if value[:1] != ["{"] or not by_verdict or len(by_verdict) > _MOST_VERDICTS or self.deciding:
            self.elements(value)
            self.match.conditions.append(" ".join([*words, "vmap", spoken(value)]))
        else:
            self.deciding = (words, by_verdict)


def spoken(words: list[str], most: int = 12) -> str:
    """A value as a person would write it; long sets are cut."""
    shown = words if len(words) <= most else [*words[:most], "…"]
    return " ".join(shown).replace(" ,", ",")


def _map_elements(words: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        if word in "{},":
            found.append([])
        elif word != ":" and word.endswith(":") and not word.endswith("::"):
            found[-1] += [word[:-1], ":"]
        else:
            found[-1].append(word)
    return [one for one in found if one]
