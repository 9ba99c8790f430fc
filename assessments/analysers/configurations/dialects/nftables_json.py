"""Read what ``nft -j list ruleset`` prints, by saying its expressions in the words of the text form."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from assessments.analysers.configurations import lines
from assessments.analysers.configurations.dialects.nftables import Reader
from assessments.analysers.configurations.dialects.nftables_words import Block, Statement
from assessments.analysers.configurations.rules import Ruleset

_START: Final = re.compile(r'\s*\{\s*"nftables"\s*:\s*\[')
_GAP: Final = re.compile(r"[\s,]*")
_MOST_DEPTH: Final = 20


class _TooDeep(ValueError):
    """An expression nested beyond what nft prints."""


def read(text: str, dialect: str) -> Ruleset:
    """The rules of the JSON form; what follows a damaged object is named and left."""
    reader = Reader(dialect)
    root = Block([], 1, 1)
    for entry, first, last in _entries(text, reader.unread):
        for kind, body in entry.items():
            if isinstance(body, dict):
                _entry(reader, root, kind, body, (first, last))
    reader.take(root)
    return reader.ruleset(lines.count_lines(text))


def _entries(text: str, unread: lines.UnreadLines) -> list[tuple[dict[str, Any], int, int]]:
    """Every object of the list with its lines, read one by one so that a cut file keeps its beginning."""
    start = _START.match(text)
    total = lines.count_lines(text)
    if not start:
        unread.damaged_tail(1, total)
        return []
    found: list[tuple[dict[str, Any], int, int]] = []
    decoder = json.JSONDecoder()
    at, line, counted = start.end(), 1, 0
    while True:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        line, counted = line + text.count("\n", counted, at), at
        if text[at : at + 1] == "]":
            return found
        try:
            entry, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            unread.damaged_tail(line, max(line, total))
            return found
        first = line
        line, counted = line + text.count("\n", counted, at), at
        if isinstance(entry, dict):
            found.append((entry, first, line))
        else:
            unread.bad_value(first, "", last_line=line)


def _entry(reader: Reader, root: Block, kind: str, body: dict[str, Any], at: tuple[int, int]) -> None:
    names = [body.get(key) for key in ("family", "table", "name")]
    family, table, name = (one if isinstance(one, str) else "" for one in names)
    if kind in ("metainfo", "table", "counter", "quota", "limit", "flowtable", "ct helper"):
        return
    key = f"{family} {table}"
    if not root.blocks or root.blocks[-1].header != ["table", family, table]:
        root.blocks.append(Block(["table", family, table], *at))
    inner = root.blocks[-1].blocks
    if kind == "chain":
        block = Block(["chain", name], *at)
        block.statements = [Statement(words, *at) for words in _chain_words(body)]
        inner.append(block)
    elif kind in ("set", "map"):
        inner.append(_set_block(kind, name, body, at))
    elif kind == "rule":
        try:
            words = _rule_words(body)
        except _TooDeep:
            reader.unread.bad_value(at[0], "rule", last_line=at[1])
            return
        reader.waiting.append((key, str(body.get("chain", "")), Statement(words, *at)))
    else:
        reader.unread.unknown(at[0], kind, last_line=at[1])


def _chain_words(body: dict[str, Any]) -> list[list[str]]:
    if "hook" not in body:
        return []
    said = [["type", str(body.get("type", "filter")), "hook", str(body["hook"])]]
    return [*said, ["policy", str(body["policy"])]] if "policy" in body else said


def _set_block(kind: str, name: str, body: dict[str, Any], at: tuple[int, int]) -> Block:
    block = Block([kind, name], *at)
    flags = body.get("flags", [])
    flags = flags if isinstance(flags, list) else [flags]
    if "dynamic" in flags or "timeout" in body:
        block.statements.append(Statement(["flags", "dynamic"], *at))
    if isinstance(body.get("elem"), list):
        try:
            words = _value({"set": body["elem"]}, 0)
        except _TooDeep:
            words = ["$"]
        block.statements.append(Statement(["elements", "=", *words], *at))
    return block


def _rule_words(body: dict[str, Any]) -> list[str]:
    words: list[str] = []
    expressions = body.get("expr")
    for expression in expressions if isinstance(expressions, list) else ():
        if isinstance(expression, dict):
            for kind, inner in expression.items():
                words += _statement(str(kind), inner)
    if isinstance(body.get("comment"), str):
        words += ["comment", body["comment"]]
    return words


def _statement(kind: str, inner: Any) -> list[str]:
    if not isinstance(inner, dict):
        return [kind]
    return _STATEMENTS[kind](inner) if kind in _STATEMENTS else [kind]


def _match(inner: dict[str, Any]) -> list[str]:
    operator = [str(inner["op"])] if inner.get("op") in ("!=", "<", ">", "<=", ">=") else []
    return [*_value(inner.get("left"), 0), *operator, *_value(inner.get("right"), 0)]


_STATEMENTS: Final[dict[str, Callable[[dict[str, Any]], list[str]]]] = {
    "match": _match,
    "vmap": lambda inner: [*_value(inner.get("key"), 0), "vmap", *_value(inner.get("data"), 0)],
    "jump": lambda inner: ["jump", str(inner.get("target", ""))],
    "goto": lambda inner: ["goto", str(inner.get("target", ""))],
    "counter": lambda inner: ["counter", "packets", str(inner.get("packets", ""))],
    "limit": lambda inner: ["limit", "rate", f"{inner.get('rate')}/{inner.get('per')}"],
    "mangle": lambda inner: [*_value(inner.get("key"), 0), "set", "value"],
}


def _value(data: Any, depth: int) -> list[str]:
    """An expression of the JSON form in the words of the text form."""
    if depth > _MOST_DEPTH:
        raise _TooDeep
    if isinstance(data, dict) and data:
        kind, inner = next(iter(data.items()))
        return _SPOKEN.get(kind, _spoken_other)(kind, inner, depth + 1)
    if isinstance(data, list):
        return _listed(data, depth + 1)
    return [str(data)]


def _listed(data: list[Any], depth: int) -> list[str]:
    words: list[str] = []
    for one in data:
        # An element of a map is a pair of key and verdict.
        if isinstance(one, list) and len(one) == 2:
            words += [*_value(one[0], depth), ":", *_value(one[1], depth), ","]
        else:
            words += [*_value(one, depth), ","]
    return words[:-1]


def _pair(inner: Any, first: str, last: str) -> tuple[str, str]:
    known = inner if isinstance(inner, dict) else {}
    return str(known.get(first, "")), str(known.get(last, ""))


def _spoken_other(kind: str, inner: Any, depth: int) -> list[str]:
    if kind in ("jump", "goto") and isinstance(inner, dict):
        return [kind, str(inner.get("target", ""))]
    return [kind, *(_value(inner, depth) if inner is not None else [])]


def _spoken_key(kind: str, inner: Any, depth: int) -> list[str]:
    return [kind, str(inner.get("key", "")) if isinstance(inner, dict) else ""]


def _spoken_range(kind: str, inner: Any, depth: int) -> list[str]:
    return ["-".join(str(one) for one in inner)] if isinstance(inner, list) else [""]


def _spoken_concat(kind: str, inner: Any, depth: int) -> list[str]:
    words: list[str] = []
    for one in inner if isinstance(inner, list) else ():
        words += [*_value(one, depth), "."]
    return words[:-1]


_SPOKEN: Final[dict[str, Callable[[str, Any, int], list[str]]]] = {
    "payload": lambda kind, inner, depth: list(_pair(inner, "protocol", "field")),
    "meta": lambda kind, inner, depth: (
        ["meta", str(inner.get("key", ""))] if isinstance(inner, dict) else ["meta", ""]
    ),
    "ct": _spoken_key,
    "set": lambda kind, inner, depth: ["{", *_value(inner, depth), "}"],
    "prefix": lambda kind, inner, depth: ["/".join(_pair(inner, "addr", "len"))],
    "range": _spoken_range,
    "concat": _spoken_concat,
    "elem": lambda kind, inner, depth: _value(inner.get("val") if isinstance(inner, dict) else inner, depth),
}
