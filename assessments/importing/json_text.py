"""JSON from strangers, parsed within limits."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from assessments.importing.problems import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_OBJECTS,
    MAX_TEXT,
    Problem,
    RefusedError,
    first,
)

_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class _Repeating(dict[str, Any]):
    """An object in which a key was written twice; kept until its path is known."""

    repeated: str = ""


def load(data: bytes) -> Any:
    """The value in ``data``; raises RefusedError (bad encoding, bad syntax, too large, too deep)."""
    if len(data) > MAX_BYTES:
        raise RefusedError("$", "too-large", {"limit": MAX_BYTES // (1024 * 1024)})
    if data.count(b"{") + data.count(b"[") > MAX_OBJECTS or data.count(b",") > MAX_OBJECTS * 6:
        raise RefusedError("$", "too-many", {"limit": MAX_OBJECTS})  # before memory is spent on them
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"byte {error.start + 1}", "not-utf8") from None
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise RefusedError(f"line {error.lineno}, column {error.colno}", "bad-json") from None
    except RecursionError:
        raise RefusedError("$", "too-deep", {"limit": MAX_DEPTH}) from None
    except ValueError:  # an integer of more digits than Python agrees to convert
        raise RefusedError("$", "bad-json-number") from None


def flaws(value: Any) -> tuple[Problem, ...]:
    """What no part of a document may hold: keys twice, characters no database keeps, endless texts."""
    return first(list(_flaws(value)))


def _flaws(value: Any) -> Iterator[Problem]:
    waiting: list[tuple[str, Any, int]] = [("$", value, 0)]
    while waiting:
        where, part, depth = waiting.pop()
        if depth > MAX_DEPTH:
            yield Problem(where, "too-deep", {"limit": MAX_DEPTH})
        elif isinstance(part, dict):
            if isinstance(part, _Repeating):
                yield Problem(
                    f"{where}.{_shown(part.repeated)}", "repeated-key", {"key": _shown(part.repeated)}
                )
            for key, inner in reversed(part.items()):
                if has_bad_character(key):
                    yield Problem(where, "bad-character")
                waiting.append((f"{where}.{_shown(key)}", inner, depth + 1))
        elif isinstance(part, list):
            waiting.extend(
                (f"{where}[{i}]", inner, depth + 1) for i, inner in reversed(list(enumerate(part)))
            )
        elif isinstance(part, str):
            if len(part) > MAX_TEXT:
                yield Problem(where, "too-long", {"limit": MAX_TEXT})
            if has_bad_character(part):
                yield Problem(where, "bad-character")
        elif isinstance(part, int | float) and not abs(part) < 2**63:  # a float may be infinite
            yield Problem(where, "bad-number")


def has_bad_character(text: str) -> bool:
    """Control characters and lone surrogates: PostgreSQL refuses them, and no text means them."""
    return _BAD_CHARACTER.search(text) is not None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    repeating = _Repeating(found)
    repeating.repeated = next(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeating


def _refuse_constant(name: str) -> NoReturn:
    raise RefusedError("$", "bad-json-constant", {"name": name})


def _shown(key: str) -> str:
    """A key as it may appear in a message: short, and without characters that break a page."""
    key = key[:60]
    return key if key.isprintable() else "".join(char if char.isprintable() else "?" for char in key)
