"""Turning templates into PDFs that read nothing but our own files."""

import io
import socket

import pytest
from django.template import engines
from pypdf import PdfReader

from workbench import rendering
from workbench.rendering import Carried, Drawing, RenderingError, render_pdf

SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
)


@pytest.fixture
def page(monkeypatch):
    """Render a template given as text."""

    def render(body: str, **kwargs):
        source = "{% load i18n static %}<html lang='{{ language }}'><title>{{ title }}</title>" + body
        template = engines["django"].from_string(source)
        monkeypatch.setattr(
            rendering, "render_to_string", lambda _name, context: template.render(dict(context))
        )
        return render_pdf("page.html", {"title": "Report"}, **({"language": "en"} | kwargs))

    return render


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a PDF asked the network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_a_template_becomes_a_tagged_archivable_pdf_with_title_and_language(page):
    pdf = page("<h1>Progress of the pilot</h1>", language="fr")
    reader = PdfReader(io.BytesIO(pdf))
    assert "Progress of the pilot" in reader.pages[0].extract_text()
    assert reader.metadata.title == "Report"
    assert str(reader.trailer["/Root"]["/Lang"]) == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b'pdfaid:part="3"' in reader.trailer["/Root"]["/Metadata"].get_data()


def test_texts_of_the_template_are_in_the_asked_language_and_the_thread_keeps_its_own(page):
    from django.utils import translation

    with translation.override("nl"):
        page("<p>x</p>", language="fr")
        assert translation.get_language() == "nl"


def test_a_drawing_made_by_the_program_is_shown(page):
    shown = page(
        '<img src="memory:square.svg" alt="">', drawings={"square.svg": Drawing(SQUARE, "image/svg+xml")}
    )
    without = page("<p></p>")
    assert len(shown) > 0
    assert shown != without


def test_our_own_style_sheets_are_read(page):
    assert page("<link rel=stylesheet href=\"{% static 'workbench/css/tokens.css' %}\"><p>styled</p>")


@pytest.mark.parametrize(
    "body",
    [
        "<link rel=stylesheet href=\"{% static 'workbench/css/gone.css' %}\">",
        "<img src='memory:unknown' alt=''>",
    ],
)
def test_a_file_of_ours_that_is_not_there_stops_the_rendering(page, body):
    with pytest.raises(RenderingError):
        page(body)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/tracker.png",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://example.org/x.png",
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
        "//example.org/x.png",
        "/files/secret.png",
        "/static/../../pyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/workbench/%2e%2e/%2e%2e/settings.py",
        "http://pdf.invalid.example.org/static/x.png",
    ],
)
def test_everything_else_is_refused_and_the_pdf_is_made_without_it(page, no_network, address, caplog):
    pdf = page(f'<p>Still here</p><img src="{address}" alt="left out">')
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Still here" in text
    assert "root:" not in text


def test_a_style_sheet_cannot_reach_out_either(page, no_network):
    assert page(
        "<style>@import url(https://example.org/a.css); p { background: url(file:///etc/passwd) }</style>"
        "<p>x</p>"
    )


def test_a_drawing_cannot_reach_out_either(page, no_network):
    hostile = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
        b'<image href="https://example.org/x.png" width="5" height="5"/>'
        b'<image href="file:///etc/passwd" width="5" height="5"/></svg>'
    )
    assert page('<img src="memory:x" alt="">', drawings={"x": Drawing(hostile, "image/svg+xml")})


def test_a_file_travels_inside_the_pdf(page):
    pdf = page("<p>Certificate</p>", carried=(Carried("badge.json", b'{"a":1}', "The signed badge"),))
    assert PdfReader(io.BytesIO(pdf)).attachments["badge.json"] == [b'{"a":1}']
