"""The refusals that a person can understand, and how a page tells them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget


class DomainError(Exception):
    """An act that the rules of the trade refuse.

    ``code`` is stable and promised to API clients; ``message`` says in the reader's language what to do.
    ``status`` is the HTTP status of the answer: 409 for a lost race or a wrong state, 422 for bad input.
    ``extra`` are members added to the API's problem document.
    """

    def __init__(
        self, code: str, message: Any, *, status: int = 409, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.extra = dict(extra or {})

    def __str__(self) -> str:
        return str(self.message)


def invalid(code: str, message: Any, **extra: Any) -> DomainError:
    """Input that cannot be taken as it is."""
    return DomainError(code, message, status=422, extra=extra)


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The refusal as a page, or as a message put into the page that asked through htmx."""
    if getattr(request, "htmx", False):
        response = render(request, "_parts/message.html", {"error": error}, status=error.status)
        return reswap(retarget(response, "#messages"), "innerHTML")
    return render(request, "error.html", {"error": error}, status=error.status)


class AnswerErrors:
    """Middleware: a DomainError that a view lets through becomes a clear page, never a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_page(request, exception) if isinstance(exception, DomainError) else None


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what a person may see and may not do."""
    return render(request, "403.html", status=403)
