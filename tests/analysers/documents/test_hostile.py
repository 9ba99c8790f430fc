"""Whatever the bytes, a document is analysed within limits and says what it left out."""

import io
import time
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from assessments.analysers.analysis import Analysis
from assessments.analysers.documents import archive
from assessments.analysers.documents.analysing import analyse
from assessments.analysers.documents.rendering import html_of, page_image, pages
from assessments.analysers.recognising import HEAD_BYTES, TAIL_BYTES, Recognised, recognise
from tests.analysers.documents.cases import CASES
from tests.analysers.documents.making import W, docx, open_document, paragraph, pdf, xlsx, zipped
from workbench.confined import Refused

LABELS = {
    "docx": Recognised("", "document", "", "docx"),
    "odt": Recognised("", "document", "", "odt"),
    "xlsx": Recognised("", "document", "", "xlsx"),
    "pdf": Recognised("", "document", "", "pdf"),
}


def analysed(data: bytes, label: str) -> Analysis:
    return analyse(io.BytesIO(data), LABELS[label])


def reasons(data: bytes, label: str) -> set[str]:
    return {part.reason for part in analysed(data, label).skipped}


def test_a_zip_bomb_is_not_unpacked() -> None:
    start = time.process_time()
    bomb = docx("", **{"word/document.xml": b"<w>" + b"A" * 60_000_000})
    assert len(bomb) < 100_000
    assert reasons(bomb, "docx") == {"archive-bomb"}
    assert time.process_time() - start < 10


def test_a_member_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(docx("", **{"word/document.xml": b"A" * 40_000_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as opened:
        size = opened.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    small = (100).to_bytes(4, "little")
    lying = bytes(data).replace(size, small)
    assert lying != bytes(data)
    assert reasons(lying, "docx") <= {"archive-bomb", "damaged-archive", "damaged-xml"}
    assert reasons(lying, "docx")


def test_many_bombs_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 300_000)
    sheets = {f"s{n}": [["x" * 90_000]] for n in range(5)}
    analysis = analysed(xlsx(sheets), "xlsx")
    assert {part.reason for part in analysis.skipped} == {"archive-bomb"}


def test_more_members_than_any_document_has_are_refused() -> None:
    assert reasons(zipped({f"m{n}": "" for n in range(archive.MAX_MEMBERS + 1)}), "docx") == {"archive-limit"}


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE w SYSTEM "https://example.org/w.dtd">',
    ],
)
def test_xml_with_a_dtd_is_refused(prologue: str) -> None:
    body = f'{prologue}<w:document xmlns:w="{W}"><w:body>{paragraph("&amp;x;")}</w:body></w:document>'
    data = docx("", **{"word/document.xml": body})
    analysis = analysed(data, "docx")
    assert [part.reason for part in analysis.skipped] == ["xml-dtd"]
    assert "root:" not in str(analysis.to_json())
    with pytest.raises(Refused, match="xml-dtd"):
        html_of(io.BytesIO(data), LABELS["docx"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<w:p>" * 100_000 + "</w:p>" * 100_000, "xml-limit"),
        ("<a/>" * 1_600_000, "xml-limit"),
        ("<w:p>", "damaged-xml"),
    ],
    ids=["deep", "broad", "not closed"],
)
def test_absurd_xml_is_refused(body: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_RATIO", 10_000)
    assert reasons(docx(body), "docx") == {reason}


def test_a_document_inside_a_document_is_named_and_not_opened() -> None:
    inner = docx(paragraph("password: hunter2"))
    analysis = analysed(docx(paragraph("x"), **{"word/embeddings/inner.docx": inner}), "docx")
    assert [finding.code for finding in analysis.findings] == ["embedded-file"]
    assert analysis.secrets == ()


def test_a_missing_or_encrypted_part_is_said() -> None:
    assert reasons(zipped({"a": "b"}), "docx") == {"missing-part"}
    data = bytearray(docx(paragraph("x")))
    at = data.index(b"PK\x01\x02") + 8
    while at > 8:  # the flag of encryption in every entry of the directory
        data[at] |= 1
        at = data.find(b"PK\x01\x02", at) + 8
    assert reasons(bytes(data), "docx") == {"damaged-archive"}


def test_nested_lists_end_somewhere() -> None:
    depth = 80
    body = (
        "<text:list><text:list-item>" * depth
        + "<text:p>deep</text:p>"
        + "</text:list-item></text:list>" * depth
    )
    assert analysed(open_document("text", body), "odt").facts["words"] == 1
    body = "<text:section>" * 5000 + "</text:section>" * 5000
    assert reasons(open_document("text", body), "odt") == {"xml-limit"}


HOSTILE_PDFS = {
    "a page tree that contains itself": pdf(["x"]).replace(b"/Kids [10 0 R]", b"/Kids [ 2 0 R]"),
    "a page that is its own parent": pdf(["x"]).replace(b"/Parent 2 0 R", b"/Parent 10 0 R"[:13] + b"R"),
    "a million pages said, one given": pdf(["x"]).replace(b"/Count 1 ", b"/Count 1000000 "),
    "arrays in arrays": pdf(["x"], extra=("[" * 20_000 + "]" * 20_000,)),
    "dictionaries in dictionaries": pdf(["x"], catalog="/A << " * 3_000 + ">> " * 3_000),
    "an object that is itself": pdf(["x"], extra=("10000 0 R",)),
    "no cross-references": pdf(["x"]).replace(b"xref\n0 1", b"xxxx\n0 1"),
    "a filter named many times": pdf(["x"]).replace(
        b"<< /Length", b"<< /Filter [" + b"/FlateDecode " * 5_000 + b"] /Length"
    ),
    "only a header": b"%PDF-1.7\n",
    "a negative length": pdf(["x"]).replace(b"<< /Length 3", b"<< /Length -"),
    "an outline in a circle": pdf(
        ["x"],
        catalog="/Outlines 10000 0 R",
        extra=("<< /First 10001 0 R >>", "<< /Title (a) /Next 10001 0 R >>"),
    ),
}


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_a_hostile_pdf_is_analysed_in_time(name: str) -> None:
    start = time.process_time()
    analysis = analysed(HOSTILE_PDFS[name], "pdf")
    assert analysis.facts["label"] == "pdf"
    assert analysis.facts.get("pages", 0) <= 1_000_000
    assert time.process_time() - start < 30


def test_a_deep_page_tree_is_read_or_refused() -> None:
    levels = [f"<< /Type /Pages /Kids [{10_001 + n} 0 R] /Count 1 >>" for n in range(3_000)]
    data = pdf(["x"], extra=levels).replace(b"/Pages 2 0 R", b"/Pages 10000 0 R")
    assert analysed(data, "pdf").facts["label"] == "pdf"


def test_what_is_not_a_pdf_at_all_is_said() -> None:
    assert "damaged-pdf" in reasons(b"%PDF-1.7\n" + bytes(range(256)) * 40, "pdf")


@cache
def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["secret plan"]))))
    writer.encrypt(password, "an owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_pdf_is_said_to_be_one() -> None:
    analysis = analysed(encrypted("a password"), "pdf")
    assert [finding.code for finding in analysis.findings] == ["encrypted"]
    assert "encrypted" in {part.reason for part in analysis.skipped}
    with pytest.raises(Refused, match="encrypted"):
        page_image(io.BytesIO(encrypted("a password")), 1, 200)


def test_a_pdf_that_anyone_may_open_is_read_though_it_is_encrypted() -> None:
    analysis = analysed(encrypted(""), "pdf")
    assert (analysis.findings, analysis.skipped) == ((), ())
    assert analysis.facts["excerpt"] == "secret plan"


def test_a_truncated_pdf_keeps_what_can_be_read() -> None:
    whole = pdf(["one page", "another page"])
    assert analysed(whole[:-200], "pdf").facts["label"] == "pdf"
    assert analysed(whole[: len(whole) // 2], "pdf").facts["label"] == "pdf"


def test_pages_beyond_the_limit_are_counted_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.analysers.documents.pdf.MAX_PAGES", 3)
    monkeypatch.setattr("assessments.analysers.documents.contents.MAX_PAGES", 3)
    analysis = analysed(pdf([f"page {n}" for n in range(10)]), "pdf")
    assert analysis.facts["pages"] == 10
    [part] = analysis.skipped
    assert (part.reason, part.count, part.place.first if part.place else 0) == ("page-limit", 7, 4)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_mutated_document_never_raises(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(CASES))
    content = bytearray(case.content)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        how = data.draw(st.sampled_from(["flip", "cut", "repeat", "insert"]))
        if how == "flip":
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        elif how == "cut":
            del content[at : at + data.draw(st.integers(1, 400))]
        elif how == "repeat":
            content[at:at] = content[at : at + 60]
        else:
            content[at:at] = data.draw(st.binary(max_size=20))
        if not content:
            break
    mutated = bytes(content)
    recognised = recognise(mutated[:HEAD_BYTES], len(mutated), mutated[-TAIL_BYTES:])
    for found in (recognised, Recognised("", "document", "", case.label, recognised.encoding)):
        assert Analysis.from_json(analyse(io.BytesIO(mutated), found).to_json())
        for show in (lambda f=found: html_of(io.BytesIO(mutated), f), lambda: pages(io.BytesIO(mutated))):
            try:
                show()
            except Refused as refusal:
                assert str(refusal)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(sorted(LABELS)))
def test_any_bytes_under_any_label_give_an_analysis(data: bytes, label: str) -> None:
    assert analysed(data, label).facts["label"] == label
