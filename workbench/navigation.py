"""What stands at the top of every page: links by what a person may do, and the bell."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workbench.notifying import unread_count

REVIEWING = ("assess_programme", "moderate_programme", "manage_programme")
OVERSEEING = ("moderate_programme", "manage_programme")
MANAGING = ("manage_programme",)
ADMINISTERING = ("administer_organisation",)


@dataclass(frozen=True)
class Link:
    url: str
    label: str
    icon: str
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context: ``navigation``, a list of links of which at most one is current."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    grants = user.grants
    offered: list[tuple[bool, str, str, str]] = [
        (True, "home", _("Home"), "house"),
        (True, "submissions", _("My work"), "folder-open"),
        (True, "my-badges", _("My badges"), "award"),
        (bool(grants.any_of(REVIEWING)), "queue", pgettext("menu", "Review queue"), "inbox"),
        (bool(grants.any_of(OVERSEEING)), "moderation", _("Moderation"), "scale"),
        (bool(grants.any_of(MANAGING + ADMINISTERING)), "programmes", _("Programmes"), "users"),
        (bool(grants.any_of(MANAGING)), "reports", _("Reports"), "chart-column"),
        (bool(grants.any_of(ADMINISTERING)), "referentials", _("Referentials"), "book-open"),
    ]
    links = []
    for shown, name, label, icon in offered:
        if shown:
            url = reverse(name)
            current = request.path == url or (url != "/" and request.path.startswith(url))
            links.append(Link(url, label, icon, current))
    return {"navigation": links}


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context: ``unread``, the number beside the bell; counted once, and only by a page that shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread": 0}
    return {"unread": cache(lambda: unread_count(user))}
