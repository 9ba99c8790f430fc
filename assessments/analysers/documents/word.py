"""Read the text of a DOCX file and what else is in it (ECMA-376, WordprocessingML)."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from assessments.analysers.analysis import Skipped
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.blocks import MAX_BLOCKS, Block, table
from assessments.analysers.documents.contents import Contents
from assessments.analysers.documents.packages import look_around, words_of

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN: Final = "word/document.xml"
_BESIDE: Final = re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
_HEADING: Final = re.compile(r"(?:heading|titre|kop)\s?([1-9])", re.IGNORECASE)
# Deleted text, field codes and the older spelling of a drawing are not what a reader sees.
_UNSEEN: Final = frozenset((f"{_W}delText", f"{_W}instrText", f"{_W}del", f"{_W}pPr", f"{_W}rPr"))
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(archive: Archive) -> Contents:
    """The text with its headings; raises `Refusal` when the main part cannot be read."""
    contents = Contents("line")
    root = archive.xml(_MAIN)
    parts = list(_blocks(root, archive))
    if len(parts) > MAX_BLOCKS:
        contents.skipped.append(Skipped("text-limit"))
        del parts[MAX_BLOCKS:]
    for part in parts:
        if part.kind == "heading":
            contents.add_heading(part.text)
    lines = [part.text for part in parts]
    for name in sorted(filter(_BESIDE.fullmatch, archive.names)):
        try:
            beside = archive.xml(name)
        except Refusal as refusal:
            contents.skipped.append(Skipped(refusal.reason, detail=name.rsplit("/", 1)[-1]))
            continue
        lines.extend(text for text in map(_text, beside.iter(f"{_W}p")) if text)
    contents.add_page("\n".join(lines))
    # With what was deleted, and what stands where no reader shows it: it is in the file all the same.
    contents.beside.append("\n".join(words_of(root)))
    # Deleted words stay in a file with tracked changes.
    if any(root.find(f".//{_W}{kind}") is not None for kind in ("del", "ins")):
        contents.notice("tracked-changes", "low")
    look_around(archive, contents)
    return contents


def blocks_of(archive: Archive) -> Iterator[Block]:
    """The body, part by part; raises `Refusal`."""
    yield from _blocks(archive.xml(_MAIN), archive)


def _blocks(root: Element, archive: Archive) -> Iterator[Block]:
    body = root.find(f"{_W}body")
    if body is None:
        raise Refusal("missing-part")
    levels = _heading_levels(archive)
    for element in _flat(body):
        if element.tag == f"{_W}p":
            text = _text(element)
            if text.strip():
                yield _paragraph(element, text, levels)
        elif element.tag == f"{_W}tbl":
            rows = [
                ["\n".join(map(_text, cell.iter(f"{_W}p"))) for cell in row.iter(f"{_W}tc")]
                for row in element.findall(f"{_W}tr")
            ]
            yield table(rows)


def _flat(body: Element) -> Iterator[Element]:
    """The children of the body with those that content controls wrap."""
    for element in body:
        if element.tag == f"{_W}sdt":
            yield from (child for holder in element.findall(f"{_W}sdtContent") for child in holder)
        else:
            yield element


def _paragraph(element: Element, text: str, levels: dict[str, int]) -> Block:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    level = levels.get(style.get(f"{_W}val", ""), 0) if style is not None else 0
    if level:
        return Block("heading", text, level)
    number = element.find(f"{_W}pPr/{_W}numPr")
    if number is None:
        return Block("paragraph", text)
    depth = number.find(f"{_W}ilvl")
    value = depth.get(f"{_W}val", "0") if depth is not None else "0"
    return Block("item", text, min(int(value), 8) + 1 if value.isdecimal() and len(value) < 3 else 1)


def _heading_levels(archive: Archive) -> dict[str, int]:
    """Style identifiers differ by language; the names of the built-in styles do not."""
    try:
        styles = archive.xml("word/styles.xml").findall(f"{_W}style")
    except Refusal:
        return {f"Heading{level}": level for level in range(1, 7)}
    levels: dict[str, int] = {}
    for style in styles:
        name = style.find(f"{_W}name")
        match = _HEADING.fullmatch(name.get(f"{_W}val", "")) if name is not None else None
        if match:
            levels[style.get(f"{_W}styleId", "")] = min(int(match[1]), 6)
    return levels


def _text(element: Element) -> str:
    """The text of a paragraph as it is read."""
    parts: list[str] = []
    waiting = [element]
    while waiting:
        current = waiting.pop()
        tag = current.tag
        if tag in _UNSEEN or tag == _FALLBACK:
            continue
        if tag == f"{_W}t":
            parts.append(current.text or "")
        elif tag == f"{_W}tab":
            parts.append("\t")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        waiting.extend(reversed(current))
    return "".join(parts)
