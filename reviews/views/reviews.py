"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import signed_in


@signed_in
def detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def scores(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def heartbeat(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def release(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@signed_in
def decide(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
