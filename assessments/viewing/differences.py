"""Find what changed between two texts line by line, in a time that is bounded for any two texts."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

# Lines of context around a change.
CONTEXT: Final = 3
# Steps of the comparison in all gaps together: a second at most.
_STEPS: Final = 1_200_000
_STEPS_OF_A_GAP: Final = 300_000
_DEEPEST: Final = 6
# Lines that replace each other one by one are compared by character up to this many, and up to this length.
_MOST_MARKED: Final = 40
_LONGEST_MARKED: Final = 500

Range = tuple[int, int]
Kind = Literal["same", "removed", "added"]
# First and last (exclusive) line of the old text and of the new one, from 0: what lies between was replaced.
Gap = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """``changed`` are the characters that differ from the line it replaces, when there is one."""

    kind: Kind
    old: int | None
    new: int | None
    text: str
    changed: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changes that stand close together, with the lines around them."""

    old_first: int
    old_last: int
    new_first: int
    new_last: int
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class LineDifference:
    """``gaps`` are what was replaced; ``is_rough`` that some are larger than they would have to be."""

    gaps: tuple[Gap, ...]
    added: int
    removed: int
    is_rough: bool


class _Budget:
    """Steps that may still be made; `spent` once something was left whole for want of them."""

    def __init__(self) -> None:
        self.left, self.left_here, self.spent = _STEPS, _STEPS_OF_A_GAP, False

    def allows(self, steps: int) -> bool:
        if not steps:
            self.left_here = _STEPS_OF_A_GAP
        self.left -= steps
        self.left_here -= steps
        if min(self.left, self.left_here) < 0:
            self.spent = True
        return min(self.left, self.left_here) >= 0


def line_difference(old: Sequence[str], new: Sequence[str]) -> LineDifference:
    """What to replace in `old` to get `new`: around the lines that both have once, then within the gaps."""
    budget = _Budget()
    gaps = tuple(_joined(_gaps(old, new, (0, len(old), 0, len(new)), budget)))
    added = sum(end - begin for _, _, begin, end in gaps)
    removed = sum(end - begin for begin, end, _, _ in gaps)
    return LineDifference(gaps, added, removed, budget.spent)


def hunks(old: Sequence[str], new: Sequence[str], gaps: Sequence[Gap]) -> Iterator[Hunk]:
    """The changes with their context; those that share context are one hunk."""
    group: list[Gap] = []
    for gap in gaps:
        if group and gap[0] - group[-1][1] > 2 * CONTEXT:
            yield _hunk(old, new, group)
            group = []
        group.append(gap)
    if group:
        yield _hunk(old, new, group)


# --- Comparing ---------------------------------------------------------------------------------------


def _gaps(
    old: Sequence[str], new: Sequence[str], whole: Gap, budget: _Budget, depth: int = 0
) -> Iterator[Gap]:
    """Anchors are lines that stand once in each part; between them less is left to compare."""
    first, last, begin, end = _trimmed(old, new, whole)
    if first == last or begin == end:
        if first != last or begin != end:
            yield first, last, begin, end
        return
    anchors = _anchors(old[first:last], new[begin:end]) if depth < _DEEPEST else []
    if not anchors:
        yield from _compared(old, new, (first, last, begin, end), budget)
        return
    here, there = first, begin
    for at, place in [*anchors, (last - first, end - begin)]:
        yield from _gaps(old, new, (here, first + at, there, begin + place), budget, depth + 1)
        here, there = first + at + 1, begin + place + 1


def _trimmed(old: Sequence[str], new: Sequence[str], whole: Gap) -> Gap:
    first, last, begin, end = whole
    while first < last and begin < end and old[first] == new[begin]:
        first, begin = first + 1, begin + 1
    while first < last and begin < end and old[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
    return first, last, begin, end


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the lines that both have exactly once, as many as keep their order."""
    once_old, once_new = _once(old), _once(new)
    pairs = [(at, once_new[line]) for line, at in once_old.items() if line in once_new]
    pairs.sort()
    tails: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        height = bisect_left(tails, place)
        before.append(holders[height - 1] if height else -1)
        tails[height : height + 1] = [place]
        holders[height : height + 1] = [at]
    kept = []
    at = holders[-1] if holders else -1
    while at >= 0:
        kept.append(pairs[at])
        at = before[at]
    return kept[::-1]


def _once(lines: Sequence[str]) -> dict[str, int]:
    counts = Counter(lines)
    return {line: at for at, line in enumerate(lines) if counts[line] == 1}


def _compared(old: Sequence[str], new: Sequence[str], gap: Gap, budget: _Budget) -> Iterator[Gap]:
    """The shortest edit (Myers, "An O(ND) difference algorithm", 1986), or the gap whole when it is long."""
    first, last, begin, end = gap
    path = _shortest(old[first:last], new[begin:end], budget)
    if path is None:
        yield gap
        return
    here, there = first, begin
    for at, place in [*path, (last - first, end - begin)]:
        if here < first + at or there < begin + place:
            yield here, first + at, there, begin + place
        here, there = first + at + 1, begin + place + 1


def _shortest(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[tuple[int, int]] | None:
    """Pairs of equal lines on a shortest edit; None when it takes more steps than are allowed."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(len(old) + len(new) + 1):
        if not budget.allows(edits):
            return None
        trace.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            x = _step(furthest, diagonal, edits, len(old), len(new))
            while 0 <= x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x == len(old) and x - diagonal == len(new):
                return _walked_back(trace, len(old), len(new))
    return None


def _step(furthest: dict[int, int], diagonal: int, edits: int, width: int, height: int) -> int:
    """The furthest place on a diagonal with one edit more; -1 when none is inside."""
    if edits == 0:
        return 0
    down = furthest.get(diagonal + 1, -1)
    if not 0 <= down - diagonal <= height:
        down = -1
    right = furthest.get(diagonal - 1, -1)
    right = right + 1 if 0 <= right < width else -1
    return max(down, right)


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs = []
    for edits in range(len(trace) - 1, 0, -1):
        diagonal = x - y
        down = trace[edits].get(diagonal + 1, -1)
        right = trace[edits].get(diagonal - 1, -1) + 1
        came_down = down >= right or right > x
        before = diagonal + 1 if came_down else diagonal - 1
        before_x = trace[edits][before]
        start = before_x if came_down else before_x + 1
        while x > start:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = before_x, before_x - before
    while x > 0:
        x, y = x - 1, y - 1
        pairs.append((x, y))
    return pairs[::-1]


def _joined(gaps: Iterator[Gap]) -> Iterator[Gap]:
    """Gaps that touch are one."""
    waiting: Gap | None = None
    for gap in gaps:
        if waiting and waiting[1] == gap[0] and waiting[3] == gap[2]:
            waiting = (waiting[0], gap[1], waiting[2], gap[3])
            continue
        if waiting:
            yield waiting
        waiting = gap
    if waiting:
        yield waiting


# --- Laying out --------------------------------------------------------------------------------------


def _hunk(old: Sequence[str], new: Sequence[str], gaps: list[Gap]) -> Hunk:
    lead = min(CONTEXT, gaps[0][0])
    lines = _same(old, gaps[0][0] - lead, gaps[0][0], gaps[0][2] - gaps[0][0])
    for at, (first, last, begin, end) in enumerate(gaps):
        marks = _marks(old[first:last], new[begin:end])
        lines += [
            DiffLine("removed", line + 1, None, old[line], marks.get(line - first, (None, None))[0])
            for line in range(first, last)
        ]
        lines += [
            DiffLine("added", None, line + 1, new[line], marks.get(line - begin, (None, None))[1])
            for line in range(begin, end)
        ]
        until = gaps[at + 1][0] if at + 1 < len(gaps) else min(len(old), last + CONTEXT)
        lines += _same(old, last, until, end - last)
    return Hunk(
        gaps[0][0] - lead + 1,
        min(len(old), gaps[-1][1] + CONTEXT),
        gaps[0][2] - lead + 1,
        min(len(new), gaps[-1][3] + CONTEXT),
        tuple(lines),
    )


def _same(old: Sequence[str], first: int, last: int, shift: int) -> list[DiffLine]:
    return [DiffLine("same", line + 1, line + shift + 1, old[line]) for line in range(first, last)]


def _marks(old: Sequence[str], new: Sequence[str]) -> dict[int, tuple[Range, Range]]:
    """By place, the characters that differ in lines that replace each other one by one."""
    if len(old) != len(new) or len(old) > _MOST_MARKED:
        return {}
    found = {}
    for at, (one, other) in enumerate(zip(old, new, strict=True)):
        if max(len(one), len(other)) > _LONGEST_MARKED:
            continue
        head = _common(one, other)
        tail = _common(one[head:][::-1], other[head:][::-1])
        if 2 * (head + tail) >= max(len(one), len(other)):
            found[at] = ((head, len(one) - tail), (head, len(other) - tail))
    return found


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (here, there) in enumerate(pairs) if here != there), min(len(one), len(other)))
