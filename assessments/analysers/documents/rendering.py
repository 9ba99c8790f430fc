"""Show a document without running anything of it: pages as pictures, texts as a few harmless elements."""

import io
import math
from html import escape
from typing import BinaryIO, Final

import nh3
from markdown_it import MarkdownIt

from assessments.analysers.documents import open_document, word
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.blocks import MAX_BLOCKS, Block
from assessments.analysers.documents.pdf import BROKEN_PDF, opened
from assessments.analysers.recognising import Recognised
from assessments.analysers.recognition.decoding import decode
from workbench.confined import Refused

MIN_WIDTH: Final = 50
MAX_WIDTH: Final = 2_400
MAX_HEIGHT: Final = 8_000
MAX_PIXELS: Final = 10_000_000
MAX_SOURCE: Final = 1_000_000
MAX_BYTES: Final = 60_000_000

_MARKDOWN: Final = MarkdownIt(
    "commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 30}
).enable(["table", "strikethrough"])
_ELEMENTS: Final = (
    "h1 h2 h3 h4 h5 h6 p br hr ul ol li blockquote pre code em strong s a table thead tbody tr th td"
)
_TAGS: Final = set(_ELEMENTS.split())


def pages(content: BinaryIO) -> int:
    """How many pages a PDF has; raises `Refused` (``encrypted``, ``damaged-pdf``)."""
    document = _opened(content)
    try:
        return len(document)
    finally:
        document.close()


def page_image(content: BinaryIO, number: int, width: int) -> bytes:
    """Page `number` (from 1) of a PDF as PNG, `width` pixels wide unless it would be too high for that.

    Forms are not filled in and no script is run. Raises `Refused` (also ``no-page``).
    """
    document = _opened(content)
    try:
        if not 1 <= number <= len(document):
            raise Refused("no-page")
        page = document[number - 1]
        across, down = page.get_size()
        scale = _scale(across, down, max(MIN_WIDTH, min(width, MAX_WIDTH)))
        picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    except BROKEN_PDF as error:
        raise Refused("no-page") from error
    finally:
        document.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()


def _scale(across: float, down: float, width: int) -> float:
    """Pixels for each point of the page, so that the picture stays within `MAX_PIXELS`."""
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0):
        raise Refused("no-page")
    # PDFium rounds both sides up to whole pixels.
    scale = min(
        (width - 0.5) / across, (MAX_HEIGHT - 0.5) / down, math.sqrt(MAX_PIXELS / (across * down)) * 0.99
    )
    if across * scale < 1 or down * scale < 1:
        raise Refused("no-page")
    return scale


def _opened(content: BinaryIO):  # type: ignore[no-untyped-def]
    data = content.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("too-large")
    try:
        return opened(data)
    except Refusal as refusal:
        raise Refused(refusal.reason) from refusal


def html_of(content: BinaryIO, recognised: Recognised) -> str:
    """Markdown, DOCX and ODT as HTML of headings, paragraphs, lists, tables and links, nothing else.

    Raises `Refused` (``no-html`` for any other kind).
    """
    if recognised.label_code == "markdown":
        decoded = decode(content.read(MAX_BYTES), cut=False)
        if decoded is None:
            raise Refused("no-html")
        return _clean(_MARKDOWN.render(decoded.text[:MAX_SOURCE]))
    readers = {"docx": word.blocks_of, "odt": open_document.blocks_of}
    if recognised.label_code not in readers:
        raise Refused("no-html")
    try:
        blocks = list(readers[recognised.label_code](Archive(content)))[:MAX_BLOCKS]
    except Refusal as refusal:
        raise Refused(refusal.reason) from refusal
    return _clean(_markup(blocks))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )


def _markup(blocks: list[Block]) -> str:
    """The blocks in their order; items of a deeper level become a list within the item before them."""
    parts: list[str] = []
    depth, size = 0, 0
    for block in blocks:
        if block.kind == "item":
            level = min(block.level, depth + 1)
            opening = "<ul>" if level > depth else "</li>" + "</ul></li>" * (depth - level)
            parts.append(f"{opening}<li>{_lines(block.text)}")
        else:
            level = 0
            parts.append("</li></ul>" * depth + _one(block))
        depth = level
        size += len(parts[-1])
        if size > MAX_SOURCE:
            break
    return "".join(parts) + "</li></ul>" * depth


def _one(block: Block) -> str:
    if block.kind == "heading":
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if block.kind == "table":
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block.rows)
        return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"
    return f"<p>{_lines(block.text)}</p>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
