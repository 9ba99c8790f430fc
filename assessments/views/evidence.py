"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import public, signed_in


@signed_in
def add(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def remove(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def download(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
