"""Documents and pictures, drawn anew by the server; never the bytes that were handed in."""

import textwrap
import uuid
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from assessments.models import Evidence
from assessments.opening import guard_open
from assessments.viewing import documents, images
from assessments.viewing.images import Picture
from assessments.viewing.items import found, reading_of
from assessments.viewing.opened import Opened
from reviews.viewing import DOCUMENT, PICTURE, show
from workbench.access import signed_in
from workbench.errors import DomainError
from workbench.evidence_host import SANDBOX
from workbench.limits import TooManyRequestsError, count
from workbench.requests import Request

# Drawing costs a process: as many as one person leafs through in a minute.
DRAWN_A_MINUTE = 240
LINE = 46


@signed_in
@require_safe
def document(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A page (``?page=``), a text with its structure, or a table, by what the document is."""
    return show(request, Opened(found(request.user, pk)), DOCUMENT)


@signed_in
@require_safe
def image(request: Request, pk: uuid.UUID) -> HttpResponse:
    return show(request, Opened(found(request.user, pk)), PICTURE)


@signed_in
@require_safe
def page(request: Request, pk: uuid.UUID, number: int) -> HttpResponse:
    """One page of a PDF, ``?width=`` wide."""
    item = found(request.user, pk)
    if not 1 <= number <= documents.drawn_pages(item):
        raise Http404
    width = _size(request.GET.get("width", ""), documents.WIDTHS[1])
    name = documents.name_of(number, width)
    return _drawn(request, item, name, lambda: documents.page_of(item, number, width))


@signed_in
@require_safe
def picture(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A picture, at most ``?side=`` long."""
    item = found(request.user, pk)
    reading = reading_of(item)
    if reading is None or reading.analyser != "image":
        raise Http404
    side = _size(request.GET.get("side", ""), images.SIDES[0])
    return _drawn(request, item, images.name_of(side), lambda: images.picture_of(item, side))


def _size(text: str, usual: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else usual


def _drawn(request: Request, item: Evidence, name: str, draw: Callable[[], Picture]) -> HttpResponse:
    """The picture, or that the reader's browser has it already; asked each time, so access can end."""
    try:
        guard_open(item)
        etag = f'"{item.sha256}-{name}"'
        response = get_conditional_response(request, etag=etag)
        if response is None:
            count("pictures", request, limit=DRAWN_A_MINUTE, window=60, by_person=True)
            drawn = draw()
            response = HttpResponse(drawn.content, content_type=drawn.media_type)
        response["ETag"] = etag
    except DomainError as error:
        response = _refusal(request, error)
    response["Cache-Control"] = "private, no-cache" if response.status_code < 400 else "private, no-store"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _refusal(request: Request, error: DomainError) -> HttpResponse:
    """The sentence as a picture: it stands where the page's own image would."""
    context = {"lines": _wrapped(str(error))}
    response = render(
        request, "reviews/viewer/picture_refused.svg", context, "image/svg+xml", status=error.status
    )
    if isinstance(error, TooManyRequestsError):
        response["Retry-After"] = str(error.seconds)
    return response


def _wrapped(text: str) -> list[tuple[int, str]]:
    """Lines of a drawing with where each stands: SVG breaks none by itself."""
    return [(40 + 22 * at, line) for at, line in enumerate(textwrap.wrap(text, LINE))]
