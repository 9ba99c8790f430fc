"""Read a capture once from end to end into tallies."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from assessments.analysers.captures.counting import count, is_full
from assessments.analysers.captures.reading.opening import Reader, reader_of
from assessments.analysers.captures.reading.records import MARK_EVERY, Asides, Ending, Layout
from assessments.analysers.captures.settled import Settled
from assessments.analysers.captures.settling import settle, settle_small
from assessments.analysers.captures.tallies.tally import Tally

_SECOND = 1_000_000_000


@dataclass(slots=True)
class Survey:
    """All that was counted; conversations are settled already."""

    tally: Tally
    settled: Settled
    layout: Layout
    ending: Ending
    asides: Asides

    def seconds_between(self, first: int, last: int) -> float:
        """The time from one packet to another, at most MARK_EVERY packets too long either way."""
        moments = self.layout.moments
        if not moments:
            return 0.0
        begin = moments[min((first - 1) // MARK_EVERY, len(moments) - 1)]
        after = (last - 1) // MARK_EVERY + 1
        end = moments[after] if after < len(moments) else self.tally.last
        return max(0, end - begin) / _SECOND


def survey(content: BinaryIO) -> Survey:
    """Raises `BadCapture` for what does not begin as a capture does."""
    reader: Reader = reader_of(content)
    tally = Tally()
    settled = Settled(tally.caps)
    with _without_collector():
        for batch in reader.batches():
            count(tally, batch, reader.layout.interfaces)
            if is_full(tally):
                settle_small(tally, settled)
        settle(tally, settled)
    return Survey(tally, settled, reader.layout, reader.ending, reader.asides)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing here refers to itself, and walking all the lists again and again would cost a third more."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
