"""The viewers of documents and pictures: drawn anew, cleaned, for those who may read them and nobody else."""

import io
import time
from types import SimpleNamespace

import pytest
from django.urls import reverse
from PIL import Image

from assessments.models import Blob, Evidence
from assessments.models.evidence import Scan, Visibility
from assessments.submitting import submit
from assessments.viewing import images, windows
from assessments.viewing.documents import COLUMNS_SHOWN, ROWS_SHOWN
from assessments.viewing.headings import fitted
from tests import factories
from tests.analysers.documents.making import docx, open_document, paragraph, pdf, xlsx
from workbench import jobs, limits
from workbench.confining import Crashed, OutOfTime

SANDBOX = "sandbox; default-src 'none'"
MARKDOWN = b"# Report\n\nSeen: **refused** handshakes.\n\n### Method\n\n- names\n<script>alert(1)</script>\n"
ODT = "<text:h text:outline-level='1'>Report</text:h><text:p>Seen: refused handshakes.</text:p>"


def handed_in(learner, programme, content: bytes, name: str, **fields) -> Evidence:
    draft = factories.make_draft(learner, programme)
    values = {"title": "Report of Ada", "visibility": Visibility.PRIVATE}
    item = factories.make_evidence(draft, content=content, name=name, **values | fields)
    jobs.run_due()
    submit(draft, declaration=True, by=learner)
    return Evidence.objects.get(pk=item.pk)


def png(size: tuple[int, int] = (1600, 400)) -> bytes:
    picture = Image.merge("RGB", [Image.effect_noise(size, spread) for spread in (40, 60, 80)])
    exif = picture.getexif()
    exif[0x010F] = "Camera of Ada"
    out = io.BytesIO()
    picture.save(out, "PNG", exif=exif)
    return out.getvalue()


@pytest.fixture
def both(ada, programme) -> tuple[Evidence, Evidence]:
    """A PDF of twenty pages and a picture, handed in together."""
    draft = factories.make_draft(ada, programme)
    pages = [f"Page {number} of the report\nhost 10.0.0.{number}" for number in range(1, 21)]
    values = {"title": "Report of Ada", "visibility": Visibility.PRIVATE}
    report = factories.make_evidence(draft, content=pdf(pages), name="report.pdf", **values)
    drawing = factories.make_evidence(draft, content=png(), name="plan.png", **values)
    jobs.run_due()
    submit(draft, declaration=True, by=ada)
    return Evidence.objects.get(pk=report.pk), Evidence.objects.get(pk=drawing.pk)


@pytest.fixture
def report(both) -> Evidence:
    return both[0]


@pytest.fixture
def drawing(both) -> Evidence:
    return both[1]


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


def page_of(item: Evidence, number: int = 1, query: str = "") -> str:
    return reverse("evidence-page", args=[item.pk, number]) + query


def picture_of(item: Evidence, query: str = "") -> str:
    return reverse("evidence-picture", args=[item.pk]) + query


def document_of(item: Evidence, query: str = "") -> str:
    return reverse("evidence-document", args=[item.pk]) + query


def opened(response) -> Image.Image:
    return Image.open(io.BytesIO(response.content))


# --- Pages of a PDF ------------------------------------------------------------------------------------


def test_a_pdf_opens_at_its_first_page_with_its_text(bo_client, report):
    page = bo_client.get(reverse("evidence-view", args=[report.pk])).content.decode()
    assert "Page 1 of 20" in page
    assert f'src="{page_of(report)}?width=1000"' in page
    assert "host 10.0.0.1" in page
    assert 'id="page-1" data-page="1"' in page
    assert 'rel="next"' in page and 'rel="prev"' not in page


@pytest.mark.parametrize(
    ("query", "number"),
    [("?page=7", 7), ("?page=999", 20), ("?page=0", 1), ("?page=x", 1), ("?page=" + "9" * 30, 1)],
)
def test_a_page_is_chosen_in_the_address(bo_client, report, query, number):
    for address in (document_of(report, query), reverse("evidence-view", args=[report.pk]) + query):
        response = bo_client.get(address)
        assert response.context["document"].page.number == number
        assert f"host 10.0.0.{number}" in response.content.decode()


def test_few_small_pictures_are_asked_for_however_long_the_document(bo_client, report):
    page = bo_client.get(document_of(report, "?page=10"))
    assert page.context["document"].page.nearby == tuple(range(6, 15))
    assert page.content.decode().count("?width=180") == page.content.decode().count('loading="lazy"') == 9
    last = bo_client.get(document_of(report, "?page=20")).context["document"].page
    assert last.nearby == tuple(range(12, 21))


@pytest.mark.parametrize(("asked", "made"), [("", 1000), ("?width=1", 180), ("?width=181", 1000),
                                             ("?width=99999", 2000), ("?width=x", 1000)])  # fmt: skip
def test_a_page_is_drawn_in_one_of_three_widths(bo_client, report, asked, made):
    response = bo_client.get(page_of(report, 3, asked))
    assert response["Content-Type"] == "image/png"
    assert abs(opened(response).width - made) <= 2


def test_a_drawing_can_do_nothing_and_is_asked_for_each_time(bo_client, report, drawing):
    for address in (page_of(report), picture_of(drawing)):
        response = bo_client.get(address)
        assert response["Content-Security-Policy"] == SANDBOX
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cache-Control"] == "private, no-cache"
        assert "Content-Disposition" not in response


def test_what_a_browser_has_is_not_drawn_again(bo_client, report, monkeypatch):
    tag = bo_client.get(page_of(report))["ETag"]
    monkeypatch.setattr(windows, "run_confined", None)
    again = bo_client.get(page_of(report), headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Content-Security-Policy"] == SANDBOX
    tags = {tag, bo_client.get(page_of(report), headers={"If-None-Match": tag})["ETag"]}
    assert len(tags) == 1


def test_each_page_and_width_has_a_tag_of_its_own(bo_client, report):
    addresses = [page_of(report), page_of(report, 2), page_of(report, 1, "?width=180")]
    assert len({bo_client.get(address)["ETag"] for address in addresses}) == 3


@pytest.mark.parametrize("number", [0, 21, 10**9])
def test_a_page_that_is_not_there_is_not_found(bo_client, report, number):
    assert bo_client.get(page_of(report, number)).status_code == 404


def test_sheets_are_shown_one_by_one(bo_client, ada, programme):
    workbook = xlsx({"Hosts": [["10.0.0.1", "web"]], "Ports": [["443", "https"]]})
    item = handed_in(ada, programme, workbook, "a.xlsx")
    page = bo_client.get(document_of(item, "?page=2")).content.decode()
    assert "Page 2 of 2" in page
    assert "443\thttps" in page
    assert "<img" not in page.split('class="paper')[1]
    assert bo_client.get(page_of(item)).status_code == 404


# --- Texts and tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.md", MARKDOWN),
        ("report.docx", docx(paragraph("Report", style="Titre1") + paragraph("Seen: refused handshakes."))),
        (
            "report.odt",
            open_document("text", ODT),
        ),
    ],
)
def test_a_text_is_shown_with_its_structure(bo_client, ada, programme, name, content):
    item = handed_in(ada, programme, content, name)
    page = bo_client.get(document_of(item)).content.decode()
    assert "<h4>Report</h4>" in page
    assert "refused" in page.split("<h4>Report</h4>")[1]
    assert "<script>alert" not in page


def test_what_the_child_answers_is_cleaned_again(bo_client, ada, programme, monkeypatch):
    item = handed_in(ada, programme, MARKDOWN, "report.md")
    hostile = b'<p id="content" onclick="x()">Text</p><script>alert(1)</script><img src="/account/"><form>'
    monkeypatch.setattr(windows, "run_confined", lambda *args, **kwargs: hostile)
    page = bo_client.get(document_of(item)).content.decode()
    assert "<p>Text</p>" in page
    for part in ("onclick", "alert(1)", '/account/"', "<form>"):
        assert part not in page.split("<p>Text</p>")[1].split("</section>")[0]


def test_headings_stand_below_those_of_the_page_and_leave_no_level_out():
    html = fitted("<h2>A</h2><h6>B</h6><h3>C</h3><h2>D</h2>", below=3)
    assert html == "<h4>A</h4><h5>B</h5><h5>C</h5><h4>D</h4>"
    assert (
        fitted("<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4>", below=4)
        == "<h5>A</h5><h6>B</h6><h6>C</h6><h6>D</h6>"
    )


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="http://a">x</a>', '<a href="http://a" rel="noopener noreferrer nofollow">x</a>'),
        ('<p style="position:fixed" class="alert" id="a">x</p>', "<p>x</p>"),
        ("<svg><script>alert(1)</script></svg>", ""),
        ("<iframe src=x></iframe><style>*{}</style><base href=//x>", ""),
        ("<pre>x</pre>", '<pre tabindex="0">x</pre>'),
    ],
)
def test_nothing_but_text_and_its_structure_is_left(html, cleaned):
    assert fitted(html, below=3) == cleaned


def test_a_table_is_shown_to_a_limit(bo_client, ada, programme):
    wide = ";".join(f"c{number}" for number in range(COLUMNS_SHOWN + 5))
    cells = ["<b>bold</b>", "=1+1", *["x"] * (COLUMNS_SHOWN + 3)]
    rows = [wide, *[";".join(cells)] * (ROWS_SHOWN + 50)]
    item = handed_in(ada, programme, "\n".join(rows).encode(), "hosts.csv")
    response = bo_client.get(document_of(item))
    sheet = response.context["document"].sheet
    assert (len(sheet.head), len(sheet.rows), sheet.is_cut) == (COLUMNS_SHOWN, ROWS_SHOWN, True)
    page = response.content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "These are the first rows and columns" in page


def test_a_plain_text_has_its_lines_and_no_page_beside_them(bo_client, ada, programme):
    item = handed_in(ada, programme, b"I looked at the log.\nIt was quiet.\n", "notes.txt")
    assert bo_client.get(document_of(item)).status_code == 404
    assert bo_client.get(reverse("evidence-view", args=[item.pk])).status_code == 200


# --- Pictures ------------------------------------------------------------------------------------------


def test_a_picture_is_drawn_anew_without_what_else_the_file_holds(bo_client, drawing):
    page = bo_client.get(reverse("evidence-view", args=[drawing.pk])).content.decode()
    assert f'src="{picture_of(drawing)}?side=1200"' in page
    assert f'href="{picture_of(drawing)}?side=3000"' in page
    assert 'alt="Report of Ada"' in page
    assert "1600 × 400" in page
    assert "EXIF" in page and "Camera of Ada" not in page
    response = bo_client.get(picture_of(drawing))
    assert response["Content-Type"] == "image/webp"
    assert b"Camera of Ada" not in response.content
    shown = opened(response)
    assert (max(shown.size), len(shown.getexif())) == (1200, 0)


def test_a_picture_has_the_size_it_has_at_most(bo_client, drawing):
    assert max(opened(bo_client.get(picture_of(drawing, "?side=99999"))).size) == 1600


def test_what_is_no_picture_never_leaves_as_one(bo_client, drawing, monkeypatch):
    for answer in (b"<svg onload=x>", b"<html>", b"", b"RIFF1234WAVE"):
        monkeypatch.setattr(images, "made", lambda *args, answer=answer: answer)
        response = bo_client.get(picture_of(drawing))
        assert response.status_code == 422
        assert answer == b"" or answer not in response.content
        assert response["Content-Security-Policy"] == SANDBOX


# --- Who, and what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("bo", 200), ("cy", 200), ("mo", 200), ("alan", 404), ("dee", 404)]
)
def test_pages_and_pictures_are_for_those_who_may_read_the_evidence(
    client, request, ada, bo, report, drawing, who, status
):
    client.force_login(bo)
    tag = client.get(page_of(report))["ETag"]
    client.force_login(request.getfixturevalue(who))
    for address in (document_of(report), page_of(report), picture_of(drawing),
                    reverse("evidence-image", args=[drawing.pk])):  # fmt: skip
        assert client.get(address).status_code == status
    # Knowing what another has seen opens nothing.
    again = client.get(page_of(report), headers={"If-None-Match": tag})
    assert again.status_code == (304 if status == 200 else 404)


def test_one_address_cannot_draw_from_another_item(bo_client, report, drawing):
    assert bo_client.get(page_of(drawing)).status_code == 404
    assert bo_client.get(picture_of(report)).status_code == 404
    assert bo_client.get(document_of(drawing)).status_code == 404
    assert bo_client.get(reverse("evidence-image", args=[report.pk])).status_code == 404


@pytest.mark.parametrize(("stopped", "words"), [(OutOfTime(), "takes longer"), (Crashed("x"), "damaged or")])
def test_a_page_that_cannot_be_drawn_is_a_sentence_in_its_place(
    bo_client, report, monkeypatch, stopped, words
):
    def stop(*args, **kwargs):
        raise stopped

    monkeypatch.setattr(windows, "run_confined", stop)
    response = bo_client.get(page_of(report))
    assert (response.status_code, response["Content-Type"]) == (422, "image/svg+xml")
    assert words in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == SANDBOX
    assert "ETag" not in response


def test_a_text_that_cannot_be_laid_out_is_a_sentence_and_a_download(bo_client, ada, programme, monkeypatch):
    item = handed_in(ada, programme, MARKDOWN, "report.md")

    def stop(*args, **kwargs):
        raise OutOfTime

    monkeypatch.setattr(windows, "run_confined", stop)
    response = bo_client.get(document_of(item))
    assert response.status_code == 422
    assert reverse("evidence-file", args=[item.pk]) in response.content.decode()


def test_nothing_is_drawn_of_a_file_in_quarantine(bo_client, report, monkeypatch):
    tag = bo_client.get(page_of(report))["ETag"]
    monkeypatch.setattr(windows, "run_confined", None)
    Blob.objects.filter(pk=report.blob_id).update(scan=Scan.INFECTED, scan_signature="Eicar")
    response = bo_client.get(page_of(report), headers={"If-None-Match": tag})
    assert response.status_code == 409
    assert "Eicar" in response.content.decode()
    assert "host 10.0.0.1" not in bo_client.get(document_of(report)).content.decode()


def test_drawing_without_end_is_refused_for_one_person_alone(client, bo, bea, report, monkeypatch):
    drawn = png((20, 20))
    monkeypatch.setattr(windows, "run_confined", lambda *args, **kwargs: drawn)
    # However slow the machine: all of it is asked in one minute.
    now = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: now))
    client.force_login(bo)
    answers = [client.get(page_of(report)).status_code for _ in range(240)]
    assert set(answers) == {200}
    refused = client.get(page_of(report))
    assert (refused.status_code, refused["Content-Type"]) == (429, "image/svg+xml")
    assert 0 < int(refused["Retry-After"]) <= 60
    client.force_login(bea)
    assert client.get(page_of(report)).status_code == 200
