"""Read the config/edit/set blocks of a FortiOS configuration into a tree that knows its lines."""

import re
from typing import Final

from assessments.analysers.configurations.dialects.word_tree import MAX_DEPTH, quoted_words
from assessments.analysers.configurations.lines import UnreadLines

_QUOTE: Final = re.compile(r'\\.|"')


class Block:
    """A ``config`` section or an ``edit`` entry with its settings, sections and entries."""

    __slots__ = (
        "closed",
        "edits",
        "first_line",
        "is_edit",
        "last_line",
        "lines",
        "name",
        "sections",
        "settings",
    )

    def __init__(self, name: str, line: int, *, is_edit: bool) -> None:
        self.name = name
        self.is_edit = is_edit
        self.first_line = line
        self.last_line = line
        self.closed = False
        self.settings: dict[str, tuple[str, ...]] = {}
        self.lines: dict[str, int] = {}
        self.sections: dict[str, Block] = {}
        self.edits: dict[str, Block] = {}

    def open(self, name: str, line: int, *, is_edit: bool) -> "Block":
        """The section or entry of this name; one that is opened again goes on."""
        inside = self.edits if is_edit else self.sections
        block = inside.get(name)
        if block is None:
            block = inside[name] = Block(name, line, is_edit=is_edit)
        block.closed = False
        return block

    def words(self, name: str) -> tuple[str, ...]:
        return self.settings.get(name, ())

    def value(self, name: str, otherwise: str = "") -> str:
        found = self.settings.get(name)
        return " ".join(found) if found else otherwise

    def is_on(self, name: str) -> bool:
        return self.value(name) == "enable"

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.first_line)

    def entries(self, section: str) -> "tuple[Block, ...]":
        """The complete entries of a section; the file may end inside the last one."""
        found = self.sections.get(section)
        return tuple(one for one in found.edits.values() if one.closed) if found else ()


def read_blocks(lines: list[str], unread: UnreadLines) -> Block:
    """The top of the tree; a statement that goes on inside quotes is one, over all its lines."""
    return _Blocks(unread).read(lines)


class _Blocks:
    def __init__(self, unread: UnreadLines) -> None:
        self._unread = unread
        self._top = Block("", 1, is_edit=False)
        self._stack = [self._top]
        # Sections beyond the depth that is kept.
        self._ignored = 0

    def read(self, lines: list[str]) -> Block:
        at = 0
        while at < len(lines):
            first = at + 1
            row = lines[at].strip()
            at += 1
            if not row or row[0] == "#":
                continue
            if '"' in row and _is_open(row):
                parts = [row]
                while at < len(lines):
                    parts.append(lines[at])
                    at += 1
                    if _closes(parts[-1]):
                        break
                row = "\n".join(parts)
            words = quoted_words(row)
            if words is None:
                self._unread.damaged_tail(first, at, row)
            else:
                self._statement(words, first, at)
        if len(self._stack) > 1:
            first = self._stack[-1].first_line
            self._unread.damaged_tail(first, len(lines), "edit" if self._stack[-1].is_edit else "config")
        return self._top

    def _statement(self, words: list[str], first: int, last: int) -> None:
        verb, rest = words[0], words[1:]
        if verb == "end":
            self._end(last)
        elif self._ignored:
            self._ignored += verb == "config"
        elif verb == "config" and rest:
            self._open(" ".join(rest), first, is_edit=False)
        elif verb == "edit" and rest:
            self._open(rest[0], first, is_edit=True)
        elif verb == "next":
            self._next(last)
        elif verb in ("set", "append") and rest:
            self._set(rest[0], rest[1:], first, last, adds=verb == "append")
        elif verb == "unset" and rest:
            self._stack[-1].settings.pop(rest[0], None)
        else:
            self._unread.unknown(first, verb, last_line=last)

    def _open(self, name: str, line: int, *, is_edit: bool) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._unread.limit(line, line)
            self._ignored += not is_edit
            return
        self._stack.append(self._stack[-1].open(name, line, is_edit=is_edit))

    def _next(self, line: int) -> None:
        if self._stack[-1].is_edit:
            self._close(line)
        else:
            self._unread.bad_value(line, "next")

    def _end(self, line: int) -> None:
        """``end`` leaves the section, and the entry it is said in."""
        if self._ignored:
            self._ignored -= 1
            return
        if len(self._stack) == 1:
            self._unread.bad_value(line, "end")
            return
        if self._stack[-1].is_edit:
            self._close(line)
        if len(self._stack) > 1:
            self._close(line)

    def _close(self, line: int) -> None:
        block = self._stack.pop()
        block.last_line = max(block.last_line, line)
        block.closed = True

    def _set(self, name: str, values: list[str], first: int, last: int, *, adds: bool) -> None:
        block = self._stack[-1]
        before = block.settings.get(name, ()) if adds else ()
        block.settings[name] = (*before, *values)
        block.lines[name] = first
        block.last_line = max(block.last_line, last)


def _is_open(row: str) -> bool:
    return sum(1 for found in _QUOTE.finditer(row) if found[0] == '"') % 2 == 1


def _closes(row: str) -> bool:
    """Whether a line that begins inside quotes ends outside them."""
    return _is_open(row)
