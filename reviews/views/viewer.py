"""The pages of one stored file: what was found in it, its text, its rules, and what changed."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from assessments.opening import open_evidence
from assessments.viewing.items import found
from assessments.viewing.remarks import SEVERITIES, counts
from assessments.viewing.sources import Asked, source_of
from reviews import viewing
from reviews.viewing import FINDINGS, TEXT, Opened
from workbench.access import signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_safe
def view(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What opens first of a file; a line in the address opens its text there."""
    opened = Opened(found(request.user, pk))
    if "waiting" in request.GET and opened.state is not None and opened.state.is_waiting:
        return HttpResponse(status=204)
    if "line" in request.GET and opened.is_text:
        return _text(request, opened)
    return _findings(request, opened)


@signed_in
@require_safe
def lines(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _text(request, Opened(found(request.user, pk)))


def _findings(request: Request, opened: Opened) -> HttpResponse:
    chosen = request.GET.get("severity", "")
    chosen = chosen if chosen in SEVERITIES else ""
    remarks = [one for one in opened.remarks if not chosen or one.severity == chosen]
    found_of_each = counts(opened.remarks)
    context = {"remarks": remarks, "chosen": chosen, "counts": found_of_each}
    return viewing.show(request, opened, FINDINGS, context)


def _text(request: Request, opened: Opened) -> HttpResponse:
    if TEXT not in opened.tabs:
        raise Http404
    asked = Asked.parse(request.GET)
    context: dict[str, Any] = {"asked": asked}
    status = 200
    try:
        with open_evidence(opened.item) as file:
            context["source"] = source_of(file, asked, opened.remarks, opened.secrets)
    except DomainError as error:
        context["problem"], status = error, error.status
    return viewing.show(request, opened, TEXT, context, status=status)
