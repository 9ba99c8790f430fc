"""The bytes of a capture from any position, inflated within bounds when they are gzip."""

import zlib
from typing import BinaryIO, Final, Protocol

CHUNK: Final = 1 << 20

# A capture that inflates to more than this is not read further: it would take minutes of CPU.
MAX_INFLATED: Final = 2 << 30
# Captures compress to a tenth or, when most of a packet is the same, a hundredth. Beyond that it is a bomb,
# but the first megabytes are read whatever they are made of.
MAX_RATIO: Final = 120
RATIO_FREE: Final = 32 << 20


class Source(Protocol):
    """Reads forward; `stopped` is a code when it ended before the data did."""

    stopped: str

    def read(self, size: int) -> bytes: ...

    def skip(self, count: int) -> int: ...


class PlainSource:
    """The file itself."""

    def __init__(self, content: BinaryIO) -> None:
        self.stopped = ""
        self._content = content
        self._size = content.seek(0, 2)
        content.seek(0)

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes unless the file ends."""
        parts = []
        while size > 0 and (part := self._content.read(size)):
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, count: int) -> int:
        """Pass over `count` bytes; returns how many there were."""
        here = self._content.tell()
        there = min(here + count, self._size)
        self._content.seek(there)
        return there - here


class GzipSource:
    """What a gzip file holds (RFC 1952), several members included."""

    def __init__(self, content: BinaryIO) -> None:
        self.stopped = ""
        content.seek(0)
        self._content = content
        self._inflater = zlib.decompressobj(wbits=31)
        self._raw = b""
        self._taken = 0
        self._given = 0

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes unless the data ends, is damaged, or reaches a bound."""
        parts = []
        while size > 0 and not self.stopped:
            part = self._inflated(min(size, CHUNK))
            if part is None:
                break
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count and (part := self.read(min(CHUNK, count - passed))):
            passed += len(part)
        return passed

    def _inflated(self, most: int) -> bytes | None:
        """The next bytes, perhaps none yet; None at the end."""
        if not self._raw and not self._more() and self._inflater.eof:
            return None
        if self._inflater.eof and not self._next_member():
            return None
        try:
            part = self._inflater.decompress(self._raw, most)
        except zlib.error:
            self.stopped = "damaged-tail"
            return None
        consumed_all = not self._inflater.unconsumed_tail and not self._inflater.unused_data
        self._raw = self._inflater.unconsumed_tail or self._inflater.unused_data
        if not part and consumed_all and not self._more() and not self._inflater.eof:
            self.stopped = "damaged-tail"
            return None
        self._given += len(part)
        self._watch()
        return part

    def _more(self) -> bool:
        if not self._raw:
            self._raw = self._content.read(65_536)
            self._taken += len(self._raw)
        return bool(self._raw)

    def _next_member(self) -> bool:
        """Start on another member; padding or anything else after the last one is no part of the data."""
        while len(self._raw) < 2 and (extra := self._content.read(65_536)):
            self._raw += extra
            self._taken += len(extra)
        if not self._raw.startswith(b"\x1f\x8b"):
            return False
        self._inflater = zlib.decompressobj(wbits=31)
        return True

    def _watch(self) -> None:
        if self._given > MAX_INFLATED:
            self.stopped = "size-limit"
        elif self._given > RATIO_FREE and self._given > MAX_RATIO * self._taken:
            self.stopped = "ratio-limit"


def source_of(content: BinaryIO) -> Source:
    """A source from the beginning of an open file, whichever of the two it is."""
    content.seek(0)
    compressed = content.read(2) == b"\x1f\x8b"
    return GzipSource(content) if compressed else PlainSource(content)
