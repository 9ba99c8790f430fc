"""Hold a configuration as a tree of words, so that every form of a dialect gives the same tree."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

# Deeper than any product writes; what lies beyond is not kept.
MAX_DEPTH: Final = 64
# Words of one tree; the sixty thousand policies that this allows are more than any product holds.
MAX_WORDS: Final = 1_000_000
# A quote that stays open runs to the end, so that no sign is looked at twice.
_QUOTED: Final = re.compile(r"""[^\s"]++|"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)""", re.DOTALL)
_WORD: Final = re.compile(rf"(?:{_QUOTED.pattern})++", re.DOTALL)
_ESCAPED: Final = re.compile(r"""\\(["\\])""")


class Node:
    """One word of a configuration with the words below it and the lines it was said on."""

    __slots__ = ("children", "first_line", "inactive", "last_line", "word")

    def __init__(self, word: str, first_line: int, last_line: int) -> None:
        self.word = word
        self.first_line = first_line
        self.last_line = last_line
        self.inactive = False
        self.children: dict[str, Node] = {}

    def child(self, word: str, line: int) -> "Node":
        """The child of this word, made when it is new; it then spans `line` as well."""
        node = self.children.get(word)
        if node is None:
            node = self.children[word] = Node(word, line, line)
        else:
            node.first_line = min(node.first_line, line)
            node.last_line = max(node.last_line, line)
        return node

    def get(self, *path: str) -> "Node | None":
        """The node at the end of `path`."""
        node: Node | None = self
        for word in path:
            node = node.children.get(word) if node else None
        return node

    def under(self, *path: str) -> "tuple[Node, ...]":
        """The active children of the node at the end of `path`."""
        node = self.get(*path)
        return tuple(one for one in node.children.values() if not one.inactive) if node else ()

    def words(self, *path: str) -> tuple[str, ...]:
        """The words of the active children at the end of `path`: a value or a list of values."""
        return tuple(one.word for one in self.under(*path))

    def value(self, *path: str) -> str:
        """The only or the last word at the end of `path`: what is set again replaces what was."""
        found = self.words(*path)
        return found[-1] if found else ""

    def has(self, *path: str) -> bool:
        node = self.get(*path)
        return node is not None and not node.inactive


def add_path(top: Node, path: Sequence[str], line: int) -> Node:
    """Walk `path` down from `top`, making what is missing."""
    node = top
    for word in path[:MAX_DEPTH]:
        node = node.child(word, line)
    return node


def new_words(before: Sequence[str], path: Sequence[str]) -> int:
    """How many words of `path` are beyond what it shares with the path before: what it may add to a tree."""
    shared = 0
    for one, other in zip(before, path, strict=False):
        if one != other:
            break
        shared += 1
    return len(path) - shared


def nodes_of(top: Node) -> Iterator[Node]:
    """Every node below `top`, parents first."""
    stack = list(reversed(top.children.values()))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children.values()))


def quoted_words(line: str) -> list[str] | None:
    """The words of a line, with ``"…"`` as one word and ``\\"`` inside it; None when a quote stays open.

    Linear, and with no meaning of other shells' signs: a dollar or a single quote is a letter.
    """
    if '"' not in line:
        return line.split()
    words = []
    for found in _WORD.finditer(line):
        word = found[0]
        if '"' in word:
            parts = _QUOTED.findall(word)
            if any(part[0] == '"' and not (len(part) > 1 and part[-1] == '"') for part in parts):
                return None
            word = "".join(unquoted(part) for part in parts)
        words.append(word)
    return words


def unquoted(part: str) -> str:
    """A quoted string without its quotes, with ``\\"`` and ``\\\\`` as the signs they stand for."""
    if part[:1] != '"':
        return part
    return _ESCAPED.sub(r"\1", part[1:-1])
