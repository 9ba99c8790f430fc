"""Reads the JSON of a credential strictly: what two readers could understand differently is refused."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
CONTAINERS = (dict, list)
SURROGATE = re.compile("[\ud800-\udfff]")


class ParseError(ValueError):
    """The text is not a JSON object that can be read in one way only; `code` names the reason."""

    code = "json-invalid"


class NotText(ParseError):
    """The bytes are not UTF-8, or a string holds half of a surrogate pair."""

    code = "json-not-utf8"


class TooLarge(ParseError):
    """The text is longer than `MAX_BYTES`."""

    code = "json-too-large"


class TooDeep(ParseError):
    """Objects and arrays are nested deeper than `MAX_DEPTH`."""

    code = "json-too-deep"


class DuplicateKey(ParseError):
    """One object holds the same key twice, so readers would disagree on its value."""

    code = "json-duplicate-key"


class NumberRefused(ParseError):
    """A number is NaN, infinite, or an integer that a double cannot hold exactly (RFC 7493 §2.2)."""

    code = "json-number"


class NotAnObject(ParseError):
    """The text is JSON, but not an object."""

    code = "json-not-an-object"


def parse(text: str | bytes) -> dict[str, Any]:
    """The JSON object in `text`; raises a `ParseError`."""
    decoded = _decode(text)
    try:
        value = STRICT.decode(decoded)
    except RecursionError as error:
        raise TooDeep(f"nested deeper than {MAX_DEPTH} levels") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    if not isinstance(value, dict):
        raise NotAnObject("the text is not a JSON object")
    _check_depth(value)
    if "\\u" in decoded:  # only an escape can bring half a pair: the text itself has a UTF-8 form
        _check_surrogates(value)
    return value


def walk(value: Any) -> Iterator[tuple[Any, int]]:
    """Every value inside `value` with its depth, the outermost being 1, without recursion."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        yield item, depth
        if isinstance(item, dict):
            waiting.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            waiting.extend((child, depth + 1) for child in item)


def serialise(document: dict[str, Any]) -> str:
    """The text in which a credential is kept, served and baked.

    It can stand unchanged in an XML CDATA section: what such a section may not hold becomes a JSON escape.
    """
    text = COMPACT.encode(document)
    if ">" in text:
        text = text.replace("]]>", "]]\\u003e")
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def _decode(text: str | bytes) -> str:
    if len(text) > MAX_BYTES:
        raise TooLarge(f"longer than {MAX_BYTES} bytes")
    try:
        if isinstance(text, str):
            text.encode("utf-8")
            return text
        return text.decode("utf-8")
    except UnicodeEncodeError as error:
        raise NotText("a string holds half of a surrogate pair") from error
    except UnicodeDecodeError as error:
        raise NotText(f"not UTF-8 at byte {error.start}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1) if len(keys) < 1000 else "…"
        raise DuplicateKey(f"the key {twice[:80]!r} occurs twice")
    return result


def _constant(name: str) -> Any:
    raise NumberRefused(f"{name} is not a JSON number")


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NumberRefused(f"{digits[:40]} is too large")
    return value


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise NumberRefused(f"{digits[:40]} is too large")
    return int(digits)


def _check_depth(value: dict[str, Any]) -> None:
    """Level by level; what stands at the deepest one must be empty."""
    level: list[Any] = [value]
    for _depth in range(MAX_DEPTH - 1):
        level = [
            inner
            for item in level
            for inner in (item.values() if item.__class__ is dict else item)
            if inner.__class__ in CONTAINERS
        ]
        if not level:
            return
    if any(level):
        raise TooDeep(f"nested deeper than {MAX_DEPTH} levels")


def _check_surrogates(value: dict[str, Any]) -> None:
    for item, _depth in walk(value):
        for part in (item, *item) if isinstance(item, dict) else (item,):
            if isinstance(part, str) and not part.isascii() and SURROGATE.search(part):
                raise NotText("a string holds half of a surrogate pair")


COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
STRICT = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_integer
)
