"""Read the text of a PDF page by page with PDFium, and what is hidden in it with pypdf (ISO 32000)."""

import ctypes
import io
import time
from collections.abc import Iterator
from itertools import islice
from typing import Final

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from assessments.analysers.analysis import Place, Skipped
from assessments.analysers.documents.archive import Refusal
from assessments.analysers.documents.contents import MAX_HEADINGS, MAX_PAGES, Contents
from assessments.analysers.documents.packages import note_author
from assessments.analysers.documents.pdf_objects import look_into

_SECONDS: Final = 15.0
_MOST_CHARACTERS: Final = 100_000  # of one page
# PDFium joins a word that was parted at the end of a line and leaves one of these for its hyphen.
_HYPHENS: Final = {0x02: "-", 0xFFFE: "-"}
# PDFium's own errors, and what its Python side raises for values that make no sense.
BROKEN_PDF: Final = (pdfium.PdfiumError, ValueError, AssertionError, OverflowError, ctypes.ArgumentError)


def read(data: bytes) -> Contents:
    """The pages' text and the findings; raises `Refusal` (``encrypted``, ``damaged-pdf``)."""
    contents = Contents("page")
    look_into(io.BytesIO(data), contents)
    try:
        document = opened(data)
    except Refusal as refusal:
        if refusal.reason == "encrypted":
            contents.notice("encrypted", "medium")
        contents.skipped.append(Skipped(refusal.reason))
        return contents
    try:
        _read_document(document, contents)
    finally:
        document.close()
    return contents


def opened(data: bytes) -> pdfium.PdfDocument:
    """The document, to be closed by the caller; raises `Refusal`."""
    try:
        return pdfium.PdfDocument(data)
    except BROKEN_PDF as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise Refusal("encrypted" if locked else "damaged-pdf") from error


def _read_document(document: pdfium.PdfDocument, contents: Contents) -> None:
    count = len(document)
    contents.has_pages(count)
    _headings(document, contents)
    if _has_author(document):
        note_author(contents)
    until = time.monotonic() + _SECONDS
    for number in range(1, min(count, MAX_PAGES) + 1):
        if contents.is_full or time.monotonic() > until:
            rest = Place("page", number, min(count, MAX_PAGES))
            left = rest.last - rest.first + 1
            contents.skipped.append(Skipped("text-limit" if contents.is_full else "time-limit", rest, left))
            break
        try:
            contents.add_page(_text(document, number, contents))
        except BROKEN_PDF:
            contents.skipped.append(Skipped("damaged-page", Place("page", number, number)))
            contents.add_page("")
    if contents.pages and not any(text.strip() for text in contents.pages):
        contents.notice("no-text", "info")


def _text(document: pdfium.PdfDocument, number: int, contents: Contents) -> str:
    page = document[number - 1]
    try:
        text = page.get_textpage()
        try:
            # A range, for words that stand outside the visible part of the page are in the file as well.
            most = text.count_chars()
            if most > _MOST_CHARACTERS:
                contents.skipped.append(Skipped("text-limit", Place("page", number, number)))
            found: str = text.get_text_range(0, min(most, _MOST_CHARACTERS))
            return found.translate(_HYPHENS)
        finally:
            text.close()
    finally:
        page.close()


def _headings(document: pdfium.PdfDocument, contents: Contents) -> None:
    try:
        for bookmark in islice(_bookmarks(document), MAX_HEADINGS):
            contents.add_heading(bookmark.get_title() or "")
    except BROKEN_PDF:
        contents.skipped.append(Skipped("damaged-outline"))


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[pdfium.PdfBookmark]:
    yield from document.get_toc(max_depth=4)


def _has_author(document: pdfium.PdfDocument) -> bool:
    try:
        return bool(str(document.get_metadata_value("Author")).strip())
    except BROKEN_PDF:
        return False
