"""Read one window of lines out of a stored text, however long the text or its lines are."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from assessments.analysers.recognition.decoding import decode

LINES_SHOWN: Final = 400
# Of one line; what follows is shown on request, part by part.
MOST_OF_A_LINE: Final = 2_000
# Of all lines of a window together, so that 400 long ones stay a page.
MOST_OF_A_WINDOW: Final = 200_000
_HEAD: Final = 1024 * 1024
_CHUNK: Final = 1024 * 1024


class Readable(Protocol):
    """Any open file."""

    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, offset: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` is the part from character ``start`` (from 0) of a line that is ``length`` long."""

    number: int
    text: str
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def left_out(self) -> int:
        """How many characters follow the part that is shown."""
        return self.length - self.end


@dataclass(frozen=True, slots=True)
class Window:
    """Some lines of a text that has ``total``; no line when it is empty."""

    lines: tuple[Line, ...]
    total: int
    encoding: str

    @property
    def first(self) -> int:
        return self.lines[0].number if self.lines else 0

    @property
    def last(self) -> int:
        return self.lines[-1].number if self.lines else 0


def read_window(
    file: Readable, first: int, *, count: int = LINES_SHOWN, start: int = 0, long_line: int = 0
) -> Window | None:
    """The lines from `first` on, at most `count`; None when the bytes are no text.

    A text with fewer lines gives no lines and says its `total`. `start` is the character at which the line
    number `long_line` is shown. The file is read once from where it stands, in pieces: memory stays small.
    """
    head = file.read(_HEAD)
    decoded = decode(head, cut=len(head) == _HEAD)
    if decoded is None:
        return None
    pieces = _decoded(head, file, decoded.encoding)
    lines, total = _picked(pieces, first, first + count - 1, long_line, max(0, start))
    return Window(_shortened(lines), total, decoded.encoding)


def read_lines(file: Readable, *, most: int) -> list[str] | None:
    """The first `most` lines of a text, whole; None when the bytes are no text."""
    head = file.read(_HEAD)
    decoded = decode(head, cut=len(head) == _HEAD)
    if decoded is None:
        return None
    text: list[str] = []
    found = 0
    for piece in _decoded(head, file, decoded.encoding):
        text.append(piece)
        found += piece.count("\n")
        if found >= most:
            break
    lines = "".join(text).split("\n")
    if not lines[-1]:
        lines.pop()
    return lines[:most]


def window_around(first: int, last: int) -> int:
    """The first line of a window with a place in it; near the beginning of a text, its beginning."""
    return 1 if last <= LINES_SHOWN * 3 // 4 else max(1, first - 40)


# --- Reading -----------------------------------------------------------------------------------------


def _decoded(head: bytes, file: Readable, encoding: str) -> Iterator[str]:
    """The text in pieces, every kind of line end as a line feed, without a mark of the byte order."""
    bare = codecs.getincrementaldecoder(encoding)(errors="replace")
    decoder = io.IncrementalNewlineDecoder(bare, translate=True)
    piece, begun = head, False
    while piece:
        text = decoder.decode(piece)
        if text:
            yield text if begun else text.removeprefix("\ufeff")
            begun = True
        piece = file.read(_CHUNK)
    rest = decoder.decode(b"", final=True)
    if rest:
        yield rest


class _Growing:
    """A line that comes in pieces; only the part that will be shown is kept."""

    def __init__(self, start: int) -> None:
        self.start, self.length, self.text = start, 0, ""

    def add(self, piece: str) -> None:
        begin = max(0, self.start - self.length)
        room = MOST_OF_A_LINE - len(self.text)
        if room > 0:
            self.text += piece[begin : begin + room]
        self.length += len(piece)


def _picked(
    pieces: Iterator[str], first: int, last: int, long_line: int, start: int
) -> tuple[list[Line], int]:
    growing: dict[int, _Growing] = {}
    number, ended = 1, True
    for text in pieces:
        ended = text.endswith("\n")
        more = text.count("\n")
        if number + more >= first and number <= last:
            for at, part in enumerate(text.split("\n"), start=number):
                if first <= at <= last:
                    line = growing.setdefault(at, _Growing(start if at == long_line else 0))
                    line.add(part)
        number += more
    total = number - 1 if ended else number
    lines = [
        Line(at, line.text, min(line.start, line.length), line.length)
        for at, line in growing.items()
        if at <= total
    ]
    return lines, total


def _shortened(lines: list[Line]) -> tuple[Line, ...]:
    if sum(len(line.text) for line in lines) <= MOST_OF_A_WINDOW:
        return tuple(lines)
    most = MOST_OF_A_WINDOW // len(lines)
    return tuple(replace(line, text=line.text[:most]) for line in lines)
