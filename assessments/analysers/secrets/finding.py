"""Find the passwords, keys and personal data in the lines of a text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Final

from assessments.analysers.analysis import MAX_SECRETS, Place, Secret
from assessments.analysers.secrets.blocks import Block, blocks
from assessments.analysers.secrets.contexts import communities
from assessments.analysers.secrets.masks import MARKER
from assessments.analysers.secrets.pattern import Pattern
from assessments.analysers.secrets.patterns_cisco import CISCO_PATTERNS
from assessments.analysers.secrets.patterns_firewalls import FORTIOS_PATTERNS, JUNOS_PATTERNS, PANOS_PATTERNS
from assessments.analysers.secrets.patterns_people import PEOPLE_PATTERNS
from assessments.analysers.secrets.patterns_systems import HASH_PATTERNS, SYSTEM_PATTERNS
from assessments.analysers.secrets.patterns_tokens import TOKEN_PATTERNS
from assessments.analysers.secrets.patterns_xml import XML_PATTERNS

# Where two patterns meet, the earlier one names the secret.
PATTERNS: Final = (
    *CISCO_PATTERNS,
    *HASH_PATTERNS,
    *FORTIOS_PATTERNS,
    *JUNOS_PATTERNS,
    *PANOS_PATTERNS,
    *XML_PATTERNS,
    *SYSTEM_PATTERNS,
    *TOKEN_PATTERNS,
    *PEOPLE_PATTERNS,
)
# Lines are taken together up to this many characters, so that a hint is looked for in many at once.
_CHUNK: Final = 65_536
# Longer lines are read through a moving window, which bounds what an expression can cost.
_WINDOW: Final = 32_768
_OVERLAP: Final = 8_192
_REST: Final = re.compile(r"[^\s\"'<>&;,|\\]*+")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_ASCII_LOWER: Final = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}

Span = tuple[int, int, int, str]  # first and last character, rank of the pattern, code


@dataclass(frozen=True, slots=True)
class Survey:
    """The first secrets of a text, and how many more there are."""

    secrets: tuple[Secret, ...]
    left_out: int


def lines_of(text: str) -> list[str]:
    """The lines as they are counted here: ended by LF, CR LF or CR, without their ends."""
    return _LINE_END.split(text)


def find(lines: Sequence[str], dialect: str) -> list[Secret]:
    """Every secret in the order of the text, none overlapping; `dialect` is empty for any text.

    `first` and `last` are characters of the line; of a secret over several lines, of its first and last line.
    The time is linear in the text.
    """
    return list(_secrets(lines, dialect))


def survey(lines: Sequence[str], dialect: str, most: int = MAX_SECRETS) -> Survey:
    """The first `most` secrets, for an analysis; the others are only counted."""
    found = _secrets(lines, dialect)
    return Survey(tuple(islice(found, most)), sum(1 for _ in found))


def _secrets(lines: Sequence[str], dialect: str) -> Iterator[Secret]:
    patterns = [(rank, pattern) for rank, pattern in enumerate(PATTERNS) if pattern.applies_to(dialect)]
    named = iter(_merged_names(lines, dialect))
    name = next(named, None)
    masks = _Blocks(lines, dialect)
    first = 0
    while first < len(lines):
        part: list[str] = []
        size = 0
        while first + len(part) < len(lines) and size < _CHUNK:
            part.append(lines[first + len(part)])
            size += len(part[-1]) + 1
        spans = _spans_of(part, patterns)
        while name and name[0] < first + len(part):
            spans.setdefault(name[0] - first, []).append((name[1], name[2], -1, "snmp-community"))
            name = next(named, None)
        for offset in sorted(spans):
            yield from masks.before(first + offset)
            yield from masks.outside(first + offset, _merged(spans[offset]))
        first += len(part)
    yield from masks.before(len(lines))


def _merged_names(lines: Sequence[str], dialect: str) -> list[tuple[int, int, int]]:
    return sorted(communities(lines, dialect))


class _Blocks:
    """Hands out the blocks of a text in order, and keeps patterns from finding parts of them again."""

    def __init__(self, lines: Sequence[str], dialect: str) -> None:
        self._coming = blocks(lines, dialect)
        self._next = next(self._coming, None)
        self._last: Block | None = None

    def before(self, number: int) -> Iterator[Secret]:
        while self._next and self._next.first < number:
            yield self._given()

    def outside(self, number: int, spans: list[Span]) -> Iterator[Secret]:
        """The spans of line `number` with what lies in a block taken out."""
        for start, end, _, code in spans:
            first, last = start, end
            if self._last and self._last.first < number <= self._last.last:
                if number < self._last.last or last <= self._last.end:
                    continue
                first = max(first, self._last.end)
            if self._next and self._next.first == number and last > self._next.start:
                if first >= self._next.start:
                    continue
                last = self._next.start
            yield Secret(code, Place("line", number + 1, number + 1), first, last)

    def _given(self) -> Secret:
        block = self._next
        assert block is not None
        self._last, self._next = block, next(self._coming, None)
        return Secret(block.code, Place("line", block.first + 1, block.last + 1), block.start, block.end)


def _spans_of(part: list[str], patterns: list[tuple[int, Pattern]]) -> dict[int, list[Span]]:
    text = "\n".join(part)
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when they become small
        lowered = text.translate(_ASCII_LOWER)
    starts = list(accumulate((len(line) + 1 for line in part), initial=0))
    spans: dict[int, list[Span]] = {}
    for rank, pattern in patterns:
        for number in _candidates(pattern, text, lowered, starts):
            found = _matches(pattern, rank, part[number])
            if found:
                spans.setdefault(number, []).extend(found)
    if "removed:" in lowered:
        spans = {number: _unmarked(part[number], found) for number, found in spans.items()}
    return spans


def _unmarked(line: str, spans: list[Span]) -> list[Span]:
    """The spans that are not (a part of) one of our own markers."""
    markers = [match.span() for match in MARKER.finditer(line)]
    starts = [start for start, _ in markers]

    def within(first: int, last: int) -> bool:
        at = bisect_right(starts, first) - 1
        return at >= 0 and last <= markers[at][1]

    return [span for span in spans if not within(span[0], span[1])]


def _candidates(pattern: Pattern, text: str, lowered: str, starts: list[int]) -> list[int]:
    """The lines that hold a hint of the pattern or, without hints, a match in the joined text."""
    numbers: set[int] = set()
    if not pattern.hints:
        return sorted(
            {
                bisect_right(starts, match.start("value")) - 1
                if match["value"]
                else bisect_right(starts, match.start()) - 1
                for match in pattern.expression.finditer(text)
            }
        )
    for hint in pattern.hints:
        at = lowered.find(hint)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            numbers.add(number)
            at = lowered.find(hint, starts[number + 1])
    return sorted(numbers)


def _matches(pattern: Pattern, rank: int, line: str) -> list[Span]:
    spans: list[Span] = []
    for start in range(0, max(1, len(line) - _OVERLAP), _WINDOW - _OVERLAP):
        stop = min(start + _WINDOW, len(line))
        for match in pattern.expression.finditer(line, start, stop):
            for group in pattern.groups:
                first, last = match.span(group)
                if first == last or not pattern.accepts(match[group]):
                    continue
                if last == stop < len(line) and (rest := _REST.match(line, last)):
                    last = rest.end()
                spans.append((first, last, rank, pattern.code_of(match)))
    return spans


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping spans become one, so that no part of a value stays; the best-ranked one names it."""
    merged: list[Span] = []
    for span in sorted(spans):
        if not merged or span[0] >= merged[-1][1]:
            merged.append(span)
            continue
        first, last, rank, code = merged[-1]
        best = min((rank, code), (span[2], span[3]))
        merged[-1] = (first, max(last, span[1]), *best)
    return merged
