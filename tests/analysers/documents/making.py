"""Documents written by hand for the tests, byte for byte."""

# ruff: noqa: E501 (documents are as long as they are)

import io
import zipfile
from collections.abc import Mapping, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{author}</dc:creator></cp:coreProperties>'
)


def zipped(members: Mapping[str, str | bytes], *, stored_first: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            how = zipfile.ZIP_STORED if name == stored_first else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data, how)
    return out.getvalue()


def paragraph(text: str, *, style: str = "", level: int | None = None) -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/></w:numPr>' if level is not None else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, **others: str | bytes) -> bytes:
    """A DOCX with this body; `others` are further members, their names with ``__`` for a slash."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}"><w:style w:styleId="Titre1"><w:name w:val="heading 1"/>'
        '</w:style><w:style w:styleId="Titre2"><w:name w:val="heading 2"/></w:style></w:styles>',
    }
    return zipped(members | others)


def relations(*targets: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{RELATIONS}">{entries}</Relationships>'


def xlsx(sheets: Mapping[str, Sequence[Sequence[str]]], *, hidden: str = "") -> bytes:
    """Cells as inline texts, but for the first of each row, which is a shared one."""
    shared: list[str] = []
    members: dict[str, str | bytes] = {"[Content_Types].xml": TYPES}
    for number, rows in enumerate(sheets.values(), 1):
        lines = []
        for first, *rest in rows:
            shared.append(first)
            cells = f'<c t="s"><v>{len(shared) - 1}</v></c>' + "".join(
                f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in rest
            )
            lines.append(f"<row>{cells}</row>")
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{S}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        )
    entries = "".join(
        f'<sheet name="{name}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if name == hidden else ""}/>'
        for n, name in enumerate(sheets, 1)
    )
    members["xl/workbook.xml"] = f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{entries}</sheets></workbook>'
    targets = "".join(
        f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
    )
    members["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{targets}</Relationships>'
    members["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{S}">' + "".join(f"<si><t>{text}</t></si>" for text in shared) + "</sst>"
    )
    return zipped(members)


def pptx(slides: Sequence[Sequence[str]]) -> bytes:
    members: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>"}
    for number, lines in enumerate(slides, 1):
        body = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
        members[f"ppt/slides/slide{number}.xml"] = f'<s xmlns:a="{A}">{body}</s>'
    return zipped(members)


def open_document(kind: str, body: str, **others: str | bytes) -> bytes:
    """An OpenDocument file of ``text``, ``spreadsheet`` or ``presentation``."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("meta", "meta"),
        )
    )
    content = (
        f'<office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body>'
        f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    members: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
    }
    return zipped(members | others, stored_first="mimetype")


def pdf(
    pages: Sequence[str],
    *,
    catalog: str = "",
    info: str = "",
    extra: Sequence[str] = (),
    page: str = "",
    size: str = "595 842",
) -> bytes:
    """A PDF with a line of text on each page; `extra` objects follow the pages and are numbered from 10,000."""
    objects: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    kids = []
    for number, text in enumerate(pages):
        at = 10 + 2 * number
        kids.append(f"{at} 0 R")
        drawn = "".join(
            f"BT /F1 12 Tf 40 {800 - 20 * n} Td ({line}) Tj ET\n" for n, line in enumerate(text.split("\n"))
        ).encode("latin-1")
        objects[at] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {at + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> >> {page} >>"
        ).encode()
        objects[at + 1] = b"<< /Length %d >>\nstream\n" % len(drawn) + drawn + b"endstream"
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>".encode()
    for number, text in enumerate(extra, 10_000):
        objects[number] = text.encode("latin-1")
    if info:
        objects[4] = f"<< {info} >>".encode()
    return _assembled(objects, "/Info 4 0 R" if info else "")


def _assembled(objects: Mapping[int, bytes], trailer: str) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in places.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    size = max(objects) + 1
    out.write(f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
