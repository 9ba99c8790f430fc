"""The one way into every endpoint: who calls, in which language, once only, and how refusals are told."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation

from workbench.access import public
from workbench.api import problems
from workbench.api.auth import identify
from workbench.api.idempotency import once
from workbench.errors import DomainError

View = Callable[..., Any]


def door(view: View) -> View:
    """Put the door before a view of the API; the view asks for a token, or declares that it needs none."""

    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        identify(request)
        language = request.user.language if request.user.is_authenticated else translation.get_language()
        with translation.override(language):
            response = _answer(request, lambda: view(request, *args, **kwargs))
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Content-Language", language)
        return response

    update_wrapper(enter, view)
    enter.csrf_exempt = True  # type: ignore[attr-defined]  # a token in a header is not sent by another site
    return public(enter)


def _answer(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        response = once(request, work)
    except DomainError as error:
        return problems.domain_error(request, error)
    except Http404:
        return problems.not_found(request)
    except problems.UNREADABLE as error:
        return problems.unreadable(request, error)
    if isinstance(response, HttpResponseNotAllowed):
        return problems.method_not_allowed(request, response["Allow"])
    return response
