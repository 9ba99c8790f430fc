"""What an office file holds beside its text: authors, links, embedded files, macros, outside content."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from assessments.analysers.analysis import Place, Secret, Skipped
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.contents import Contents

_AUTHORS: Final = frozenset(
    ("creator", "lastModifiedBy", "initial-creator", "Manager", "Company", "printed-by")
)
_PROPERTIES: Final = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
_EMBEDDED: Final = re.compile(
    r"(?:word|xl|ppt)/embeddings/.+|Object \d+/content\.xml|ObjectReplacements/.+\.bin"
)
_MACROS: Final = re.compile(r".*vbaProject\.bin|(?:Basic|Scripts)/.+", re.IGNORECASE)
# Where a new line of words begins.
_LINES: Final = frozenset(("p", "h", "si", "row", "comment", "property", "text", "pt", "title"))
# How things look, which holds no sentence of anybody's.
_WORDLESS: Final = re.compile(
    r"(?:.*/)?(?:theme\d*|fontTable|webSettings|settings|numbering|tableStyles|calcChain)\.xml"
    r"|(?:word|xl)/styles\.xml|META-INF/.+"
)
_MOST_RELATIONS: Final = 2_000


def look_around(archive: Archive, contents: Contents) -> None:
    """Add what the names, properties and relations of the package tell."""
    names = archive.names
    embedded = sum(1 for name in names if _EMBEDDED.fullmatch(name))
    if embedded:
        contents.notice("embedded-file", "medium", count=embedded)
        contents.skipped.append(Skipped("embedded-file", count=embedded))
    if any(map(_MACROS.fullmatch, names)):
        contents.notice("office-macros", "high")
    _authors(archive, contents)
    _relations(archive, contents)
    _other_words(archive, contents)


def _authors(archive: Archive, contents: Contents) -> None:
    for name in _PROPERTIES:
        if name not in archive:
            continue
        try:
            root = archive.xml(name)
        except Refusal as refusal:
            contents.skipped.append(Skipped(refusal.reason, detail=name.rsplit("/", 1)[-1]))
            continue
        if any(_local(element.tag) in _AUTHORS and (element.text or "").strip() for element in root.iter()):
            note_author(contents)


def words_of(root: Element) -> Iterator[str]:
    """Every word below an element, one string a paragraph, cell or remark, whether it is shown or not."""
    parts: list[str] = []
    waiting: list[Element | str] = [root]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            parts.append(current)
            continue
        if parts and _local(current.tag) in _LINES:
            yield "".join(parts)
            parts.clear()
        parts.append(current.text or "")
        for child in reversed(current):
            waiting.extend((child.tail or "", child))
    yield "".join(parts)


def _other_words(archive: Archive, contents: Contents) -> None:
    """Keep the words of parts that nobody reads as text: remarks, drawings, properties, charts."""
    for name in archive.unread:
        if not name.endswith(".xml") or name.startswith("[") or _WORDLESS.fullmatch(name):
            continue
        try:
            contents.beside.append("\n".join(filter(str.strip, words_of(archive.xml(name)))))
        except Refusal as refusal:
            contents.skipped.append(Skipped(refusal.reason, detail=name.rsplit("/", 1)[-1]))


def note_author(contents: Contents) -> None:
    """Say once that the properties name someone."""
    if not any(secret.code == "document-author" for secret in contents.secrets):
        contents.secrets.append(Secret("document-author", Place(contents.unit, 1, 1)))


def _relations(archive: Archive, contents: Contents) -> None:
    links, outside = 0, 0
    for name in [name for name in archive.names if name.endswith(".rels")][:_MOST_RELATIONS]:
        try:
            root = archive.xml(name)
        except Refusal as refusal:
            contents.skipped.append(Skipped(refusal.reason, detail=name.rsplit("/", 1)[-1]))
            continue
        for relation in root:
            if relation.get("TargetMode") != "External":
                continue
            if relation.get("Type", "").endswith("/hyperlink"):
                links += 1
            else:
                outside += 1
    if any(name.startswith("xl/externalLinks/externalLink") for name in archive.names):
        outside += 1
    contents.facts["links"] = contents.facts.get("links", 0) + links
    if outside:
        contents.notice("external-content", "medium", count=outside)


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]
