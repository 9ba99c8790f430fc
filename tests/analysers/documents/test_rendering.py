"""A document is shown as pictures or as harmless HTML."""

import io

import pytest
from PIL import Image

from assessments.analysers.documents.rendering import MAX_HEIGHT, MAX_PIXELS, html_of, page_image, pages
from assessments.analysers.recognising import Recognised, recognise
from tests.analysers.documents.making import docx, open_document, paragraph, pdf
from workbench.confined import Refused

MARKDOWN = Recognised("text/markdown", "document", "", "markdown", "utf-8")
DOCX = Recognised("", "document", "", "docx")
ODT = Recognised("", "document", "", "odt")


def picture(data: bytes, number: int = 1, width: int = 600) -> Image.Image:
    return Image.open(io.BytesIO(page_image(io.BytesIO(data), number, width)))


def markdown(text: str) -> str:
    return html_of(io.BytesIO(text.encode()), MARKDOWN)


def test_each_page_is_a_picture_of_the_width_that_was_asked_for() -> None:
    data = pdf(["first", ""])
    first, second = picture(data, 1), picture(data, 2)
    assert (first.format, first.width) == ("PNG", 600)
    assert abs(first.height - 849) <= 2
    assert first.convert("L").getextrema()[0] < 80 < second.convert("L").getextrema()[0]
    assert pages(io.BytesIO(data)) == 2


@pytest.mark.parametrize("size", ["14400 14400", "20 14400", "14400 20"])
def test_a_huge_page_stays_within_the_pixels(size: str) -> None:
    drawn = picture(pdf(["x"], size=size), width=2400)
    assert drawn.width * drawn.height <= MAX_PIXELS
    assert drawn.height <= MAX_HEIGHT


def test_a_width_beyond_the_limits_is_brought_back() -> None:
    assert picture(pdf(["x"]), width=10**9).width == 2400
    assert picture(pdf(["x"]), width=-5).width == 50


@pytest.mark.parametrize("number", [0, -1, 2, 10**9])
def test_a_page_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(Refused, match="no-page"):
        page_image(io.BytesIO(pdf(["x"])), number, 100)


def test_what_is_no_pdf_has_no_pages() -> None:
    with pytest.raises(Refused, match="damaged-pdf"):
        pages(io.BytesIO(b"no pdf at all"))


def test_markdown_keeps_its_shape() -> None:
    html = markdown(
        "# Title\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code` **bold** ~~gone~~\n"
    )
    for part in (
        "<h1>Title</h1>",
        "<li>one</li>",
        "<td>1</td>",
        "<code>code</code>",
        "<strong>bold</strong>",
    ):
        assert part in html


def test_markdown_runs_and_loads_nothing() -> None:
    html = markdown(
        "<script>alert(1)</script>\n\n<b onclick=x>hi</b> ![pic](https://example.org/x.png) "
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/c)\n\n"
        "<style>*{}</style><iframe src=//example.org></iframe>\n"
    )
    for part in ("<script", "<b ", "<img", 'href="javascript', 'href="data', "<style", "<iframe"):
        assert part not in html
    assert '<a href="https://example.org/c" rel="nofollow noopener noreferrer ugc">c</a>' in html


def test_a_docx_becomes_headings_lists_and_tables() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    data = docx(
        paragraph("Titre", style="Titre1")
        + paragraph("one", level=0)
        + paragraph("one and a half", level=1)
        + paragraph("two", level=0)
        + paragraph("a &lt;b&gt; &amp; c")
        + f"<w:tbl><w:tr>{cell.format('x')}{cell.format('y')}</w:tr></w:tbl>"
    )
    assert html_of(io.BytesIO(data), DOCX) == (
        "<h1>Titre</h1><ul><li>one<ul><li>one and a half</li></ul></li><li>two</li></ul>"
        "<p>a &lt;b&gt; &amp; c</p><table><tbody><tr><td>x</td><td>y</td></tr></tbody></table>"
    )


def test_an_odt_is_shown_in_the_same_way() -> None:
    data = open_document(
        "text",
        '<text:h text:outline-level="2">Kop</text:h><text:list><text:list-item><text:p>a</text:p>'
        "<text:list><text:list-item><text:p>b</text:p></text:list-item></text:list></text:list-item></text:list>",
    )
    assert html_of(io.BytesIO(data), ODT) == "<h2>Kop</h2><ul><li>a<ul><li>b</li></ul></li></ul>"


def test_other_kinds_have_no_html() -> None:
    data = b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
    with pytest.raises(Refused, match="no-html"):
        html_of(io.BytesIO(data), recognise(data, len(data)))
