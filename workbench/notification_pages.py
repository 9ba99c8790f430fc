"""The pages of notifications: the list, the choices, and the end of mails by a link."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workbench.access import public, signed_in
from workbench.api.paging import Position, paged
from workbench.models import Notification, User
from workbench.models.notification import Delivery
from workbench.notifying import KINDS, Kind, choose, deliveries, inbox, mark_read, sentence
from workbench.requests import Request
from workbench.unsubscribing import link_of, unsubscribe

PAGE_SIZE = 25
CURSOR_LENGTH = 500


@signed_in
@require_GET
def index(request: Request) -> HttpResponse:
    """What a person was told, newest first."""
    cursor = request.GET.get("cursor", "")[:CURSOR_LENGTH]
    position = Position(cursor=cursor or None, limit=PAGE_SIZE)
    page = paged(inbox(request.user), position, by="-created_at", shape=lambda rows: rows)
    rows: list[Notification] = page["items"]
    context = {
        "rows": [{"notification": row, "kind": KINDS[row.kind], "text": sentence(row)} for row in rows],
        "newest": rows[0].created_at.isoformat() if rows else "",
        "next": f"{reverse('notifications')}?cursor={page['next']}" if page["next"] else "",
        "is_first": not cursor,
        "choices_url": f"{reverse('account')}#notifications",
    }
    return render(request, "notifications/index.html", context)


@signed_in
@require_POST
def read(request: Request) -> HttpResponse:
    """Mark everything as read that stood on the page, and what is older."""
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    mark_read(request.user, until=until if until and until.tzinfo else None)
    messages.success(request, _("Everything is marked as read."))
    return redirect("notifications")


@signed_in
@require_POST
def open_one(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Mark one as read and go to the page that it leads to."""
    notification = get_object_or_404(inbox(request.user), pk=pk)
    mark_read(request.user, [pk])
    return redirect(KINDS[notification.kind].place(notification))


@signed_in
@require_POST
def choices(request: Request) -> HttpResponse:
    given = {code: request.POST.get(field_name(code)) for code in KINDS}
    choose(request.user, {code: chosen for code, chosen in given.items() if chosen}, by=request.user)
    messages.success(request, _("Your notifications are saved."))
    return redirect(f"{reverse('account')}#notifications")


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on POST end the mails of a kind. The signed link is the proof, so nobody needs to sign in.

    Mail programs post here by themselves (RFC 8058): without cookies, and expecting no redirect.
    """
    link = link_of(token)
    if link is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(link)
    with translation.override(link.person.language):
        return render(request, "notifications/unsubscribe.html", {"link": link})


# --- The table of choices ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One radio button: ``value`` is empty where the kind does not offer this way."""

    value: str
    label: Any
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    kind: Kind
    name: str
    choices: list[Choice]


def field_name(code: str) -> str:
    return f"kind-{code}"


def choice_rows(person: User) -> list[Row]:
    """A row for each kind that concerns a person and leaves them a choice; first those of everybody."""
    chosen = deliveries(person)
    return [
        Row(
            kind,
            field_name(kind.code),
            [
                Choice(way.value if way in kind.offers else "", way.label, chosen[kind.code] == way)
                for way in Delivery
            ],
        )
        for kind in sorted(KINDS.values(), key=lambda kind: bool(kind.roles))
        if len(kind.offers) > 1 and kind.concerns(person)
    ]
