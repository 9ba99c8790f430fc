"""Lay out the charts of a viewer: numbers become places, which a template draws and a style sheet colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Units of the drawing; it is stretched to the room it gets, so only proportions count.
WIDTH: Final = 1000
HEIGHT: Final = 200
# Of the room of one bar, what stays empty beside it.
GAP: Final = 0.16
# No bar is so low that its colour is not seen.
LEAST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: the series that it belongs to, its value, and where it stands."""

    series: str
    value: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a stacked chart; `x`, `width` also bound the area that answers to the pointer."""

    number: int
    total: int
    x: str
    width: str
    bar_x: str
    bar_width: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Stacked:
    columns: tuple[Column, ...]
    highest: int


def stacked(values: Sequence[Mapping[str, int]], order: Sequence[str]) -> Stacked:
    """One column per entry, its series stacked from the bottom in `order`; the highest fills the height."""
    totals = [sum(entry.get(series, 0) for series in order) for entry in values]
    highest = max(totals, default=0)
    if not highest:
        return Stacked((), 0)
    room = WIDTH / len(values)
    columns = [
        Column(
            number=at,
            total=total,
            x=_length(at * room),
            width=_length(room),
            bar_x=_length(at * room + room * GAP / 2),
            bar_width=_length(room * (1 - GAP)),
            segments=tuple(_segments(entry, order, highest)),
        )
        for at, (entry, total) in enumerate(zip(values, totals, strict=True))
    ]
    return Stacked(tuple(columns), highest)


def _segments(entry: Mapping[str, int], order: Sequence[str], highest: int) -> list[Segment]:
    found, top = [], float(HEIGHT)
    for series in order:
        value = entry.get(series, 0)
        if value > 0:
            height = max(LEAST, HEIGHT * value / highest)
            top -= height
            found.append(Segment(series, value, _length(max(0.0, top)), _length(height)))
    return found


def share(value: int, of: int) -> str:
    """A bar's length in hundredths of the longest one; what is there at all is seen."""
    if value <= 0 or of <= 0:
        return "0"
    return _length(min(100.0, max(0.6, 100 * value / of)))


def _length(value: float) -> str:
    """As SVG writes numbers, whatever the reader's language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
