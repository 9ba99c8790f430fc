"""Walk over the lines of a configuration and note those that were not read."""

import re
from typing import Final

from assessments.analysers.configurations.rules import Unread

MAX_LINES: Final = 500_000
MAX_LINE: Final = 1_000_000
# Rules beyond these are not read: "limit" says so.
MAX_RULES: Final = 100_000
MAX_UNREAD: Final = 1_000
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_-]{0,29}\Z")


class UnreadLines:
    """Collects what was not understood; neighbours with the same statement and reason become one."""

    def __init__(self) -> None:
        self._found: list[Unread] = []
        self._last_line = 0

    def unknown(self, line: int, statement: str, *, last_line: int = 0) -> None:
        """A statement that this reader does not know; only its leading keyword is kept."""
        self._add(Unread(line, last_line or line, leading_keyword(statement)))

    def bad_value(self, line: int, statement: str, *, last_line: int = 0) -> None:
        """A known statement with a value that makes no sense."""
        self._add(Unread(line, last_line or line, leading_keyword(statement), "bad-value"))

    def damaged_tail(self, first_line: int, last_line: int, statement: str = "") -> None:
        """The file ends in the middle of something."""
        self._add(Unread(first_line, max(first_line, last_line), leading_keyword(statement), "damaged-tail"))

    def limit(self, first_line: int, last_line: int, statement: str = "") -> None:
        """Lines beyond what is read of one file."""
        self._add(Unread(first_line, max(first_line, last_line), leading_keyword(statement), "limit"))

    def as_tuple(self) -> tuple[Unread, ...]:
        return tuple(self._found)

    def _add(self, one: Unread) -> None:
        if self._found:
            before = self._found[-1]
            same = (before.statement, before.reason) == (one.statement, one.reason)
            if same and before.first_line <= one.first_line <= before.last_line + 1:
                last = max(before.last_line, one.last_line)
                self._found[-1] = Unread(before.first_line, last, one.statement, one.reason)
                return
        if len(self._found) < MAX_UNREAD:
            self._found.append(one)
        else:
            first = self._found[-1].first_line
            self._found[-1] = Unread(first, max(one.last_line, self._found[-1].last_line), "", "limit")


def leading_keyword(statement: str) -> str:
    """The first word of a statement when it is a plain word: a keyword, never a value."""
    words = statement[:200].split(None, 1)
    return words[0] if words and _WORD.match(words[0]) else ""


def split_lines(text: str, unread: UnreadLines) -> list[str]:
    """The lines of `text` without their ends; only LF, CR LF and CR end a line, as editors count them.

    Lines beyond the limits are emptied or left off and noted, so that numbers stay those of the file.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if len(lines) > MAX_LINES:
        unread.limit(MAX_LINES + 1, len(lines))
        del lines[MAX_LINES:]
    if len(text) > MAX_LINE:
        for at, line in enumerate(lines):
            if len(line) > MAX_LINE:
                unread.limit(at + 1, at + 1, line)
                lines[at] = ""
    return lines


def count_lines(text: str) -> int:
    """How many lines a viewer shows of `text`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.count("\n") + (1 if text and not text.endswith("\n") else 0)
