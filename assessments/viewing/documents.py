"""What the viewer of documents shows: pages of a PDF, structured text, or the first rows of a table."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from assessments.analysers.table import DOCUMENTS
from assessments.analysing import detail_of
from assessments.models import Evidence
from assessments.opening import open_evidence
from assessments.viewing.headings import fitted
from assessments.viewing.highlighting import visible
from assessments.viewing.images import Picture, checked, nearest
from assessments.viewing.items import reading_of
from assessments.viewing.opened import Opened
from assessments.viewing.texts import read_lines
from assessments.viewing.windows import PICTURE, TEXT, made

PDF: Final = "application/pdf"
CSV: Final = "text/csv"
# What is shown with its headings, lists and tables.
STRUCTURED: Final = (
    "text/markdown",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
)
# Widths in pixels: leafing through, reading, and opened by itself.
WIDTHS: Final = (180, 1000, 2000)
# Beside the page that is open, so that a long document asks for a few pictures and no more.
THUMBNAILS: Final = 9
# The headings of a document stand below the title of the item, which is of this level beside the rubric.
ABOVE: Final = 3
ROWS_SHOWN: Final = 200
COLUMNS_SHOWN: Final = 30
_CELL: Final = 300
_OPERATIONS: Final = "assessments.analysers.documents.showing"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a PDF, or one sheet or slide, of ``count``.

    ``text`` is all there is of a sheet or slide, and what a reader who sees no picture gets of a page.
    """

    number: int
    count: int
    text: str
    is_drawn: bool
    nearby: tuple[int, ...]

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first rows of a table; the first of them is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What is shown of a document: one of the three."""

    page: Page | None = None
    html: SafeString | None = None
    sheet: Sheet | None = None


def is_shown(opened: Opened) -> bool:
    """Whether the document looks like something: its bare text has a page of its own."""
    media_type = opened.item.media_type
    return media_type in (*STRUCTURED, CSV) or bool(_page_count(opened.item))


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    """``page`` chooses one. Raises DomainError."""
    item, asked = opened.item, query.get("page", "")
    if item.media_type in STRUCTURED:
        return {"document": Document(html=html_of(item, below=ABOVE))}
    if item.media_type == CSV:
        return {"document": Document(sheet=sheet_of(item))}
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return {"document": Document(page=open_page(item, number))}


def drawn_pages(item: Evidence) -> int:
    """How many pages can be drawn; 0 when the item is no PDF that was read."""
    return _page_count(item) if item.media_type == PDF else 0


def open_page(item: Evidence, asked: int) -> Page | None:
    """The page that is asked for, or the nearest there is; None when the document has none."""
    count = _page_count(item)
    if not count:
        return None
    number = min(max(1, asked), count)
    first = max(1, min(number - THUMBNAILS // 2, count - THUMBNAILS + 1))
    nearby = tuple(range(first, min(count, first + THUMBNAILS - 1) + 1))
    return Page(number, count, _text_of(item, number), item.media_type == PDF, nearby)


def _page_count(item: Evidence) -> int:
    reading = reading_of(item)
    pages = reading.facts.get("pages", 0) if reading else 0
    return pages if isinstance(pages, int) else 0


def page_of(item: Evidence, number: int, width: int) -> Picture:
    """A page as a picture. Raises CannotShow."""
    arguments = {"number": number, "width": nearest(width, WIDTHS)}
    return checked(made(item, f"{_OPERATIONS}:page", arguments, PICTURE))


def name_of(number: int, width: int) -> str:
    """What tells one rendering of an item from another, and from those of an earlier version."""
    return f"page-{DOCUMENTS.version}-{number}-{nearest(width, WIDTHS)}"


def html_of(item: Evidence, *, below: int) -> SafeString:
    """The text with its structure, for a place under a heading of level ``below``. Raises CannotShow."""
    html = made(item, f"{_OPERATIONS}:html", {}, TEXT).decode(errors="replace")
    return mark_safe(fitted(html, below=below))  # noqa: S308 (cleaned by nh3 one call before)


def sheet_of(item: Evidence) -> Sheet | None:
    """The first rows of a CSV file; None when its text is no table."""
    with open_evidence(item) as content:
        lines = read_lines(content, most=ROWS_SHOWN + 2)
    if not lines:
        return None
    try:
        rows = list(csv.reader(lines, delimiter=_delimiter(lines[0])))
    except csv.Error:
        return None
    cells = [_cells(row) for row in rows if row]
    if not cells:
        return None
    is_cut = len(cells) > ROWS_SHOWN + 1 or any(len(row) > COLUMNS_SHOWN for row in rows)
    return Sheet(cells[0], tuple(cells[1 : ROWS_SHOWN + 1]), is_cut)


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _cells(row: Iterable[str]) -> tuple[str, ...]:
    return tuple(visible(cell[:_CELL]) for cell in list(row)[:COLUMNS_SHOWN])


def _text_of(item: Evidence, number: int) -> str:
    reading = reading_of(item)
    detail: Any = detail_of(reading) if reading else None
    pages = detail.get("pages", ()) if isinstance(detail, dict) else ()
    return next((visible(page["text"]).strip() for page in pages if page["number"] == number), "")
