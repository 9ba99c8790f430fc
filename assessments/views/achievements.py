"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import public, signed_in


@public
def detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
