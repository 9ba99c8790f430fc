"""Show one stored file: the frame around it, and which pages each kind of content has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import Analysis, Evidence
from assessments.scanning import quarantine_refusal
from assessments.secrecy import Mark, marks
from assessments.viewing.remarks import Remark, remarks_of, skipped_of
from reviews.models import Review
from workbench.requests import Request

# A PDF or an image can be all ASCII, and is no text for that.
READABLE = ("text/", "application/json", "application/xml")
OWN_PAGES = "/files/"


@dataclass(frozen=True)
class Opened:
    """A stored item in the hands of a reader, with what was read in it."""

    item: Evidence

    @property
    def analysis(self) -> Analysis | None:
        """The reading once it is done."""
        analysis = self.state
        return analysis if analysis is not None and analysis.is_done else None

    @property
    def state(self) -> Analysis | None:
        return getattr(self.item.blob, "analysis", None)

    @property
    def is_text(self) -> bool:
        return self.item.media_type.startswith(READABLE)

    @property
    def viewer(self) -> "Viewer":
        return VIEWERS.get(self.analysis.analyser if self.analysis else "", PLAIN)

    @cached_property
    def remarks(self) -> list[Remark]:
        return remarks_of(self.analysis) if self.analysis else []

    @cached_property
    def secrets(self) -> list[Mark]:
        return marks(self.item)

    @cached_property
    def tabs(self) -> list["Tab"]:
        return [tab for tab in self.viewer.tabs if tab.is_there(self)]


@dataclass(frozen=True)
class Tab:
    """One page of a viewer: ``template`` is its body, ``route`` its address, ``count`` what it holds."""

    code: str
    label: Any
    icon: str
    route: str
    template: str
    is_there: Callable[[Opened], bool] = lambda opened: True
    count: Callable[[Opened], int | None] = lambda opened: None


@dataclass(frozen=True)
class Viewer:
    """How one kind of content is shown: its pages in their order, the first opens."""

    tabs: tuple[Tab, ...]


def _has_earlier(opened: Opened) -> bool:
    return opened.is_text and opened.item.earlier is not None


FINDINGS: Final = Tab(
    "findings",
    _("Findings"),
    "list-checks",
    "evidence-view",
    "reviews/viewer/findings.html",
    count=lambda opened: len(opened.remarks) if opened.analysis else None,
)
TEXT: Final = Tab(
    "text",
    _("Text"),
    "file-text",
    "evidence-lines",
    "reviews/viewer/text.html",
    is_there=lambda opened: opened.is_text,
)
RULES: Final = Tab(
    "rules",
    _("Rules"),
    "table-2",
    "evidence-rules",
    "reviews/viewer/rules.html",
    count=lambda opened: opened.analysis.facts.get("rules") if opened.analysis else None,
)
CHANGES: Final = Tab(
    "changes", _("Changes"), "git-compare", "evidence-changes", "reviews/viewer/changes.html", _has_earlier
)

# While it is being read, and for what nothing reads: its text when it has one.
PLAIN: Final = Viewer((FINDINGS, TEXT))

# By the name of the analyser: a new kind of content is one row.
VIEWERS: Final[Mapping[str, Viewer]] = {
    "firewall-configuration": Viewer((FINDINGS, TEXT)),
}


def show(
    request: Request, opened: Opened, tab: Tab, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of a file, or for htmx the frame alone; ``context`` is what the tab's body reads."""
    item = opened.item
    embedded = is_embedded(request)
    refusal = quarantine_refusal(item.blob) if item.blob else None
    page = {
        "item": item,
        "opened": opened,
        "analysis": opened.analysis,
        "state": opened.state,
        "refusal": refusal,
        "embedded": embedded,
        "prefix": f"v{item.pk.hex[:8]}-" if embedded else "",
        "tab": tab,
        "body": tab.template,
        "tabs": [
            {
                "tab": one,
                "url": reverse(one.route, args=[item.pk]),
                "current": one is tab,
                "count": one.count(opened),
            }
            for one in opened.tabs
        ],
        "skipped": skipped_of(opened.analysis) if opened.analysis else [],
        "lines_url": reverse("evidence-lines", args=[item.pk]),
        "here": request.get_full_path(),
    } | (context or {})
    if request.htmx:
        # Part of a page that is there already: the frame says itself what is wrong.
        return render(request, "reviews/viewer/_frame.html", page)
    mine = item.submission.learner_id == request.user.pk
    page |= {"mine": mine, "review": None if mine else _review(request, item), "shortcuts": shortcuts()}
    return render(request, "reviews/viewer/page.html", page, status=status)


def is_embedded(request: Request) -> bool:
    """Whether the answer becomes part of another page, where several files stand side by side."""
    path = request.htmx.current_url_abs_path if request.htmx else None
    return path is not None and not path.startswith(OWN_PAGES)


def shortcuts() -> list[dict[str, Any]]:
    return [
        {"keys": ["f"], "text": _("Next finding")},
        {"keys": ["F"], "text": _("Previous finding")},
        {"keys": ["g"], "text": _("Go to a line")},
    ]


def _review(request: Request, item: Evidence) -> Review | None:
    """The review to go back to."""
    visible = Review.objects.visible_to(request.user).filter(submission=item.submission_id)
    return visible.order_by("-claimed_at").first()
