"""The page where anyone verifies a badge."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from badges.forms import VerifyForm
from badges.showing import headline
from badges.verifying import Verification
from badges.verifying import verify as verify_badge
from workbench.access import public
from workbench.errors import DomainError
from workbench.limits import TooManyRequestsError, count, refused


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A form; with a file, a text or ``?url=`` of a badge of ours, the checks and the verdict."""
    address = request.GET.get("url", "")
    if request.method != "POST" and not address:
        return _page(request, VerifyForm())
    try:
        count("verify", request, limit=30, window=60)
    except TooManyRequestsError as error:
        return refused(request, error)
    form = VerifyForm(*_given(request, address))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _page(request, form, verification=verify_badge(form.source))
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=error.status)


def _given(request: HttpRequest, address: str) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else ({"credential": address}, None)


def _page(
    request: HttpRequest, form: VerifyForm, *, verification: Verification | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": VerifyForm() if verification else form,
        "verification": verification,
        "headline": headline(verification) if verification else None,
    }
    return render(request, "badges/verify.html", context, status=status)
