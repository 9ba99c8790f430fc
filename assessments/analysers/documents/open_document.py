"""Read the text of OpenDocument files: ODT, ODS and ODP (OASIS OpenDocument 1.3)."""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from assessments.analysers.analysis import Skipped
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.blocks import MAX_BLOCKS, Block, table
from assessments.analysers.documents.contents import MAX_PAGES, Contents
from assessments.analysers.documents.packages import look_around, words_of

_OASIS: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE: Final = f"{_OASIS}office:1.0}}"
_TEXT: Final = f"{_OASIS}text:1.0}}"
_TABLE: Final = f"{_OASIS}table:1.0}}"
_DRAW: Final = f"{_OASIS}drawing:1.0}}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_ANNOTATION: Final = f"{_OFFICE}annotation"
_UNSEEN: Final = frozenset((f"{_TEXT}tracked-changes", f"{_OFFICE}forms"))
_MOST_REPEATED: Final = 100
_LOADED: Final = (f"{_DRAW}image", f"{_DRAW}object", f"{_DRAW}plugin", f"{_DRAW}floating-frame")


def read(archive: Archive) -> Contents:
    """The text by sheet or slide, or as one page with lines; raises `Refusal`."""
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        contents = Contents("line")
        contents.notice("encrypted", "medium")
        contents.skipped.append(Skipped("encrypted"))
        return contents
    root = archive.xml("content.xml")
    body = root.find(f"{_OFFICE}body")
    if body is None or not len(body):
        raise Refusal("missing-part")
    inner = body[0]
    if inner.tag == f"{_OFFICE}spreadsheet":
        contents = _sheets(inner)
    elif inner.tag == f"{_OFFICE}presentation":
        contents = _slides(inner)
    else:
        contents = _document(inner)
    _links(root, contents)
    if root.find(f".//{_TEXT}tracked-changes") is not None:
        contents.notice("tracked-changes", "low")
    look_around(archive, contents)
    return contents


def blocks_of(archive: Archive) -> Iterator[Block]:
    """The body of a text, part by part; raises `Refusal`."""
    body = archive.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Refusal("missing-part")
    yield from _blocks(body, 0)


def _blocks(holder: Element, depth: int) -> Iterator[Block]:
    for element in holder:
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            text = _text(element)
            if not text.strip():
                continue
            level = element.get(f"{_TEXT}outline-level", "1")
            if element.tag == f"{_TEXT}h":
                yield Block("heading", text, min(int(level), 6) if level in tuple("123456789") else 1)
            else:
                yield Block("item", text, min(depth, 9)) if depth else Block("paragraph", text)
        elif element.tag == f"{_TABLE}table":
            yield table([[_cell(cell) for cell in _cells(row)] for row in element.iter(f"{_TABLE}table-row")])
        elif element.tag in (f"{_TEXT}list", f"{_TEXT}list-item", f"{_TEXT}section", f"{_TEXT}list-header"):
            yield from _blocks(element, depth + (element.tag == f"{_TEXT}list"))


def _document(inner: Element) -> Contents:
    contents = Contents("line")
    parts = list(_blocks(inner, 0))
    if len(parts) > MAX_BLOCKS:
        contents.skipped.append(Skipped("text-limit"))
        del parts[MAX_BLOCKS:]
    for part in parts:
        if part.kind == "heading":
            contents.add_heading(part.text)
    notes = [_text(p) for note in inner.iter(_ANNOTATION) for p in note.iter(f"{_TEXT}p")]
    contents.add_page("\n".join([*(part.text for part in parts), *notes]))
    # With what was deleted and is still in the file.
    contents.beside.append("\n".join(words_of(inner)))
    return contents


def _sheets(inner: Element) -> Contents:
    contents = Contents("page")
    sheets = inner.findall(f"{_TABLE}table")
    contents.has_pages(len(sheets))
    for sheet in sheets[:MAX_PAGES]:
        if contents.is_full:
            break
        contents.add_heading(sheet.get(f"{_TABLE}name", ""))
        rows = ("\t".join(map(_cell, _cells(row))).rstrip() for row in sheet.iter(f"{_TABLE}table-row"))
        contents.add_page("\n".join(filter(None, rows)))
    return contents


def _slides(inner: Element) -> Contents:
    contents = Contents("page")
    slides = inner.findall(f"{_DRAW}page")
    contents.has_pages(len(slides))
    for slide in slides[:MAX_PAGES]:
        if contents.is_full:
            break
        lines = [text for text in map(_text, slide.iter(f"{_TEXT}p")) if text.strip()]
        if lines:
            contents.add_heading(lines[0])
        contents.add_page("\n".join(lines))
    return contents


def _cells(row: Element) -> Iterator[Element]:
    """The cells of a row; one that is repeated to the edge of the sheet counts a bounded number of times."""
    for cell in row:
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        times = min(int(repeated), _MOST_REPEATED) if repeated.isdecimal() and len(repeated) < 8 else 1
        yield from [cell] * (times if len(cell) else 1)


def _cell(cell: Element) -> str:
    return " ".join(map(_text, cell.iter(f"{_TEXT}p")))


def _text(element: Element) -> str:
    parts: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            parts.append(current)
            continue
        if current.tag in _UNSEEN or (current.tag == _ANNOTATION and current is not element):
            continue
        parts.append(current.text or "")
        if current.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif current.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif current.tag == f"{_TEXT}s":
            parts.append(" ")
        for child in reversed(current):
            waiting.extend((child.tail or "", child))
    return "".join(parts)


def _links(root: Element, contents: Contents) -> None:
    links = sum(1 for link in root.iter(f"{_TEXT}a") if link.get(_HREF))
    outside = sum(
        1
        for tag in _LOADED
        for element in root.iter(tag)
        if element.get(_HREF, "").lower().startswith(("http:", "https:", "ftp:", "file:", "//", "\\\\"))
    )
    contents.facts["links"] = links
    if outside:
        contents.notice("external-content", "medium", count=outside)
