"""The page that a badge's evidence link leads to, with the file when its learner published it."""

import uuid
from dataclasses import dataclass

import nh3
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from assessments.explaining.facts import Facts, chosen
from assessments.models import Evidence
from assessments.models.evidence import Visibility
from assessments.secrecy import analysis_of, refusal_to_show
from badges.models import Credential
from badges.openbadges.award import Award, EvidenceItem
from badges.showing import published_item, supported, verdict
from workbench.access import public
from workbench.evidence_host import attachment, is_evidence_host, on_evidence_host

MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "h3", "h4", "h5", "a", "hr"}


@dataclass(frozen=True)
class Published:
    """An evidence item with the badge that publishes it and what the badge says of it."""

    evidence: Evidence
    credential: Credential
    award: Award
    item: EvidenceItem

    @property
    def has_file(self) -> bool:
        """Asked each time: an analyser that has learned more may mark a secret in what was public."""
        return self._is_public and self.evidence.is_file and refusal_to_show(self.evidence) is None

    @property
    def link(self) -> str:
        """The address of a link that its learner lets people follow."""
        return self.evidence.url if self._is_public else ""

    @property
    def facts(self) -> Facts:
        """What the program reads in the file today; nothing while the malware scanner holds it back."""
        analysis = analysis_of(self.evidence)
        if analysis is None or not analysis.is_done or analysis.blob.is_quarantined:
            return []
        return chosen(analysis.analyser, analysis.dialect, analysis.facts)

    @property
    def _is_public(self) -> bool:
        return {self.item.visibility, self.evidence.visibility} == {Visibility.PUBLIC}


@public
@require_safe
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    published = _published(pk)
    context = {
        "published": published,
        "verdict": verdict(published.credential),
        "narrative": _rendered(published.evidence.narrative),
        "supports": supported(published.award, published.evidence),
        "facts": published.facts,
    }
    return render(request, "badges/evidence.html", context)


@public
@require_safe
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The bytes, always as an attachment, and from the host of evidence where there is one."""
    published = _published(pk)
    if not published.has_file:
        raise Http404
    if settings.EVIDENCE_HOST and not is_evidence_host(request):
        return redirect(on_evidence_host(request.path))
    evidence = published.evidence
    try:
        return attachment(
            evidence.sha256,
            filename=evidence.filename or f"{evidence.pk}.txt",
            media_type=evidence.media_type,
            size=evidence.size,
        )
    except FileNotFoundError:
        raise Http404 from None


def _published(pk: uuid.UUID) -> Published:
    """404 unless an issued badge publishes the item, and the learner's choice still stands."""
    evidence = get_object_or_404(
        Evidence.objects.with_supports().with_reading().exclude(visibility=Visibility.PRIVATE), pk=pk
    )
    issued = Credential.objects.published().select_related("organisation", "achievement")
    for credential in issued.filter(submission_id=evidence.submission_id):
        award = Award.from_json(credential.award)
        item = published_item(award, evidence.pk)
        if item:
            return Published(evidence, credential, award, item)
    raise Http404


def _rendered(text: str) -> SafeString:
    """Markdown of a learner as harmless HTML: no raw HTML, no pictures, headings below the page's own."""
    html = MARKDOWN.render(text)
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned one line above)
