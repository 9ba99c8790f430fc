"""Placeholder until the pages of this area land."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from workbench.access import signed_in


@signed_in
def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
