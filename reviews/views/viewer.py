"""The pages of one stored file: what was found in it, its text, its rules, and what changed."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from assessments.viewing.items import found
from assessments.viewing.opened import Opened
from reviews.viewing import CHANGES, FINDINGS, RULES, TEXT, first_tab, show, tabs_of
from workbench.access import signed_in
from workbench.requests import Request


@signed_in
@require_safe
def view(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What opens first of a file; a line in the address opens its text there."""
    opened = Opened(found(request.user, pk))
    if "waiting" in request.GET and opened.state is not None and opened.state.is_waiting:
        return HttpResponse(status=204)
    tabs = tabs_of(opened)
    asked = (tab for tab in tabs if any(name in request.GET for name in tab.opens_at))
    return show(request, opened, next(asked, first_tab(opened, tabs)))


@signed_in
@require_safe
def findings(request: Request, pk: uuid.UUID) -> HttpResponse:
    return show(request, Opened(found(request.user, pk)), FINDINGS)


@signed_in
@require_safe
def lines(request: Request, pk: uuid.UUID) -> HttpResponse:
    return show(request, Opened(found(request.user, pk)), TEXT)


@signed_in
@require_safe
def rules(request: Request, pk: uuid.UUID) -> HttpResponse:
    return show(request, Opened(found(request.user, pk)), RULES)


@signed_in
@require_safe
def changes(request: Request, pk: uuid.UUID) -> HttpResponse:
    return show(request, Opened(found(request.user, pk)), CHANGES)
