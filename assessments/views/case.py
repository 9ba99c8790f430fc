"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import public, signed_in


@public
def package(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@public
def document(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@public
def item(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
