"""Hold work back while a suspicion is looked into, see what speaks for it, and end it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.copies import copies_of
from assessments.models import Hold, Submission
from assessments.models.hold import MAX_WORDS, Finding
from badges.models import Credential
from reviews import investigating
from reviews.models import Decision
from reviews.permissions import can_investigate
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The investigation that goes on, or the form that begins one; with the exact copies found."""
    visible = Submission.objects.visible_to(request.user).with_context()
    submission = get_object_or_404(visible, pk=pk)
    require(can_investigate, request.user, submission)
    if request.method != "POST":
        return _page(request, submission)
    try:
        investigating.place_hold(submission, words=request.POST.get("words", ""), by=request.user)
    except DomainError as error:
        return _page(request, submission, error=error)
    messages.success(request, _("The work is held back. The learner is told that it is being looked into."))
    return redirect("hold", submission.pk)


@signed_in
@require_POST
def lift(request: Request, pk: uuid.UUID) -> HttpResponse:
    visible = Submission.objects.visible_to(request.user)
    found = get_object_or_404(Hold.objects.filter(submission__in=visible), pk=pk)
    submission = visible.with_context().get(pk=found.submission_id)
    require(can_investigate, request.user, submission)
    finding, conclusion = request.POST.get("finding", ""), request.POST.get("conclusion", "")
    try:
        investigating.lift(found, finding=finding, conclusion=conclusion, by=request.user)
    except DomainError as error:
        return _page(request, submission, error=error)
    if finding == Finding.CONFIRMED:
        messages.success(request, _("The work is rejected. The learner reads the reasons and may appeal."))
    else:
        messages.success(request, _("The work goes on where it was. The learner is told."))
    return redirect("hold", submission.pk)


def _page(request: Request, submission: Submission, *, error: DomainError | None = None) -> HttpResponse:
    holds = list(submission.holds.select_related("placed_by", "lifted_by").order_by("-placed_at"))
    copies = copies_of(submission, submission.evidence.in_order())
    others = {other.submission_id for copy in copies for other in copy.shown}
    seen = Submission.objects.visible_to(request.user).filter(pk__in=others)
    standing = Decision.objects.standing().filter(submission=submission)
    context = {
        "submission": submission,
        "standing": next((one for one in holds if one.lifted_at is None), None),
        "ended": [one for one in holds if one.lifted_at is not None],
        "copies": copies,
        "seen": set(seen.values_list("pk", flat=True)),
        "credential": Credential.objects.filter(decision_id__in=standing.values("pk")).first(),
        "findings": _findings(may_condemn=may(request.user, "condemn", submission)),
        "words": request.POST.get("words", ""),
        "finding": request.POST.get("finding", ""),
        "conclusion": request.POST.get("conclusion", ""),
        "max_words": MAX_WORDS,
        "error": error,
    }
    return render(request, "reviews/holds/hold.html", context, status=error.status if error else 200)


def _findings(*, may_condemn: bool) -> list[dict[str, str]]:
    found = [
        {
            "value": Finding.CLEARED,
            "label": _("Nothing was found"),
            "text": _("The work goes on where it was; a suspended badge is valid again."),
            "icon": "circle-check",
        },
        {
            "value": Finding.CONFIRMED,
            "label": _("The suspicion is confirmed"),
            "text": _("The work is rejected, whatever was decided is set aside, a badge is revoked."),
            "icon": "circle-x",
        },
    ]
    return found if may_condemn else found[:1]
