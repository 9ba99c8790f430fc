"""Read both forms of a Juniper configuration, braces and ``set``, into one tree."""

import re
from collections.abc import Callable
from typing import Final

from assessments.analysers.configurations.dialects.word_tree import (
    MAX_DEPTH,
    MAX_WORDS,
    Node,
    add_path,
    new_words,
    quoted_words,
    unquoted,
)
from assessments.analysers.configurations.lines import UnreadLines

# Words of one statement; Juniper's longest have some twenty.
_MAX_WORDS: Final = MAX_DEPTH
_TOKEN: Final = re.compile(
    r"""\n|[{};\[\]]|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|\#[^\n]*+|[^\s{};\[\]"]++""",
    re.DOTALL,
)
_DECIDING: Final = frozenset(("accept", "discard", "reject", "next"))
_MARKS: Final = frozenset(("inactive:", "protect:", "replace:", "delete:"))


class JunosTree:
    """The tree of a configuration; `cut` are the blocks that the file ends inside."""

    def __init__(self, unread: UnreadLines) -> None:
        self.top = Node("", 1, 1)
        self.cut: set[Node] = set()
        self.unread = unread


def read_braces(lines: list[str], unread: UnreadLines) -> JunosTree:
    tree = JunosTree(unread)
    _Braces(tree).read("\n".join(lines), len(lines))
    return tree


class _Braces:
    def __init__(self, tree: JunosTree) -> None:
        self.tree = tree
        self.stack: list[Node] = [tree.top]
        # Words on the way down, and blocks opened beyond the depth that is kept.
        self.depth = 0
        self.added = 0
        self.depths: list[int] = []
        self.ignored = 0
        self.words: list[str] = []
        self.first_line = 1
        self.listed: list[tuple[str, int]] | None = None

    def read(self, text: str, last_line: int) -> None:
        line = 1
        total = 0
        for found in _TOKEN.finditer(text):
            token = found[0]
            first = token[0]
            if first == "\n":
                line += 1
            elif first == "#" or token.startswith("/*"):
                line += token.count("\n")
            elif first in "{};[]":
                self._sign(first, line)
            else:
                if first == '"' and not (len(token) > 1 and token[-1] == '"'):
                    break  # A string that never ends: what is open is reported below.
                total += 1
                if total > MAX_WORDS:
                    self.tree.unread.limit(line, last_line)
                    self.tree.cut.update(self.stack[1:])
                    return
                self._word(unquoted(token), line)
                line += token.count("\n")
        if self.words or len(self.stack) > 1 or self.ignored:
            first_line = self.first_line if self.words else self.stack[-1].first_line
            self.tree.cut.update(self.stack[1:])
            self.tree.unread.damaged_tail(first_line, last_line, self.words[0] if self.words else "")

    def _word(self, word: str, line: int) -> None:
        if self.listed is not None:
            self.listed.append((word, line))
            return
        if not self.words:
            self.first_line = line
        if len(self.words) < _MAX_WORDS:
            self.words.append(word)

    def _sign(self, sign: str, line: int) -> None:
        if sign == "[":
            self.listed = []
        elif sign == "{":
            self._open(line)
        elif sign == ";":
            self._leaf(line)
        elif sign == "}":
            self._close(line)

    def _open(self, line: int) -> None:
        if self.ignored or self.depth + len(self.words) > MAX_DEPTH:
            if not self.ignored:
                self.tree.unread.limit(line, line)
            self.ignored += 1
        else:
            before = self.depth
            node = self._add(line)
            self.stack.append(node)
            self.depths.append(before)
        self._start()

    def _leaf(self, line: int) -> None:
        if self.words and not self.ignored:
            self._add(line)
            self.depth -= self.added
        self._start()

    def _close(self, line: int) -> None:
        if self.words:
            self.tree.unread.bad_value(line, self.words[0])
            self._start()
        if self.ignored:
            self.ignored -= 1
        elif len(self.stack) > 1:
            node = self.stack.pop()
            node.last_line = max(node.last_line, line)
            self.depth = self.depths.pop()
        else:
            self.tree.unread.bad_value(line, "")

    def _add(self, line: int) -> Node:
        inactive = False
        while self.words and self.words[0] in _MARKS:
            inactive = inactive or self.words.pop(0) == "inactive:"
        node = add_path(self.stack[-1], self.words, self.first_line)
        if self.words:
            node.inactive = inactive
        self.added = len(self.words)
        self.depth += self.added
        # The last word of a statement spans it whole: a list may go on over lines.
        node.last_line = max(node.last_line, line)
        for word, at in self.listed or ():
            node.child(word, at)
        return node

    def _start(self) -> None:
        self.words = []
        self.listed = None


def read_set(lines: list[str], unread: UnreadLines) -> JunosTree:
    tree = JunosTree(unread)
    paths: list[list[str]] = []
    total = 0
    for number, row in enumerate(lines, 1):
        line = row.strip()
        if not line or line[0] == "#" or line.startswith("/*"):
            continue
        words = quoted_words(line)
        if words is None:
            if number == len(lines):
                unread.damaged_tail(number, number, line)
            else:
                unread.bad_value(number, line)
            continue
        verb = _VERBS.get(words[0])
        if verb is None or len(words) < 2:
            unread.unknown(number, line)
        elif len(words) > MAX_DEPTH:
            unread.limit(number, number, line)
        else:
            total += new_words(paths[-1] if paths else (), words[1:])
            if total > MAX_WORDS:
                unread.limit(number, len(lines))
                break
            verb(tree, words[1:], number)
            paths = [*paths[-1:], words[1:]]
    # The last line may be half a line, which then names another term or none.
    for path in paths:
        _cut_last_term(tree, path)
    return tree


def _cut_last_term(tree: JunosTree, path: list[str]) -> None:
    """A term that the file ends with and that decides nothing yet would accept what its lost lines forbid."""
    if "term" in path:
        term = tree.top.get(*path[: path.index("term") + 2])
        if term and term not in tree.cut and term.word != "term" and _DECIDING.isdisjoint(term.words("then")):
            tree.cut.add(term)
            tree.unread.damaged_tail(term.first_line, term.last_line, "term")


def _set(tree: JunosTree, words: list[str], line: int) -> None:
    if "[" in words and words[-1] == "]":
        at = words.index("[")
        node = add_path(tree.top, words[:at], line)
        for word in words[at + 1 : -1]:
            node.child(word, line)
        return
    add_path(tree.top, words, line)


def _deactivate(tree: JunosTree, words: list[str], line: int) -> None:
    node = tree.top.get(*words)
    if node:
        node.inactive = True
        if line == node.last_line + 1:
            node.last_line = line
    else:
        tree.unread.bad_value(line, "deactivate")


def _activate(tree: JunosTree, words: list[str], line: int) -> None:
    node = tree.top.get(*words)
    if node:
        node.inactive = False


def _delete(tree: JunosTree, words: list[str], line: int) -> None:
    parent = tree.top.get(*words[:-1])
    if parent is None or parent.children.pop(words[-1], None) is None:
        tree.unread.bad_value(line, "delete")


def _insert(tree: JunosTree, words: list[str], line: int) -> None:
    """``insert … policy a before policy b`` puts one child before or after another."""
    at = next((at for at, word in enumerate(words) if word in ("before", "after")), 0)
    parent = tree.top.get(*words[: at - 1]) if at > 1 else None
    moved, anchor = words[at - 1], words[-1]
    if parent is None or moved == anchor or moved not in parent.children or anchor not in parent.children:
        tree.unread.bad_value(line, "insert")
        return
    node = parent.children.pop(moved)
    children = {}
    for word, child in parent.children.items():
        if word == anchor and words[at] == "before":
            children[moved] = node
        children[word] = child
        if word == anchor and words[at] == "after":
            children[moved] = node
    parent.children = children


def _ignore(tree: JunosTree, words: list[str], line: int) -> None:
    """Marks and remarks change nothing that is read here."""


_VERBS: Final[dict[str, Callable[[JunosTree, list[str], int], None]]] = {
    "set": _set,
    "deactivate": _deactivate,
    "activate": _activate,
    "delete": _delete,
    "insert": _insert,
    "protect": _ignore,
    "unprotect": _ignore,
    "annotate": _ignore,
}
