"""Read the text of a PPTX presentation, slide by slide (ECMA-376, PresentationML)."""

import re
from typing import Final
from xml.etree.ElementTree import Element

from assessments.analysers.analysis import Skipped
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.contents import MAX_PAGES, Contents
from assessments.analysers.documents.packages import look_around

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE: Final = re.compile(r"ppt/slides/slide(\d{1,5})\.xml")


def read(archive: Archive) -> Contents:
    """One page a slide, its notes behind it."""
    contents = Contents("page")
    numbers = sorted(int(match[1]) for match in map(_SLIDE.fullmatch, archive.names) if match)
    contents.has_pages(len(numbers))
    for number in numbers[:MAX_PAGES]:
        if contents.is_full:
            break
        try:
            lines = _lines(archive.xml(f"ppt/slides/slide{number}.xml"))
            if lines:
                contents.add_heading(lines[0])
            notes = f"ppt/notesSlides/notesSlide{number}.xml"
            if notes in archive:
                lines += _lines(archive.xml(notes))
        except Refusal as refusal:
            contents.skipped.append(Skipped(refusal.reason, detail=f"slide {number}"))
            lines = []
        contents.add_page("\n".join(lines))
    look_around(archive, contents)
    return contents


def _lines(root: Element) -> list[str]:
    paragraphs = ("".join(part.text or "" for part in p.iter(f"{_A}t")) for p in root.iter(f"{_A}p"))
    return [text for text in paragraphs if text.strip()]
