"""Tell what a decoded text is: a configuration, a script, markup, data or something to read."""

import csv
import json
import re

from assessments.analysers.recognition import dialects

_HTML_ROOTS = frozenset(
    [
        "html",
        "head",
        "body",
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "style",
        "title",
        "link",
        "meta",
        "base",
        "div",
        "span",
        "font",
        "table",
        "center",
        "a",
        "b",
        "br",
        "p",
        "h1",
        "h2",
        "h3",
        "img",
        "video",
        "audio",
        "template",
    ]
)
_MARKDOWN_MARKS = tuple(
    re.compile(source, re.MULTILINE)
    for source in (
        r"^#{1,6} \S",
        r"\A# \S[^\n]{0,200}\r?\n\r?\n",
        r"^(?:```|~~~)",
        r"\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)",
        r"^\|[^\n]{1,500}\|[ \t]*$",
        r"^[ ]{0,3}[-*+] \S",
        r"^[ ]{0,3}\d{1,3}\. \S",
        r"\*\*[^*\n]{1,200}\*\*",
        r"`[^`\n]{1,200}`",
    )
)
_BATCH = re.compile(r"@echo (?:off|on)\b", re.IGNORECASE)
_JSON_START = re.compile(r"(?:\{\s{0,200}[\"}]|\[\s{0,200}[\[\]{\"\dtfn-])")
_CSV_SAMPLE = 50


def text_label(text: str, *, complete: bool) -> str:
    """Return the label code of `text`; `complete` says that it is the whole file."""
    text = text.lstrip("\ufeff \t\r\n\f")
    marked = _program_label(text) or _markup_label(text)
    if marked:
        return marked
    if _is_json(text, complete=complete):
        return dialects.dialect_of_json(text) or "json"
    dialect = dialects.dialect_of_text(text)
    if dialect:
        return dialect
    if sum(1 for mark in _MARKDOWN_MARKS if mark.search(text)) >= 2:
        return "markdown"
    return "csv" if _is_csv(text, complete=complete) else "plain-text"


def _program_label(text: str) -> str | None:
    if text.startswith("#!"):
        words = text[2:200].split("\n", 1)[0].split()
        names = [word.rsplit("/", 1)[-1] for word in words]
        # A rule set that starts with the path of its loader is still a rule set.
        return None if any(name in dialects.SHEBANG_INTERPRETERS for name in names) else "script"
    return "script" if _BATCH.match(text) or text.startswith("<?php") else None


def _markup_label(text: str) -> str | None:
    if text.startswith("{\\rtf"):
        return "rtf"
    return _angled_label(text) if text.startswith("<") else None


def _angled_label(text: str) -> str | None:
    if re.match(r"<!doctype\s{1,8}html", text, re.IGNORECASE):
        return "html"
    root = _root_element(text)
    if root in _HTML_ROOTS:
        return "html"
    if root == "svg":
        return "svg"
    if root and f"</{root}" in text.lower():
        return dialects.dialect_of_xml(root, text) or "xml"
    if text.startswith(("<?xml", "<!DOCTYPE")):
        return (dialects.dialect_of_xml(root, text) if root else None) or "xml"
    return None


def _root_element(text: str) -> str | None:
    """The lower-case local name of the first element, found so that no XML parser meets a stranger's DTD."""
    at = 0
    for _ in range(64):
        rest = text[at : at + 10]
        if rest.startswith("<?"):
            end = text.find("?>", at)
        elif rest.startswith("<!--"):
            end = text.find("-->", at)
        elif rest.startswith("<!"):
            close, subset = text.find(">", at), text.find("[", at)
            end = text.find("]>", at) if 0 <= subset < close else close
        else:
            match = re.compile(r"<(?:[\w-]{1,64}:)?([\w-]{1,64})[\s/>]").match(text, at)
            return match.group(1).lower() if match else None
        if end < 0:
            return None
        at = text.find("<", end)
        if at < 0:
            return None
    return None


def _is_json(text: str, *, complete: bool) -> bool:
    if not _JSON_START.match(text):
        return False
    if not complete:
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_csv(text: str, *, complete: bool) -> bool:
    lines = text.splitlines()
    lines = [line for line in (lines if complete else lines[:-1]) if line.strip()][:_CSV_SAMPLE]
    return len(lines) >= 2 and any(_has_even_columns(lines, delimiter) for delimiter in ",;\t|")


def _has_even_columns(lines: list[str], delimiter: str) -> bool:
    try:
        widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    except csv.Error:
        return False
    columns = widths.pop()
    return not widths and columns >= (2 if len(lines) >= 3 else 3)
