"""Packets and bytes by time and protocol, in slices that widen as the capture goes on."""

from operator import add
from typing import Final

from assessments.analysers.captures.tallies.caps import MAX_LABELS

# The finest slice is a millisecond; whenever there are more than these, each two become one.
_FIRST_WIDTH: Final = 1_000_000
_MOST_SLICES: Final = 480
MAX_BUCKETS: Final = 120

Counts = list[int]
Slice = tuple[Counts, Counts]


class Timeline:
    """Slices are keyed on time divided by `width` (nanoseconds); each counts packets and bytes by label."""

    def __init__(self) -> None:
        self.width = _FIRST_WIDTH
        self.slices: dict[int, Slice] = {}

    def at(self, when: int) -> tuple[int, int, Counts, Counts]:
        """(start, end, packets by label, bytes by label) of the slice that holds a time."""
        number = when // self.width
        if number not in self.slices:
            while len(self.slices) >= _MOST_SLICES:
                self._widen()
                number = when // self.width
            if number not in self.slices:
                self.slices[number] = ([0] * MAX_LABELS, [0] * MAX_LABELS)
        counts, volumes = self.slices[number]
        return number * self.width, (number + 1) * self.width, counts, volumes

    def _widen(self) -> None:
        self.width *= 2
        wide: dict[int, Slice] = {}
        for number, (counts, volumes) in self.slices.items():
            if number // 2 not in wide:
                wide[number // 2] = (counts, volumes)
                continue
            _add(wide[number // 2], counts, volumes)
        self.slices = wide

    def totals(self) -> Slice:
        """Packets and bytes by label over the whole time."""
        total = [0] * MAX_LABELS, [0] * MAX_LABELS
        for counts, volumes in self.slices.values():
            _add(total, counts, volumes)
        return total

    def buckets(self) -> tuple[int, int, list[tuple[int, Counts, Counts]]]:
        """(start, width, [(number, packets, bytes)]): at most MAX_BUCKETS spans, empty ones left out."""
        if not self.slices:
            return 0, self.width, []
        first, last = min(self.slices), max(self.slices)
        group = (last - first) // MAX_BUCKETS + 1
        found: dict[int, Slice] = {}
        for number, (counts, volumes) in self.slices.items():
            packets, volume = found.setdefault(
                (number - first) // group, ([0] * MAX_LABELS, [0] * MAX_LABELS)
            )
            for label, count in enumerate(counts):
                if count:
                    packets[label] += count
                    volume[label] += volumes[label]
        spans = [(number, *found[number]) for number in sorted(found)]
        return first * self.width, group * self.width, spans


def _add(total: Slice, counts: Counts, volumes: Counts) -> None:
    packets, volume = total
    packets[:] = map(add, packets, counts)
    volume[:] = map(add, volume, volumes)
