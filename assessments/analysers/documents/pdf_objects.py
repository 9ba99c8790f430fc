"""Look at the objects of a PDF, wherever they hang, for what runs, loads, hides or asks."""

import logging
import re
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, TextStringObject

from assessments.analysers.analysis import Skipped
from assessments.analysers.documents.contents import Contents, plain

_SECONDS: Final = 8.0
_MOST_OBJECTS: Final = 20_000
_MOST_PARTS: Final = 2_000  # of one object
_MOST_WORDS: Final = 5_000
_LONGEST_WORDS: Final = 20_000
# pypdf meets damage in many places that do not expect it.
BROKEN_OBJECT: Final = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_SCRIPT: Final = re.compile(rb"/JavaScript\b|/JS[\s(<\[]")
# Its complaints may quote the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


class _Seen:
    """Counts what was met, by name."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def add(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1


_ACTIONS: Final = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/URI": "link",
    "/GoToR": "outside",
    "/GoToE": "outside",
    "/SubmitForm": "outside",
    "/ImportData": "outside",
}


def look_into(content: BinaryIO, contents: Contents) -> None:
    """Add findings and the count of links; what cannot be read is said in `skipped`."""
    seen = _Seen()
    if _SCRIPT.search(content.read()):
        seen.add("script")
    content.seek(0)
    try:
        reader = PdfReader(content, strict=False)
        for part in _objects(reader, contents):
            _note(part, seen)
            _hear(part, contents)
    except BROKEN_OBJECT:
        contents.skipped.append(Skipped("pdf-structure"))
    counts = seen.counts
    contents.facts["links"] = counts.get("link", 0)
    if "script" in counts:
        contents.notice("pdf-javascript", "high")
    if "launch" in counts:
        contents.notice("pdf-launch", "high")
    if "file" in counts:
        contents.notice("pdf-attachment", "medium", count=counts["file"])
        contents.skipped.append(Skipped("embedded-file", count=counts["file"]))
    if "outside" in counts:
        contents.notice("external-content", "medium", count=counts["outside"])
    if "form" in counts:
        contents.notice("pdf-form", "info")


def _objects(reader: PdfReader, contents: Contents) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, also those inside others; damaged objects are counted and left out."""
    until = time.monotonic() + _SECONDS
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    damaged = 0
    for count, (number, generation) in enumerate(numbers):
        if count >= _MOST_OBJECTS or time.monotonic() > until:
            contents.skipped.append(Skipped("object-limit", count=len(numbers) - count))
            break
        try:
            whole = IndirectObject(number, generation, reader).get_object()
            parts = list(_parts(whole))
        except BROKEN_OBJECT:
            damaged += 1
            continue
        yield from parts
    if damaged and not _is_locked(reader):
        contents.skipped.append(Skipped("damaged-object", count=damaged))


def _is_locked(reader: PdfReader) -> bool:
    """Objects of an encrypted file cannot be read; that is said once, of the file."""
    return bool(reader.is_encrypted)


def _parts(whole: Any) -> Iterator[DictionaryObject]:
    waiting, count = [whole], 0
    while waiting and count < _MOST_PARTS:
        current = waiting.pop()
        count += 1
        if isinstance(current, DictionaryObject):
            yield current
            waiting.extend(current.values())
        elif isinstance(current, ArrayObject):
            waiting.extend(current[:_MOST_PARTS])


def _hear(part: DictionaryObject, contents: Contents) -> None:
    """Keep what fields are filled in with and what annotations say: it need not stand on a page."""
    if "/FT" in part or "/Subtype" in part:
        for name in ("/V", "/Contents"):
            words = part.raw_get(name) if name in part else None
            if not isinstance(words, TextStringObject):
                continue
            if len(contents.beside) >= _MOST_WORDS or len(words) > _LONGEST_WORDS:
                contents.cut_short()
            if len(contents.beside) < _MOST_WORDS:
                contents.beside.append(plain(str(words))[:_LONGEST_WORDS])


def _note(part: DictionaryObject, seen: _Seen) -> None:
    action = part.get("/S")
    if isinstance(action, NameObject) and action in _ACTIONS:
        seen.add(_ACTIONS[action])
    if "/JS" in part:
        seen.add("script")
    if "/EF" in part:
        seen.add("file")
    elif part.get("/Type") == "/Filespec" and "/FS" in part:
        seen.add("outside")
    if part.get("/Subtype") in ("/RichMedia", "/Screen", "/3D", "/Movie"):
        seen.add("outside")
    if "/XFA" in part or (isinstance(part.get("/FT"), NameObject) and "/T" in part):
        seen.add("form")
