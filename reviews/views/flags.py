"""Flag a piece of work for a second look, and clear the flag."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import Submission
from reviews import flagging
from reviews.models import Review
from reviews.models.flag import MAX_NOTE
from reviews.permissions import can_flag
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The flag that stands, or the form that raises one; with ``clear`` it is taken down."""
    visible = Submission.objects.visible_to(request.user).with_context()
    submission = get_object_or_404(visible, pk=pk)
    require(can_flag, request.user, submission)
    if request.method != "POST":
        return _page(request, submission)
    try:
        if "clear" in request.POST:
            flagging.clear(submission, by=request.user)
            messages.success(request, _("The flag is cleared."))
        else:
            flagging.flag(submission, note=request.POST.get("note", ""), by=request.user)
            messages.success(request, _("The work is flagged. The learner sees nothing of it."))
    except DomainError as error:
        return _page(request, submission, error=error)
    review = _review(request, submission)
    return redirect("review", review.pk) if review else redirect("queue")


def _review(request: Request, submission: Submission) -> Review | None:
    """The review to go back to: one's own, or the last that one may read."""
    rows = Review.objects.visible_to(request.user).filter(submission=submission)
    return rows.filter(assessor=request.user).order_by("-fence").first() or rows.order_by("-fence").first()


def _page(request: Request, submission: Submission, *, error: DomainError | None = None) -> HttpResponse:
    context = {
        "submission": submission,
        "review": _review(request, submission),
        "flag": flagging.flag_of(submission, reader=request.user),
        "note": request.POST.get("note", ""),
        "max_note": MAX_NOTE,
        "error": error,
    }
    return render(request, "reviews/flag.html", context, status=error.status if error else 200)
