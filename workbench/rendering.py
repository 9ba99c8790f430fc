"""Turn a template into a PDF, without ever reading anything that is not ours."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Nothing answers there (RFC 2606): a relative address becomes one that the fetcher below recognises as ours.
BASE = "http://pdf.invalid/"
MEMORY = "memory:"
# Archivable, tagged, and allowed to carry files: readers can take the signed badge out of its certificate.
VARIANT = "pdf/a-3a"


class RenderingError(RuntimeError):
    """A template names a static file or a drawing that is not there: a fault of ours, never of a reader."""


class RefusedError(ValueError):
    """An address that a PDF may not read. WeasyPrint leaves that picture out and goes on."""


@dataclass(frozen=True)
class Drawing:
    """Bytes made by the program; a template shows them as ``<img src="memory:NAME">``."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Carried:
    """A file that travels inside the PDF."""

    name: str
    content: bytes
    description: str


class _OwnFilesOnly(URLFetcher):
    """Answers our static files and given drawings; refuses the network, the disk and data: addresses."""

    def __init__(self, drawings: Mapping[str, Drawing]) -> None:
        super().__init__(allowed_protocols=())
        self.drawings = drawings
        self.missing: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(MEMORY):
            return self._drawing(url)
        prefix = static("")
        if not prefix.startswith("http"):
            prefix = BASE + prefix.lstrip("/")
        if url.startswith(prefix):
            return self._static(url, unquote(urlsplit(url).path.removeprefix(urlsplit(prefix).path)))
        raise RefusedError(f"a PDF may not read {url[:80]}")

    def _drawing(self, url: str) -> URLFetcherResponse:
        drawing = self.drawings.get(url.removeprefix(MEMORY))
        if drawing is None:
            self.missing.append(url)
            raise RefusedError(f"no drawing {url[:80]}")
        return URLFetcherResponse(url, drawing.content, {"Content-Type": drawing.media_type})

    def _static(self, url: str, name: str) -> URLFetcherResponse:
        try:
            content = _static_bytes(name)
        except SuspiciousFileOperation as error:
            raise RefusedError(f"a PDF may not read {url[:80]}") from error
        if content is None:
            self.missing.append(name)
            raise RefusedError(f"no static file {name[:80]}")
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    language: str,
    drawings: Mapping[str, Drawing] | None = None,
    carried: tuple[Carried, ...] = (),
) -> bytes:
    """The PDF (PDF/A-3a) of a template in ``language``.

    The template links its style sheets with ``{% static %}``. Raises RenderingError when it names a static
    file or a drawing that does not exist; every other address is refused and left out.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
    fetcher = _OwnFilesOnly(drawings or {})
    pdf: bytes = HTML(string=html, base_url=BASE, url_fetcher=fetcher).write_pdf(
        font_config=FontConfiguration(),
        pdf_variant=VARIANT,
        attachments=[
            Attachment(string=one.content, name=one.name, description=one.description) for one in carried
        ],
    )
    if fetcher.missing:
        raise RenderingError(f"{template} names what is not there: {', '.join(fetcher.missing)}")
    return pdf


def _static_bytes(name: str) -> bytes | None:
    """A static file by the name in its address, whether collected (with a digest in the name) or not yet.

    Raises SuspiciousFileOperation when the name leads out of the folder.
    """
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            collected: bytes = file.read()
        return collected
    found = finders.find(name)
    if not isinstance(found, str):
        return None
    with open(found, "rb") as source:
        return source.read()
