"""Secrets that go over several lines: PEM and PuTTY private keys, static keys, long XML elements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.analysers.secrets.masks import is_masked
from assessments.analysers.secrets.pattern import CONFIGURATIONS, XML
from assessments.analysers.secrets.patterns_xml import ELEMENTS, SECRET_ELEMENT

_BEGIN: Final = re.compile(
    r"-{4,5} ?BEGIN (?P<what>(?:[A-Z0-9]{1,20} ){0,5}?PRIVATE KEY(?: BLOCK)?"
    r"|OpenVPN (?:Static|tls-crypt-v2 \w+) key(?: V1)?) ?-{4,5}"
)
_END: Final = re.compile(r"-{4,5} ?END [A-Za-z0-9 -]{1,80}?-{4,5}")
_PUTTY: Final = re.compile(r"^\s{0,20}Private-Lines:\s{0,4}(\d{1,4})\s*$")
# What stands before the base64 of a quoted, commented, listed or indented key.
_MARGIN: Final = re.compile(r"^[\s#>|*!+;\"'-]*+(?:\d{1,6}[:|.]?\s{1,8})?")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z-]{2,30}: .{0,200}\\?")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=]++")
_LONG: Final = re.compile(r"[A-Za-z0-9+/=]{16}")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines counted from 0; `start` is a character of the first one, `end` (exclusive) of the last one."""

    code: str
    first: int
    start: int
    last: int
    end: int


def blocks(lines: Sequence[str], dialect: str) -> Iterator[Block]:
    """Every block in order, none overlapping; each line is looked at once."""
    number = 0
    markup = dialect in XML or dialect not in CONFIGURATIONS
    while number < len(lines):
        line = lines[number]
        block = None
        if "BEGIN " in line:
            block = _pem(lines, number)
        elif "Private-Lines:" in line:
            block = _putty(lines, number)
        elif markup and "<" in line:
            block = _element(lines, number)
        if block is None:
            number += 1
            continue
        yield block
        # Another block may begin behind the end of this one.
        number = max(block.last, number + 1)


def _pem(lines: Sequence[str], number: int) -> Block | None:
    begins = list(_BEGIN.finditer(lines[number]))
    if not begins:
        return None
    begin = begins[-1]
    code = "openvpn-static-key" if begin["what"].startswith("OpenVPN") else "private-key"
    if _END.search(lines[number], begin.end()):
        return None  # a key on one line is one of the patterns
    last, end, found = number, len(lines[number]), bool(_LONG.search(lines[number], begin.end()))
    for at in range(number + 1, len(lines)):
        line = lines[at]
        if "BEGIN " in line:
            break
        closing = _END.search(line) if "END " in line else None
        if closing:
            last, end = at, closing.end()
            break
        body = line[_MARGIN.match(line).end() :].rstrip(" \t\r\"',;\\")  # type: ignore[union-attr]
        if body.endswith("\\n"):
            body = body[:-2]
        if not body or _HEADER.fullmatch(body):
            continue
        whole = _BASE64.fullmatch(body)
        if not whole or (len(body) < 16 and len(body) % 4):
            break
        found = found or len(body) >= 16
        last, end = at, len(line)
    return Block(code, number, begin.start(), last, end) if found else None


def _putty(lines: Sequence[str], number: int) -> Block | None:
    match = _PUTTY.match(lines[number])
    last, found = number, False
    for at in range(number + 1, min(number + int(match[1]), len(lines) - 1) + 1 if match else 0):
        if "Private-Lines:" in lines[at]:
            break
        last, found = at, found or bool(_LONG.search(lines[at]))
    if not found:
        return None
    return Block("private-key", number + 1, 0, last, len(lines[last]))


_CODES: Final = tuple((re.compile(names, re.IGNORECASE), code) for code, _, names in ELEMENTS)


def _element(lines: Sequence[str], number: int) -> Block | None:
    """An element that opens on this line and closes on a later one."""
    match = SECRET_ELEMENT.match(lines[number], lines[number].rfind("<"))
    if not match:
        return None
    at = number + 1
    while at < len(lines) and "<" not in lines[at]:
        at += 1
    if at == len(lines) or not lines[at].startswith("</", lines[at].index("<")):
        return None
    parts = {number: (match.start("start"), len(lines[number])), at: (0, lines[at].index("<"))}
    filled = [
        (n, start, end)
        for n in range(number, at + 1)
        for start, end in [parts.get(n, (0, len(lines[n])))]
        if lines[n][start:end].strip()
    ]
    if not filled or (len(filled) == 1 and is_masked(lines[filled[0][0]][filled[0][1] : filled[0][2]])):
        return None
    (first, start, _), (last, _, end) = filled[0], filled[-1]
    code = next(code for names, code in _CODES if names.fullmatch(match["name"]))
    return Block(code, first, start, last, end)
