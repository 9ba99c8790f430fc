"""Write the reports that go with a configuration or a capture, as PDF and as Markdown."""

import codecs
import hashlib
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.demo.captures import Capture
from workbench.demo.words import Subject, reports

_PAGE: Final = (595, 842)  # A4 in points
_MARGIN: Final = 62
_FONTS: Final = {"text": "F1", "heading": "F2", "code": "F3"}
_FONT_NAMES: Final = ("Helvetica", "Helvetica-Bold", "Courier")
_CREATED: Final = "D:20250310091244Z"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A short report in one language."""

    title: str
    byline: str
    language: str
    sections: tuple[Section, ...]


def firewall_report(*, quality: int, language: str, author: str) -> Report:
    """The report of a learner who reviewed a firewall; better work has more of the sections."""
    sections = tuple(
        Section(heading[language], text[language], code)
        for least, heading, text, code in reports.FIREWALL
        if quality >= least
    )
    return _report("firewall", language, author, sections)


def traffic_report(capture: Capture, *, quality: int, language: str, author: str) -> Report:
    """The report on a capture: from quality 2 on it states what is really in there."""
    facts: Mapping[str, str | int] = {**capture.facts, "packets": capture.packets}
    scenario = str(capture.facts["scenario"])
    findings = reports.TRAFFIC_FINDINGS[scenario] if quality >= 2 else reports.TRAFFIC_VAGUE
    sections = [
        Section(heading[language], text[language] % facts, code)
        for least, heading, text, code in reports.TRAFFIC_METHOD
        if quality >= least
    ]
    sections.append(Section(reports.FINDINGS_HEADING[language], findings[language] % facts))
    if quality >= 3:
        advice = reports.TRAFFIC_ADVICE[scenario][language]
        sections.append(Section(reports.ADVICE_HEADING[language], advice))
    return _report("traffic", language, author, tuple(sections))


def _report(subject: Subject, language: str, author: str, sections: tuple[Section, ...]) -> Report:
    byline = reports.BYLINE[language] % {"author": author}
    return Report(reports.TITLES[subject][language], byline, language, sections)


def as_markdown(report: Report) -> bytes:
    """The report as UTF-8 Markdown."""
    parts = [f"# {report.title}", f"*{report.byline}*"]
    for section in report.sections:
        parts += [f"## {section.heading}", textwrap.fill(section.text, 100)]
        if section.code:
            parts.append(f"```\n{section.code}\n```")
    return ("\n\n".join(parts) + "\n").encode()


def as_pdf(report: Report) -> bytes:
    """The report as PDF 1.4 with the standard fonts; the same report gives the same bytes."""
    pages = [b"".join(page) for page in _pages(report)]
    first = 4 + len(_FONT_NAMES)  # objects 1 to 3 are catalogue, page tree and information
    fonts = " ".join(f"/F{at + 1} {4 + at} 0 R" for at in range(len(_FONT_NAMES)))
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Lang ({report.language}) >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Title {_hex(report.title)} /Author {_hex(report.byline)} "
        f"/CreationDate ({_CREATED}) >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in _FONT_NAMES
        ),
    ]
    for at, content in enumerate(pages):
        box = f"[0 0 {_PAGE[0]} {_PAGE[1]}]"
        resources = f"<< /Font << {fonts} >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources {resources} "
            f"/Contents {first + 2 * at + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    """Number the objects, then write the cross-reference table and the trailer (ISO 32000-1, section 7.5)."""
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    digest = hashlib.sha256(out).hexdigest()[:32]
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, size = len(out), len(objects) + 1
    trailer = f"<< /Size {size} /Root 1 0 R /Info 3 0 R /ID [<{digest}> <{digest}>] >>".encode()
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    return out + b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def _pages(report: Report) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    height = _PAGE[1] - _MARGIN
    for style, size, text in _lines(report):
        height -= round(size * 1.5)
        if height < _MARGIN:
            yield page
            page, height = [], _PAGE[1] - _MARGIN
        if text:
            page.append(
                b"BT /%b %d Tf %d %d Td (%b) Tj ET\n"
                % (style.encode(), size, _MARGIN, height, _escaped(text))
            )
    yield page


def _lines(report: Report) -> Iterator[tuple[str, int, str]]:
    """Font, size in points and text of each line; empty texts are space."""
    yield _FONTS["heading"], 20, report.title
    yield _FONTS["text"], 11, report.byline
    for section in report.sections:
        yield _FONTS["text"], 11, ""
        yield _FONTS["heading"], 13, section.heading
        for line in textwrap.wrap(section.text, 88):
            yield _FONTS["text"], 11, line
        for line in section.code.splitlines():
            yield _FONTS["code"], 10, line


def _escaped(text: str) -> bytes:
    encoded = "".join(map(_printable, text)).encode("cp1252")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _printable(character: str) -> str:
    """The character itself where the standard fonts have it, else the nearest they have."""
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", character.replace("ı", "i")).encode("ascii", "ignore").decode()
        return plain or "?"
    return character


def _hex(text: str) -> str:
    encoded = codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return f"<{encoded.hex()}>"
