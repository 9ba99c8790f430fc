"""Give a review back with a reason."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models.skip import MAX_WORDS, Reason
from reviews import skipping
from reviews.models import Review
from reviews.permissions import can_score
from reviews.scoring import ended
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def skip(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The question why, and the answer; what was written on the sheet was saved before."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_context(), pk=pk)
    require(can_score, request.user, review)
    if not review.is_open:
        raise ended(review)
    if request.method != "POST":
        return _page(request, review)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        skipping.skip(review, reason=reason, words=words, by=request.user)
    except DomainError as error:
        return _page(request, review, error=error)
    if reason == Reason.CONFLICT:
        messages.success(request, _("The work is back in the queue, and you see it no more."))
    else:
        messages.success(request, _("The work is back in the queue. It is not offered to you again."))
    return redirect("queue")


def _page(request: Request, review: Review, *, error: DomainError | None = None) -> HttpResponse:
    context = {
        "review": review,
        "submission": review.submission,
        "reasons": _reasons(),
        "reason": request.POST.get("reason", ""),
        "words": request.POST.get("words", ""),
        "max_words": MAX_WORDS,
        "error": error,
    }
    return render(request, "reviews/skip.html", context, status=error.status if error else 200)


def _reasons() -> list[dict[str, str]]:
    return [
        {
            "value": Reason.CONFLICT,
            "label": _("Conflict of interest"),
            "text": _("I know the learner too well to judge: this work disappears from my view."),
        },
        {
            "value": Reason.LANGUAGE,
            "label": _("Language"),
            "text": _("I do not read the language of this work well enough."),
        },
        {
            "value": Reason.FIELD,
            "label": _("Not my field"),
            "text": _("I do not know this product or subject well enough."),
        },
        {"value": Reason.OTHER, "label": _("Another reason"), "text": _("Say it in a few words below.")},
    ]
