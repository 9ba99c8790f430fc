"""The same text without its secrets: each value gives way to a marker that tells its kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from assessments.analysers.analysis import Secret
from assessments.analysers.secrets.finding import find, lines_of

_LINE_ENDS: Final = re.compile(r"(\r\n|\n|\r)")
# Taking a value out can uncover another one beside it; where that does not end, the whole line is taken out.
_ROUNDS: Final = 6
_GENTLE_ROUNDS: Final = 4


class StillSecret(ValueError):
    """A text could not be freed of what was found in it; it must not be shown."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text without secrets, and how many of each code were taken out."""

    text: str
    counts: dict[str, int]


def redacted(text: str, secrets: Iterable[Secret]) -> str:
    """`text` with each of `secrets` replaced by a marker (``<removed:pre-shared-key-1>``).

    Equal values of a kind get equal numbers, so that a reader still sees where one was used twice. Everything
    else stays as it is, line for line. In XML the marker is escaped, so that the result can still be parsed.
    """
    return _Redactor(text).without(secrets)


def freed(text: str, dialect: str) -> Redaction:
    """`text` without anything that `find` finds in it; raises `StillSecret` rather than leave a part."""
    counts: dict[str, int] = {}
    redactor = _Redactor(text)
    for turn in range(_ROUNDS):
        secrets = find(lines_of(text), dialect)
        if not secrets:
            return Redaction(text, counts)
        for secret in secrets:
            counts[secret.code] = counts.get(secret.code, 0) + 1
        if turn >= _GENTLE_ROUNDS:
            secrets = [replace(secret, first=0, last=0) for secret in secrets]
        text = redactor.without(secrets)
        redactor = redactor.after(text)
    raise StillSecret("secrets remain in the text")


class _Redactor:
    """Numbers the values of each kind in the order in which they are met."""

    def __init__(self, text: str, numbers: dict[str, dict[str, int]] | None = None) -> None:
        parts = _LINE_ENDS.split(text)
        self._lines, self._ends = parts[::2], [*parts[1::2], ""]
        self._markup = text.lstrip("\ufeff \t\r\n").startswith("<")
        self._numbers = {} if numbers is None else numbers

    def after(self, text: str) -> "_Redactor":
        return _Redactor(text, self._numbers)

    def without(self, secrets: Iterable[Secret]) -> str:
        lines = list(self._lines)
        # From the end, so that what comes first keeps its place in the line; numbers go the other way.
        ordered = sorted(secrets, key=lambda secret: (secret.place.first, secret.first))
        markers = [self._marker(secret) for secret in ordered]
        for secret, marker in zip(reversed(ordered), reversed(markers), strict=True):
            first, last = secret.place.first - 1, min(secret.place.last, len(lines)) - 1
            if first > last or secret.place.unit != "line":
                continue
            start, end = _reach(secret, lines[last])
            if first == last:
                lines[first] = lines[first][:start] + marker + lines[first][end:]
                continue
            lines[first] = lines[first][:start] + marker
            lines[first + 1 : last] = [""] * (last - first - 1)
            lines[last] = lines[last][end:]
        return "".join(line + end for line, end in zip(lines, self._ends, strict=True))

    def _marker(self, secret: Secret) -> str:
        first, last = secret.place.first - 1, min(secret.place.last, len(self._lines)) - 1
        value = "\n".join(line.strip() for line in self._lines[first : last + 1])
        if first == last:
            start, end = _reach(secret, self._lines[first])
            value = self._lines[first][start:end]
        known = self._numbers.setdefault(secret.code, {})
        number = known.setdefault(value, len(known) + 1)
        name = f"removed:{secret.code}-{number}"
        return f"&lt;{name}&gt;" if self._markup else f"<{name}>"


def _reach(secret: Secret, last_line: str) -> tuple[int, int]:
    """Where the value starts and ends; both 0 mean the whole of its lines."""
    return (secret.first, secret.last) if secret.last else (0, len(last_line))
