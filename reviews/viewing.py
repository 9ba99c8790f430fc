"""Show one stored file: the frame around it, and which pages each kind of content has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import push_url

from assessments.models import Evidence
from assessments.scanning import quarantine_refusal
from assessments.viewing import (
    captures,
    changes,
    configurations,
    documents,
    findings,
    images,
    packets,
    sources,
)
from assessments.viewing.opened import Opened
from assessments.viewing.remarks import skipped_of
from reviews.beside import Beside
from reviews.exemplified import unnamed_as
from reviews.models import Review
from workbench.errors import DomainError
from workbench.limits import count
from workbench.requests import Request

OWN_PAGES = "/files/"

Count = Callable[[Opened], int | None]


@dataclass(frozen=True)
class Tab:
    """One page of a viewer.

    ``route`` names its address and ``template`` its body; ``read`` gives what the body shows, for the query
    of the address, and raises DomainError when there is nothing to show.
    """

    code: str
    label: Any
    icon: str
    route: str
    template: str
    read: Callable[[Opened, QueryDict], dict[str, Any]]
    is_there: Callable[[Opened], bool] = lambda opened: True
    count: Count = lambda opened: None
    # What in the query of ``evidence-view`` opens this page, because it names a place here.
    opens_at: tuple[str, ...] = ()
    # How often one person may ask for it in a minute, where each costs a process; 0 for as often as wanted.
    a_minute: int = 0


@dataclass(frozen=True)
class Viewer:
    """How one kind of content is shown: its pages in their order."""

    tabs: tuple[Tab, ...]


FINDINGS: Final = Tab(
    "findings",
    _("Findings"),
    "list-checks",
    "evidence-findings",
    "reviews/viewer/findings.html",
    findings.read,
    count=lambda opened: len(opened.remarks) if opened.analysis else None,
)
TEXT: Final = Tab(
    "text",
    _("Text"),
    "file-text",
    "evidence-lines",
    "reviews/viewer/text.html",
    sources.read,
    is_there=lambda opened: opened.is_text,
    opens_at=("line",),
)
RULES: Final = Tab(
    "rules",
    _("Rules"),
    "table-2",
    "evidence-rules",
    "reviews/viewer/rules.html",
    configurations.read,
    count=lambda opened: opened.analysis.facts.get("rules") if opened.analysis else None,
)
CHANGES: Final = Tab(
    "changes",
    _("Changes"),
    "git-compare",
    "evidence-changes",
    "reviews/viewer/changes.html",
    changes.read,
    is_there=lambda opened: opened.is_text and opened.item.earlier is not None,
)

SUMMARY: Final = Tab(
    "summary", _("Summary"), "chart-column", "evidence-summary", "reviews/viewer/capture.html", captures.read
)
PACKETS: Final = Tab(
    "packets",
    _("Packets"),
    "network",
    "evidence-packets",
    "reviews/viewer/packets.html",
    packets.read,
    is_there=lambda opened: bool(opened.analysis and opened.analysis.facts.get("packets")),
    count=lambda opened: opened.analysis.facts.get("packets") if opened.analysis else None,
    opens_at=("packet", "flow", "second"),
    a_minute=120,
)
DOCUMENT: Final = Tab(
    "document",
    _("Document"),
    "book-open",
    "evidence-document",
    "reviews/viewer/document.html",
    documents.read,
    is_there=documents.is_shown,
    opens_at=("page",),
    a_minute=120,
)
PICTURE: Final = Tab(
    "image", _("Picture"), "image", "evidence-image", "reviews/viewer/image.html", images.read
)

# While it is being read, and for what nothing reads: its text when it has one.
PLAIN: Final = Viewer((FINDINGS, TEXT, CHANGES))

# By the name of the analyser: a new kind of content is one row.
VIEWERS: Final[Mapping[str, Viewer]] = {
    "firewall-configuration": Viewer((FINDINGS, TEXT, RULES, CHANGES)),
    "packet-capture": Viewer((SUMMARY, FINDINGS, PACKETS)),
    "document": Viewer((DOCUMENT, FINDINGS, TEXT, CHANGES)),
    "image": Viewer((PICTURE, FINDINGS)),
}


def tabs_of(opened: Opened) -> list[Tab]:
    viewer = VIEWERS.get(opened.analysis.analyser, PLAIN) if opened.analysis else PLAIN
    return [tab for tab in viewer.tabs if tab.is_there(opened)]


def first_tab(opened: Opened, tabs: list[Tab]) -> Tab:
    """What opens by itself: the findings only where there are some."""
    return next((tab for tab in tabs if tab is not FINDINGS or opened.remarks), tabs[0])


def show(request: Request, opened: Opened, tab: Tab) -> HttpResponse:
    """The page of a file, or for htmx the frame alone. Raises Http404 for a page that it has not."""
    tabs = tabs_of(opened)
    if tab not in tabs:
        raise Http404
    item, status, body = opened.item, 200, {}
    refusal = quarantine_refusal(item.blob) if item.blob else None
    if refusal is None:
        try:
            if tab.a_minute:
                count(f"viewer-{tab.code}", request, limit=tab.a_minute, window=60, by_person=True)
            body = tab.read(opened, request.GET)
        except DomainError as error:
            body, status = {"problem": error}, error.status
    context = _frame(request, opened, tab, tabs) | {"refusal": refusal} | body
    if request.htmx:
        # Part of a page that is there already: the frame says itself what is wrong.
        part = render(request, "reviews/viewer/_frame.html", context)
        return push_url(part, False) if context["embedded"] else part
    mine = item.submission.learner_id == request.user.pk
    review = None if mine else _review(request, item)
    context |= {"mine": mine, "review": review, "shortcuts": shortcuts()}
    context["exemplar"] = None if mine or review else unnamed_as(item.submission, request.user)
    return render(request, "reviews/viewer/page.html", context, status=status)


def shortcuts() -> list[dict[str, Any]]:
    return [
        {"keys": ["f"], "text": _("Next finding")},
        {"keys": ["F"], "text": _("Previous finding")},
        {"keys": ["g"], "text": _("Go to a line")},
        {"keys": ["m"], "text": _("Next note")},
        {"keys": ["M"], "text": _("Previous note")},
        {"keys": ["."], "text": _("Choose the next line")},
        {"keys": [","], "text": _("Choose the previous line")},
        {"keys": [">", "<"], "text": _("Choose more lines, or fewer")},
        {"keys": ["a"], "text": _("Annotate the finding, the packet or the chosen lines")},
    ]


def _frame(request: Request, opened: Opened, tab: Tab, tabs: list[Tab]) -> dict[str, Any]:
    item = opened.item
    embedded = _is_embedded(request)
    return {
        "item": item,
        "opened": opened,
        "analysis": opened.analysis,
        "state": opened.state,
        "embedded": embedded,
        # Several files stand side by side in another page: their lines need different names there.
        "prefix": f"v{item.pk.hex[:8]}-" if embedded else "",
        "tab": tab,
        "address": reverse(tab.route, args=[item.pk]),
        "lines_url": reverse("evidence-lines", args=[item.pk]) if opened.is_text else "",
        "here": request.get_full_path(),
        "beside": Beside(item, request.user),
        "tabs": [
            {
                "tab": one,
                "url": reverse(one.route, args=[item.pk]),
                "current": one is tab,
                "count": one.count(opened),
            }
            for one in tabs
        ],
        "skipped": skipped_of(opened.analysis) if opened.analysis else [],
    }


def _is_embedded(request: Request) -> bool:
    """Whether the answer becomes part of another page."""
    path = request.htmx.current_url_abs_path if request.htmx else None
    return path is not None and not path.startswith(OWN_PAGES)


def _review(request: Request, item: Evidence) -> Review | None:
    """The review to go back to."""
    visible = Review.objects.visible_to(request.user).filter(submission=item.submission_id)
    return visible.order_by("-claimed_at").first()
