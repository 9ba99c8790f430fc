"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import public, signed_in


@signed_in
def people(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def enrol(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def unenrol(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def appoint(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def dismiss(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
