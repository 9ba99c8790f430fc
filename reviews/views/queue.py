"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import signed_in


@signed_in
def index(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def claim_next(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def claim(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
