"""Which document is read how, by hand: its facts, what is noticed and which secrets stand where.

`docs/analysers.md` is written from this table.
"""

# ruff: noqa: E501 (documents are as long as they are)

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tests.analysers.documents.making import (
    CORE,
    docx,
    open_document,
    paragraph,
    pdf,
    pptx,
    relations,
    xlsx,
)


class Case(NamedTuple):
    """A document, its label, some of its facts, and its findings and secrets as (code, unit, number)."""

    name: str
    label: str
    content: bytes
    facts: Mapping[str, Any]
    findings: frozenset[str] = frozenset()
    secrets: tuple[tuple[str, str, int], ...] = ()


_CELL: Final = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
_TABLE: Final = (
    "<w:tbl>"
    + "".join(
        f"<w:tr>{_CELL.format(a)}{_CELL.format(b)}</w:tr>" for a, b in (("port", "state"), ("22", "open"))
    )
    + "</w:tbl>"
)

CASES: Final = (
    Case(
        "PDF: two pages, an author, an address",
        "pdf",
        pdf(["Firewall report\nAsk ada@apprenante.be", "Second page"], info="/Author (Ada) /Title (Report)"),
        {"pages": 2, "words": 6, "links": 0},
        secrets=(("document-author", "page", 1), ("email-address", "page", 1)),
    ),
    Case(
        "PDF: a script that runs when it is opened",
        "pdf",
        pdf(["Look"], catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        {"pages": 1},
        frozenset(("pdf-javascript",)),
    ),
    Case(
        "PDF: a form, a link, a program, an attachment",
        "pdf",
        pdf(
            ["Fill in"],
            catalog="/AcroForm << /Fields [10000 0 R] >> /Names << /EmbeddedFiles << /Names [(a) 10001 0 R] >> >>",
            page="/Annots [10000 0 R 10003 0 R 10004 0 R]",
            extra=(
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (password: hunter2) /Rect [0 0 9 9] >>",
                "<< /Type /Filespec /F (a.bin) /EF << /F 10002 0 R >> >>",
                "<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
                "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org) >> >>",
                "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (calc.exe) >> >>",
            ),
        ),
        {"pages": 1, "links": 1},
        frozenset(("pdf-form", "pdf-attachment", "pdf-launch")),
        (("password", "page", 1),),
    ),
    Case("PDF: a page without text", "pdf", pdf([""]), {"pages": 1, "words": 0}, frozenset(("no-text",))),
    Case(
        "DOCX: headings, a list, a table, a link, an author",
        "docx",
        docx(
            paragraph("Rapport", style="Titre1")
            + paragraph("Règles", style="Titre2")
            + paragraph("first", level=0)
            + paragraph("enable secret 5 $1$w1Jm$bCt7eJNv.CjWPwyfWcobP0")
            + _TABLE,
            **{
                "docProps/core.xml": CORE.format(author="Ada"),
                "word/_rels/document.xml.rels": relations(("hyperlink", "https://example.org")),
            },
        ),
        {"headings": ["Rapport", "Règles"], "words": 11, "links": 1},
        secrets=(("document-author", "line", 1), ("cisco-type-5", "line", 4)),
    ),
    Case(
        "DOCX: an outside template, an embedded file, tracked changes",
        "docx",
        docx(
            paragraph("Text") + "<w:p><w:del ><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>",
            **{
                "word/_rels/settings.xml.rels": relations(("attachedTemplate", "https://example.org/t.dotm")),
                "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0",
                "word/comments.xml": "<w:comments xmlns:w="
                '"http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                + paragraph("password: hunter2")
                + "</w:comments>",
            },
        ),
        {"words": 3},
        frozenset(("external-content", "embedded-file", "tracked-changes")),
        (("password", "line", 2),),
    ),
    Case(
        "XLSX: two sheets, one hidden",
        "xlsx",
        xlsx({"Hosts": [["name", "address"], ["fw", "00:1b:21:3c:9d:f8"]], "Notes": [["x"]]}, hidden="Notes"),
        {"pages": 2, "headings": ["Hosts", "Notes"], "words": 5},
        frozenset(("hidden-sheet",)),
        (("mac-address", "page", 1),),
    ),
    Case(
        "PPTX: two slides",
        "pptx",
        pptx([["Plan", "Scan the network"], ["Result", "snmp-server community r3ad RO"]]),
        {"pages": 2, "headings": ["Plan", "Result"], "words": 9},
        secrets=(("snmp-community", "page", 2),),
    ),
    Case(
        "ODT: headings, a list, an outside picture",
        "odt",
        open_document(
            "text",
            '<text:h text:outline-level="1">Verslag</text:h><text:p>Een<text:tab/>regel '
            '<text:a xlink:href="https://example.org">link</text:a></text:p>'
            "<text:list><text:list-item><text:p>punt</text:p></text:list-item></text:list>"
            '<text:p><draw:frame><draw:image xlink:href="https://example.org/x.png"/></draw:frame></text:p>',
        ),
        {"headings": ["Verslag"], "words": 5, "links": 1},
        frozenset(("external-content",)),
    ),
    Case(
        "ODS: repeated cells, macros",
        "ods",
        open_document(
            "spreadsheet",
            '<table:table table:name="Blad1"><table:table-row><table:table-cell><text:p>a</text:p>'
            '</table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
            "</table:table>",
            **{"Basic/Standard/Module1.xml": "<m/>"},
        ),
        {"pages": 1, "headings": ["Blad1"], "words": 1},
        frozenset(("office-macros",)),
    ),
    Case(
        "ODP: a slide, an author",
        "odp",
        open_document(
            "presentation",
            "<draw:page><draw:frame><text:p>Titel</text:p></draw:frame></draw:page>",
            **{
                "meta.xml": '<m xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0">'
                "<meta:initial-creator>Bo</meta:initial-creator></m>"
            },
        ),
        {"pages": 1, "headings": ["Titel"], "words": 1},
        secrets=(("document-author", "page", 1),),
    ),
    Case(
        "ODT: encrypted",
        "odt",
        open_document("text", "", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        {"words": 0},
        frozenset(("encrypted",)),
    ),
    Case(
        "Markdown: headings, code, a link, a password",
        "markdown",
        b"# Report\n\nSee https://example.org/a\n\n```\n# not a heading\nusername ada password 0 hunter2\n```\n"
        b"\nConclusion\n----------\n\n- one\n- two\n",
        {"headings": ["Report", "Conclusion"], "lines": 14, "links": 1},
        secrets=(("cisco-type-0", "line", 7),),
    ),
    Case(
        "CSV: rows and columns",
        "csv",
        b"host;mac\nfw;00:1b:21:3c:9d:f8\nsw;01:00:5e:00:00:fb\n",
        {"rows": 3, "columns": 2, "lines": 3},
        secrets=(("mac-address", "line", 2),),
    ),
    Case(
        "JSON: members",
        "json",
        b'{"flows": [1, 2],\n "api_key": "q1w2e3r4t5y6"}',
        {"shape": "object", "members": 2},
        secrets=(("password", "line", 2),),
    ),
    Case(
        "Plain text in UTF-16 with a line end of each kind",
        "plain-text",
        "\ufeffone\r\ntwo\rthree\nwachtwoord: geheim99\n".encode("utf-16-le"),
        {"lines": 4, "words": 5},
        secrets=(("password", "line", 4),),
    ),
)
