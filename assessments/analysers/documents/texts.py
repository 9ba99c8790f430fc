"""Read a text file: Markdown, tables, data or plain lines."""

import csv
import io
import json
import re
from typing import Final

from assessments.analysers.analysis import Skipped
from assessments.analysers.documents.contents import Contents, plain

_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t]+(.{1,400}?)[ \t#]*$", re.MULTILINE)
_UNDERLINED: Final = re.compile(r"^(\S[^\n]{0,200})\n(?:={3,200}|-{3,200})[ \t]*$", re.MULTILINE)
_LINK: Final = re.compile(r"\bhttps?://[^\s<>)\]\"']{3,}")
_FENCE: Final = re.compile(r"^ {0,3}(?:```|~~~)")
_WORD: Final = re.compile(r"\S+")
_SAMPLE: Final = 65_536
_BEGINNING: Final = 20_000
# JSON takes many times its size in memory.
_MOST_DATA: Final = 10_000_000


def read(text: str, label: str) -> Contents:
    """Facts by what the text is; only its beginning is kept as a page, for the file itself is at hand."""
    contents = Contents("line", source=text, pages=[plain(text[:_BEGINNING])])
    text = plain(text)
    contents.facts |= {
        "words": sum(1 for _ in _WORD.finditer(text)),
        "characters": len(text),
        "lines": text.count("\n") + (1 if text and not text.endswith("\n") else 0),
        "links": sum(1 for _ in _LINK.finditer(text)),
    }
    if label == "markdown":
        _markdown(text, contents)
    elif label == "csv":
        _table(text, contents)
    elif label == "json":
        _data(text, contents)
    return contents


def _markdown(text: str, contents: Contents) -> None:
    outside, fenced = [], False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            outside.append(line)
    prose = "\n".join(outside)
    found = [(m.start(), m[1]) for pattern in (_HEADING, _UNDERLINED) for m in pattern.finditer(prose)]
    for _, heading in sorted(found):
        contents.add_heading(heading)


def _table(text: str, contents: Contents) -> None:
    delimiter = max(",;\t|", key=text[:_SAMPLE].count)
    columns = rows = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows += bool(row)
            columns = max(columns, len(row))
    except csv.Error:
        contents.skipped.append(Skipped("damaged-table"))
    contents.facts |= {"rows": rows, "columns": columns}


def _data(text: str, contents: Contents) -> None:
    if len(text) > _MOST_DATA:
        contents.skipped.append(Skipped("limit"))
        return
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        contents.skipped.append(Skipped("damaged-json"))
        return
    if isinstance(data, dict | list):
        contents.facts["shape"] = "object" if isinstance(data, dict) else "array"
        contents.facts["members"] = len(data)
