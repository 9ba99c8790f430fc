"""Read the cells of an XLSX workbook as text, sheet by sheet (ECMA-376, SpreadsheetML)."""

import re
from typing import Final
from xml.etree.ElementTree import Element

from assessments.analysers.analysis import Skipped
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.contents import MAX_PAGES, Contents
from assessments.analysers.documents.packages import look_around

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TARGET: Final = re.compile(r"(?:/xl/|\./)?(worksheets/[\w.-]{1,100}\.xml)")


def read(archive: Archive) -> Contents:
    """One page a sheet; raises `Refusal` when the workbook itself cannot be read."""
    contents = Contents("page")
    sheets = archive.xml("xl/workbook.xml").findall(f"{_S}sheets/{_S}sheet")
    contents.has_pages(len(sheets))
    targets, strings = _targets(archive), _strings(archive, contents)
    for number, sheet in enumerate(sheets[:MAX_PAGES], 1):
        if contents.is_full:
            break
        contents.add_heading(sheet.get("name", ""))
        if sheet.get("state", "visible") != "visible":
            contents.notice("hidden-sheet", "info")
        try:
            root = archive.xml(targets.get(sheet.get(_R, ""), f"xl/worksheets/sheet{number}.xml"))
        except Refusal as refusal:
            contents.skipped.append(Skipped(refusal.reason, detail=f"sheet {number}"))
            contents.add_page("")
            continue
        contents.add_page("\n".join(_row(row, strings) for row in root.iter(f"{_S}row")))
    look_around(archive, contents)
    return contents


def _targets(archive: Archive) -> dict[str, str]:
    try:
        relations = archive.xml("xl/_rels/workbook.xml.rels")
    except Refusal:
        return {}
    found = {}
    for relation in relations:
        match = _TARGET.fullmatch(relation.get("Target", ""))
        if match:
            found[relation.get("Id", "")] = f"xl/{match[1]}"
    return found


def _strings(archive: Archive, contents: Contents) -> list[str]:
    if "xl/sharedStrings.xml" not in archive:
        return []
    try:
        root = archive.xml("xl/sharedStrings.xml")
    except Refusal as refusal:
        contents.skipped.append(Skipped(refusal.reason, detail="sharedStrings.xml"))
        return []
    return ["".join(part.text or "" for part in item.iter(f"{_S}t")) for item in root.findall(f"{_S}si")]


def _row(row: Element, strings: list[str]) -> str:
    return "\t".join(_cell(cell, strings) for cell in row.iter(f"{_S}c"))


def _cell(cell: Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_S}t"))
    value = cell.findtext(f"{_S}v") or ""
    if cell.get("t") != "s":
        return value
    known = value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(strings)
    return strings[int(value)] if known else ""
