"""The pages of a packet capture: its summary, its list of packets, one packet."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.viewing.items import found
from assessments.viewing.opened import Opened
from reviews.viewing import PACKETS, SUMMARY, show, tabs_of
from workbench.access import signed_in
from workbench.requests import Request


@signed_in
@require_safe
def summary(request: Request, pk: uuid.UUID) -> HttpResponse:
    return show(request, Opened(found(request.user, pk)), SUMMARY)


@signed_in
@require_safe
def packets(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A window of the list; ``?first=``, ``?packet=``, ``?second=`` and ``?flow=`` say which."""
    return show(request, Opened(found(request.user, pk)), PACKETS)


@signed_in
@require_safe
def packet(request: Request, pk: uuid.UUID, number: int) -> HttpResponse:
    """The lasting address of one packet: it opens where it stands in the list."""
    opened = Opened(found(request.user, pk))
    total = opened.analysis.facts.get("packets", 0) if PACKETS in tabs_of(opened) and opened.analysis else 0
    if not 1 <= number <= total:
        raise Http404
    return redirect(f"{reverse('evidence-packets', args=[pk])}?packet={number}#P{number}")
