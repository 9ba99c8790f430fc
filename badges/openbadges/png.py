"""One credential in one text chunk of a PNG, chunks copied byte for byte (PNG 3rd edition §5, §11.3.3)."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from badges.openbadges.baking_errors import (
    AlreadyBaked,
    BadImage,
    Held,
    NoCredential,
    SeveralCredentials,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
OLDER_KEYWORD = b"openbadges"
TEXT_KINDS = (b"iTXt", b"tEXt", b"zTXt")
HEADER_BYTES = 13
MAX_CHUNKS = 100_000


@dataclass(frozen=True)
class Chunk:
    """One chunk: its type, its data, and where it ends in the file."""

    kind: bytes
    data: memoryview
    end: int

    @property
    def keyword(self) -> bytes:
        """What stands before the first NUL of a text chunk."""
        return bytes(self.data[:80]).split(b"\0", 1)[0] if self.kind in TEXT_KINDS else b""


def insert(image: bytes, credential_text: str) -> bytes:
    """The PNG with an uncompressed iTXt chunk right after its header; raises a `BakingError`."""
    chunks = list(read_chunks(image))
    if any(chunk.keyword in (KEYWORD, OLDER_KEYWORD) for chunk in chunks):
        raise AlreadyBaked("the PNG already holds a badge")
    data = KEYWORD + b"\0\0\0\0\0" + credential_text.encode("utf-8")
    chunk = len(data).to_bytes(4, "big") + b"iTXt" + data + zlib.crc32(b"iTXt" + data).to_bytes(4, "big")
    after_header = chunks[0].end
    return image[:after_header] + chunk + image[after_header:]


def extract(image: bytes) -> Held:
    """What a PNG holds, an Open Badge 3.0 before an older one; raises a `BakingError`."""
    chunks = list(read_chunks(image))
    for keyword, version in ((KEYWORD, 3), (OLDER_KEYWORD, 2)):
        found = [chunk for chunk in chunks if chunk.keyword == keyword]
        if len(found) > 1:
            raise SeveralCredentials("the PNG holds more than one credential")
        if found:
            return Held(_read(found[0], keyword, version), version)
    raise NoCredential("the PNG holds no credential")


def read_chunks(image: bytes) -> Iterator[Chunk]:
    """Every chunk of a whole, undamaged PNG, in order; raises `BadImage`."""
    if not image.startswith(SIGNATURE):
        raise BadImage("not a PNG")
    view, position, kinds = memoryview(image), len(SIGNATURE), list[bytes]()
    while position < len(image):
        length = int.from_bytes(view[position : position + 4], "big")
        end = position + 12 + length
        if end > len(image) or len(kinds) >= MAX_CHUNKS:
            raise BadImage("the PNG is cut short or has far too many chunks")
        kind, data = bytes(view[position + 4 : position + 8]), view[position + 8 : end - 4]
        if zlib.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise BadImage("a checksum of the PNG does not match")
        kinds.append(kind)
        _check_order(kinds, length, at_end=end == len(image))
        yield Chunk(kind, data, end)
        position = end
    if not kinds or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise BadImage("the PNG has no image data or no end")


def _check_order(kinds: list[bytes], length: int, *, at_end: bool) -> None:
    kind = kinds[-1]
    if not (kind.isalpha() and kind.isascii()):
        raise BadImage("a chunk of the PNG has no valid type")
    if (kind == b"IHDR") != (len(kinds) == 1) or (kind == b"IHDR" and length != HEADER_BYTES):
        raise BadImage("the PNG does not start with its one header")
    if kind == b"IEND" and (length or not at_end):
        raise BadImage("something follows the end of the PNG")


def _read(chunk: Chunk, keyword: bytes, version: int) -> str:
    if chunk.kind == b"iTXt":
        return _text_of(chunk, keyword)
    if chunk.kind == b"tEXt" and version == 2:  # as many bakers of that time did
        return _ascii_of(chunk, keyword)
    raise BadImage("the credential is not in an iTXt chunk")


def _ascii_of(chunk: Chunk, keyword: bytes) -> str:
    """The text of a tEXt chunk, which is Latin-1: beyond ASCII, bakers meant different things by it."""
    try:
        return bytes(chunk.data)[len(keyword) + 1 :].decode("ascii")
    except UnicodeDecodeError as error:
        raise BadImage("the credential in the PNG is not ASCII") from error


def _text_of(chunk: Chunk, keyword: bytes) -> str:
    """The text after keyword, compression flag and method, language tag and translated keyword."""
    rest = bytes(chunk.data)[len(keyword) + 1 :]
    flags, rest = rest[:2], rest[2:]
    if len(flags) < 2 or flags[0] != 0:
        raise BadImage("the credential in the PNG is compressed, which the specification does not allow")
    parts = rest.split(b"\0", 2)
    if len(parts) != 3:
        raise BadImage("the text chunk of the PNG is malformed")
    try:
        return parts[2].decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadImage("the credential in the PNG is not UTF-8") from error
