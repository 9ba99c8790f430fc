"""Open a capture of either format, compressed or not, at its beginning or at a mark."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from assessments.analysers.captures.reading.pcap import PcapReader
from assessments.analysers.captures.reading.pcapng import PcapngReader
from assessments.analysers.captures.reading.records import MARK_EVERY, Batch, Layout
from assessments.analysers.captures.reading.sources import source_of

Reader = PcapReader | PcapngReader
_SECTION: Final = b"\x0a\x0d\x0d\x0a"


def reader_of(content: BinaryIO, layout: Layout | None = None) -> Reader:
    """A reader from the beginning; with the `layout` of an earlier reading it can start at a mark.

    Raises `BadCapture` when the file begins like neither format.
    """
    source = source_of(content)
    content_form = source.read(4)
    source = source_of(content)
    return (PcapngReader if content_form == _SECTION else PcapReader)(source, layout)


def batches_from(content: BinaryIO, layout: Layout, number: int) -> Iterator[Batch]:
    """Batches of which one of the first holds packet `number` (counted from 1); none when there is none."""
    mark = (number - 1) // MARK_EVERY
    if number < 1 or mark >= len(layout.marks):
        return iter(())
    return reader_of(content, layout).batches(mark)
