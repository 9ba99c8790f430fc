"""Resolve what nftables compares with: literals, sets in braces, named sets and defines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.rules import Addresses, NamedObject, Range

_MOST_WORDS: Final = 50_000
# What all defines of a file may grow to where they are used; beyond it a value is unknown.
_MOST_EXPANDED: Final = 500_000


@dataclass(slots=True)
class NamedSet:
    """A set or map of a table; `elements` is None when its content changes while the firewall runs."""

    name: str
    first_line: int
    last_line: int
    elements: list[str] | None
    uses: int = 0


@dataclass(slots=True)
class Names:
    """The named sets of every table with the defines of the file."""

    sets: dict[tuple[str, str], NamedSet] = field(default_factory=dict)
    defines: dict[str, list[str]] = field(default_factory=dict)
    left: int = _MOST_EXPANDED
    limit_reached: bool = False
    known_addresses: dict[tuple[str, str], Addresses] = field(default_factory=dict)
    known_ports: dict[tuple[str, str], tuple[Range, ...] | None] = field(default_factory=dict)

    def objects(self) -> tuple[NamedObject, ...]:
        return tuple(
            NamedObject("group", one.name, one.first_line, one.last_line, one.uses)
            for one in self.sets.values()
        )

    def expanded(self, words: Sequence[str]) -> list[str] | None:
        """The words with every ``$name`` put in; None when it is undefined or grows beyond the limit."""
        found: list[str] = []
        for word in words:
            if word[:1] == "$":
                known = self.defines.get(word[1:])
                if known is None:
                    return None
                found += known
                self.left -= len(known)
                if len(found) > _MOST_WORDS or self.left < 0:
                    self.limit_reached = True
                    return None
            else:
                found.append(word)
        return found


def elements(words: Sequence[str]) -> list[str]:
    """The elements of ``{ a, b timeout 1h, c : accept }`` or of a single value, without what they carry.

    Braces of braces, as a define within a set gives, are flattened; a concatenation keeps its dots.
    """
    found: list[str] = []
    current: list[str] = []
    for word in words:
        if word in "{},":
            if current:
                found.append(_bare(current))
            current = []
        else:
            current.append(word)
    if current:
        found.append(_bare(current))
    return found


def _bare(words: list[str]) -> str:
    if len(words) > 2 and words[1] == ".":
        kept = 1
        while kept + 1 < len(words) and words[kept] == ".":
            kept += 2
        return " ".join(words[:kept])
    return words[0]


def address_set(text: str, found: Sequence[str] | None) -> Addresses:
    """The union of elements as addresses; unknown as soon as one is no address."""
    if found is None:
        return addresses.unknown(text)
    parts = [addresses.address(one) or addresses.unknown(one) for one in found]
    return addresses.united(text, parts)


def port_set(found: Sequence[str] | None) -> tuple[Range, ...] | None:
    """The union of elements as ports; None when one is no port."""
    return None if not found else protocols.port_ranges(found)


def is_name(words: Sequence[str]) -> bool:
    """Whether a value is one named set or define, which is resolved once for all the rules that use it."""
    return len(words) == 1 and words[0][:1] in ("@", "$")
