"""Read both forms of a Palo Alto configuration, ``set`` commands and XML, into one tree."""

from typing import Final

from assessments.analysers.configurations import lines
from assessments.analysers.configurations.dialects.word_tree import (
    MAX_DEPTH,
    MAX_WORDS,
    Node,
    add_path,
    new_words,
    quoted_words,
)
from assessments.analysers.configurations.dialects.xml_lines import Element, read_xml
from assessments.analysers.configurations.lines import UnreadLines

# Lines that one quoted description may go on over.
_MAX_QUOTED_LINES: Final = 100
_PARTS: Final = frozenset(("config", "rulebase", "security", "rules"))


class PanosTree:
    """The tree of a configuration; `cut` are the entries that the file ends inside."""

    def __init__(self) -> None:
        self.top = Node("", 1, 1)
        self.cut: set[Node] = set()


def read_set(text: str, unread: UnreadLines) -> PanosTree:
    tree = PanosTree()
    rows = lines.split_lines(text, unread)
    at = total = 0
    before: list[str] = []
    while at < len(rows):
        row = rows[at].strip()
        first = at + 1
        at += 1
        if not row or row[0] == "#":
            continue
        words = quoted_words(row)
        last = min(at + _MAX_QUOTED_LINES, len(rows))
        if words is None:
            parts = [row]
            while words is None and at < last and not rows[at].startswith("set "):
                parts.append(rows[at])
                at += 1
                if '"' in parts[-1]:
                    words = quoted_words("\n".join(parts))
        if words is None:
            if at == len(rows):
                unread.damaged_tail(first, at, row)
            else:
                unread.bad_value(first, row, last_line=at)
        else:
            total += new_words(before, words)
            before = words
            if total > MAX_WORDS:
                unread.limit(first, len(rows))
                break
            _command(tree.top, words, first, at, unread)
    return tree


def _command(top: Node, words: list[str], first: int, last: int, unread: UnreadLines) -> None:
    if words[0] != "set" or len(words) < 2:
        unread.unknown(first, words[0], last_line=last)
        return
    listed: list[str] = []
    path = words[1:]
    if "[" in path:
        begin = path.index("[")
        if path[-1] != "]":
            unread.damaged_tail(first, last, words[0])
            return
        listed, path = path[begin + 1 : -1], path[:begin]
    if len(path) > MAX_DEPTH:
        unread.limit(first, last, words[0])
        return
    node = add_path(top, path, first)
    if last > first:
        add_path(top, path, last)
    for word in listed:
        node.child(word, first)


def read_xml_tree(text: str, unread: UnreadLines) -> PanosTree:
    """An entry becomes a word of its name, a member one of its text, as the ``set`` commands say them."""
    tree = PanosTree()
    root = read_xml(text, unread)
    if root is None:
        return tree
    root = _unwrapped(root)
    place = tree.top
    if root.name == "rulebase":
        place = add_path(tree.top, ("rulebase",), root.first_line)
    elif root.name in ("rules", "security"):
        path = ("rulebase", "security", "rules")[: 3 if root.name == "rules" else 2]
        place = add_path(tree.top, path, root.first_line)
    _add(tree, place, root)
    # A firewall has one device, whose settings ``set`` commands write without it.
    for device in tree.top.under("devices"):
        for word, child in device.children.items():
            tree.top.children.setdefault(word, child)
    return tree


def _unwrapped(root: Element) -> Element:
    """What the interface answers with stands in a response; it may be a whole configuration or a part."""
    if root.name == "response":
        root = root.get("result") or root
        if len(root.children) == 1 and root.children[0].name in _PARTS:
            return root.children[0]
    return root


def _add(tree: PanosTree, place: Node, root: Element) -> None:
    stack = [(place, root)]
    while stack:
        node, element = stack.pop()
        node.last_line = max(node.last_line, element.last_line)
        if not element.closed:
            tree.cut.add(node)
        if element.name != "member" and not element.children and (text := element.text):
            node.child(text, element.first_line)
        for child in element.children:
            word = child.name
            if word == "entry":
                word = child.attributes.get("name", "")
            elif word == "member":
                word = child.text
            if word:
                stack.append((node.child(word, child.first_line), child))
