"""Cut an nftables rule set into blocks and statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import lines

_PIECE: Final = re.compile(
    r'[ \t]+|(?P<newline>\\?\n)|#[^\n]*|(?P<string>"[^"\n]*"?)|(?P<mark>[{};,])|(?P<word>[^\s{};,"#]+)|\s'
)
_HEADERS: Final = frozenset(
    ("table", "chain", "set", "map", "flowtable", "counter", "quota", "ct", "limit", "synproxy", "secmark")
)


@dataclass(slots=True)
class Statement:
    """The words of one statement; quotes are gone from strings, braces and commas are words of their own."""

    words: list[str]
    first_line: int
    last_line: int


@dataclass(slots=True)
class Block:
    """A header such as ``chain input`` with the statements in its braces."""

    header: list[str]
    first_line: int
    last_line: int
    statements: list[Statement] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)
    parent: "Block | None" = None


def pieces(text: str) -> Iterator[tuple[str, str, int]]:
    """(kind, text, line) of every piece; kind is ``word``, ``string``, ``mark`` or ``newline``."""
    line = 1
    for found in _PIECE.finditer(text):
        kind = found.lastgroup
        if kind is None:
            continue
        piece = found[0]
        if kind == "string":
            piece = piece.strip('"')
        # A backslash before the end of a line joins it to the next.
        if kind != "newline" or piece == "\n":
            yield kind, piece, line
        if kind == "newline":
            line += 1


class Cutter:
    """Builds the tree of blocks; what is still open at the end of the file is closed and noted as damaged."""

    def __init__(self, unread: lines.UnreadLines) -> None:
        self.root = Block([], 1, 1)
        self.unread = unread
        self._block = self.root
        self._depth = 0
        self._words: list[str] = []
        self._inner = 0
        self._first = self._last = 1

    def cut(self, text: str) -> Block:
        line = 1
        for kind, piece, line in pieces(text):
            if kind == "newline":
                if not self._inner:
                    self._end()
            elif kind == "mark":
                self._mark(piece, line)
            else:
                self._take(piece, line)
        self._end()
        if self._block is not self.root:
            self.unread.damaged_tail(line, line, self._block.header[0] if self._block.header else "")
        while self._block.parent:
            self._block.last_line = line
            self._block = self._block.parent
        return self.root

    def _take(self, piece: str, line: int) -> None:
        if not self._words:
            self._first = line
        self._last = line
        self._words.append(piece)

    def _mark(self, piece: str, line: int) -> None:
        if piece == ";" and not self._inner:
            self._end()
        elif piece == "{" and not self._inner and self._is_header():
            self._open(line)
        elif piece == "}" and not self._inner:
            self._close(line)
        else:
            self._inner += {"{": 1, "}": -1}.get(piece, 0)
            self._take(piece, line)

    def _is_header(self) -> bool:
        words = self._words[1:] if self._words[:1] in (["add"], ["create"]) else self._words
        outside_chains = self._depth == 0 or self._block.header[-3:][0] == "table"
        return bool(words) and words[0] in _HEADERS and outside_chains and "=" not in words

    def _open(self, line: int) -> None:
        block = Block(self._words, self._first, line, parent=self._block)
        self._block.blocks.append(block)
        self._block, self._depth, self._words = block, self._depth + 1, []

    def _close(self, line: int) -> None:
        self._end()
        if self._block.parent is None:
            self.unread.bad_value(line, "")
            return
        self._block.last_line = line
        self._block, self._depth = self._block.parent, self._depth - 1

    def _end(self) -> None:
        if self._words:
            if self._inner:
                self.unread.damaged_tail(self._first, self._last, self._words[0])
            else:
                self._block.statements.append(Statement(self._words, self._first, self._last))
        self._words, self._inner = [], 0
