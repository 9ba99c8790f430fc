"""How the bench measures: ways taken in turn within one run, medians of their rounds, one row each."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Way = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """One line of the table; an empty cell means that there is nothing to say."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    target: str = ""


def interleaved(ways: Mapping[str, Way], *, rounds: int) -> dict[str, float]:
    """The median seconds of each way; every round takes them all, every second one in reverse order.

    What slows the machine down for a while then slows all of them.
    """
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name in list(ways)[:: -1 if number % 2 else 1]:
            found[name].append(ways[name]())
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def timed(action: Callable[[], object], *, times: int = 1) -> Way:
    """A way that does something so many times and tells the mean seconds of one."""

    def way() -> float:
        start = time.perf_counter()
        for _number in range(times):
            action()
        return (time.perf_counter() - start) / times

    return way


def per_item(actions: list[Callable[[], object]]) -> Way:
    """A way that does each of several things once and tells the mean seconds of one."""

    def way() -> float:
        start = time.perf_counter()
        for action in actions:
            action()
        return (time.perf_counter() - start) / len(actions)

    return way


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 10 else f"{seconds:.1f} s"


def compared(ours: float, peer: float) -> str:
    """How our seconds stand to the peer's."""
    if ours <= peer:
        return f"{peer / ours:.3g} × faster"
    return f"{ours / peer:.3g} × slower"


def table(rows: list[Row]) -> str:
    """A Markdown table whose columns also stand in line on a terminal."""
    cells: list[tuple[str, ...]] = [("what", "ours", "peer", "ours against peer", "target")]
    cells += [(row.what, row.ours, row.peer, row.ratio, row.target) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    cells.insert(1, tuple("-" * width for width in widths))
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells
    ]
    return "\n".join(f"| {line} |" for line in lines)
