"""Lay out intervals and courses as places between 0 and 100; a template draws and a style sheet colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final

from reviews.agreement.figures import Figure

SIZE: Final = 100.0


@dataclass(frozen=True, slots=True)
class Whisker:
    """An interval with its value, from left to right."""

    low: str
    value: str
    high: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One period of a course: its value within its interval, from top to bottom."""

    x: str
    y: str
    top: str
    bottom: str


@dataclass(frozen=True, slots=True)
class Course:
    """Lines are broken where a period has no figure; ``zero`` is where the value 0 lies, if within."""

    stops: tuple[Stop, ...]
    lines: tuple[str, ...]
    zero: str | None


def reach(figures: Iterable[Figure]) -> int:
    """Whole levels to either side of 0 that hold every interval, at least one."""
    ends = [abs(end) for figure in figures for end in (figure.low, figure.high) if end is not None]
    return max(1, ceil(max(ends, default=1)))


def whisker(figure: Figure, lowest: float, highest: float) -> Whisker | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    low, value, high = (
        _place(SIZE * (end - lowest) / (highest - lowest)) for end in (figure.low, figure.value, figure.high)
    )
    return Whisker(low, value, high)


def course(figures: Sequence[Figure], lowest: float, highest: float) -> Course:
    """One stop a period, evenly spread from left to right."""
    room = SIZE / max(1, len(figures))
    stops = [_stop(figure, (at + 0.5) * room, lowest, highest) for at, figure in enumerate(figures)]
    runs = [list(run) for known, run in groupby(stops, key=lambda stop: stop is not None) if known]
    lines = [" ".join(f"{stop.x},{stop.y}" for stop in run if stop) for run in runs if len(run) > 1]
    zero = _down(0.0, lowest, highest) if lowest < 0 < highest else None
    return Course(tuple(stop for stop in stops if stop), tuple(lines), zero)


def _stop(figure: Figure, x: float, lowest: float, highest: float) -> Stop | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    y, top, bottom = (_down(end, lowest, highest) for end in (figure.value, figure.high, figure.low))
    return Stop(_place(x), y, top, bottom)


def _down(value: float, lowest: float, highest: float) -> str:
    return _place(SIZE * (highest - value) / (highest - lowest))


def _place(value: float) -> str:
    """With a point in every language, since a drawing does not read commas."""
    return f"{min(SIZE, max(0.0, value)):.2f}"
