"""The page where anyone verifies a badge, and its verdict on paper."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from badges.forms import VerifyForm
from badges.headlines import headline
from badges.printing_verdicts import ticket, verdict_pdf, verification_of
from badges.verdicts import Verification
from badges.verifying import verify as verify_badge
from workbench.access import public
from workbench.errors import DomainError
from workbench.limits import TooManyRequestsError, count, limited, refused


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A form; with a file, a text or ``?url=`` of a badge, the checks and the verdict."""
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
        verification = verify_badge(form.source, recipient=form.holder)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=error.status)
    return _page(request, form, verification=verification)


@public
@limited("verdict", limit=10, window=60)
@require_POST
def report(request: HttpRequest) -> HttpResponseBase:
    """The verdict as PDF, checked anew."""
    verification = verification_of(request.POST.get("ticket", ""))
    answer = HttpResponse(
        verdict_pdf(verification, language=get_language() or settings.LANGUAGE_CODE),
        content_type="application/pdf",
    )
    answer["Content-Disposition"] = 'attachment; filename="verdict.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _given(request: HttpRequest, address: str) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else ({"credential": address}, None)


def _page(
    request: HttpRequest, form: VerifyForm, *, verification: Verification | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": VerifyForm() if verification else form,
        "verification": verification,
        "headline": headline(verification) if verification else None,
        "ticket": ticket(verification, recipient=form.holder) if verification else "",
        "fetches": settings.VERIFIER_FETCHES,
    }
    return render(request, "badges/verify.html", context, status=status)
