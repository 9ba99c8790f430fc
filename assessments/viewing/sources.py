"""Lay out one window of a text: each line with its colours, its remarks and its marked secrets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from assessments.explaining import findings
from assessments.explaining.words import Words
from assessments.opening import open_evidence
from assessments.secrecy import Mark
from assessments.viewing.highlighting import Span, spans
from assessments.viewing.opened import Opened
from assessments.viewing.remarks import Margin, Note, Remark, margins, steps
from assessments.viewing.texts import LINES_SHOWN, Line, Readable, read_window, window_around

_RANGE = re.compile(r"\s*L?(\d{1,9})\s*(?:[-–:]\s*L?(\d{1,9})\s*)?\Z")


@dataclass(frozen=True)
class Asked:
    """What part of a text the reader asks for: from a line on, or around a line or range that is marked."""

    begin: int = 1
    first: int = 0
    last: int = 0
    character: int = 0

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """``line`` (12, 12-15), ``from`` and ``character``; what makes no sense asks for the beginning."""
        character = _number(query.get("character", ""), 0)
        if match := _RANGE.match(query.get("line", "")):
            first = max(1, int(match[1]))
            last = max(first, int(match[2] or first))
            return cls(window_around(first, last), first, last, character)
        return cls(max(1, _number(query.get("from", ""), 1)))


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    """Raises DomainError when the bytes may not be opened or are gone."""
    asked = Asked.parse(query)
    with open_evidence(opened.item) as file:
        return {"asked": asked, "source": source_of(file, asked, opened.remarks, opened.secrets)}


@dataclass(frozen=True)
class MarkedSecret:
    words: Words
    is_open: bool


@dataclass(frozen=True)
class SourceLine:
    line: Line
    spans: list[Span]
    margin: Margin | None
    notes: list[Note]
    secrets: list[MarkedSecret]
    is_asked: bool


@dataclass(frozen=True)
class Source:
    """One window of a text; ``earlier``, ``later`` are where the windows before and after it begin."""

    lines: list[SourceLine]
    total: int
    first: int
    last: int
    earlier: int | None
    later: int | None
    remark_before: int | None
    remark_after: int | None


def source_of(file: Readable, asked: Asked, remarks: list[Remark], secrets: list[Mark]) -> Source | None:
    """None when the bytes are no text. A place beyond the end gives the last window."""
    begin = asked.begin
    window = read_window(file, begin, start=asked.character, long_line=asked.first)
    if window is None:
        return None
    if not window.lines and window.total:
        file.seek(0)
        begin = max(1, window.total - LINES_SHOWN + 1)
        window = read_window(file, begin, start=asked.character, long_line=asked.first)
        assert window is not None
    beside = margins(remarks, window.first, window.last)
    marked = _by_line(secrets, window.first, window.last)
    told: set[str] = set()
    lines = [
        _laid_out(line, beside.get(line.number), marked.get(line.number, []), asked, told)
        for line in window.lines
    ]
    before, after = steps(remarks, asked.first or window.first - 1)
    return Source(
        lines,
        window.total,
        window.first,
        window.last,
        max(1, window.first - LINES_SHOWN) if window.first > 1 else None,
        window.last + 1 if window.last < window.total else None,
        before,
        after,
    )


def _laid_out(
    line: Line, margin: Margin | None, marks: list[Mark], asked: Asked, told: set[str]
) -> SourceLine:
    """`told` are the explanations that stand further up."""
    ranges = [
        (mark.secret.first - line.start, mark.secret.last - line.start) for mark in marks if mark.secret.last
    ]
    notes = []
    for remark in margin.begins if margin else []:
        notes.append(Note(remark, remark.words.why in told))
        told.add(remark.words.why)
    secrets = {
        mark.secret.code: MarkedSecret(findings.words_of_secret(mark.secret.code), mark.is_open)
        for mark in marks
    }
    is_asked = asked.first <= line.number <= asked.last
    return SourceLine(line, spans(line.text, ranges), margin, notes, list(secrets.values()), is_asked)


def _by_line(secrets: list[Mark], first: int, last: int) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    for mark in secrets:
        place = mark.secret.place
        if place.unit != "line":
            continue
        for line in range(max(first, place.first), min(last, place.last) + 1):
            found.setdefault(line, []).append(mark)
    return found


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
