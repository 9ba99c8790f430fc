"""One review: reading the evidence, scoring it, deciding on it."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Achievement
from reviews import claiming, deciding, desk
from reviews.forms import Entry, read_entry, read_met, read_outcome
from reviews.models import Review
from reviews.permissions import can_score
from reviews.scoring import save_scores
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    return desk.page(request, _found(request, pk))


@signed_in
@require_POST
def scores(request: Request, pk: uuid.UUID) -> HttpResponse:
    review = _found(request, pk)
    try:
        review = _save(request, review)
    except DomainError as error:
        return _refused(request, review, error)
    if desk.wants_json(request):
        return JsonResponse(desk.progress(review))
    if request.POST.get("bank"):  # the button of a criterion that opens the comment bank
        query = urlencode({"criterion": request.POST["bank"]})
        return redirect(f"{reverse('comment-bank', args=[review.pk])}?{query}")
    if "flag" in request.POST:
        return redirect("flag", review.submission_id)
    if "skip" in request.POST:
        return redirect("skip", review.pk)
    messages.success(request, _("Saved."))
    return redirect("review", review.pk)


@signed_in
@require_POST
def heartbeat(request: Request, pk: uuid.UUID) -> HttpResponse:
    review = _found(request, pk)
    try:
        review = claiming.heartbeat(review, by=request.user)
    except DomainError as error:
        return _refused(request, review, error)
    if desk.wants_json(request):
        return JsonResponse(desk.lease(review))
    return redirect("review", review.pk)


@signed_in
@require_POST
def release(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Give the work back; what the page sends along is saved first."""
    review = _found(request, pk)
    try:
        if "version" in request.POST and review.is_open:
            review = _save(request, review)
        claiming.release(review, by=request.user)
    except DomainError as error:
        return _refused(request, review, error)
    messages.success(
        request, _("The work is back in the queue. What you wrote is kept if you take it again.")
    )
    return redirect("queue")


@signed_in
@require_POST
def decide(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Save what the page sends along, then decide: a refused decision loses nothing that was written."""
    review = _found(request, pk)
    require(can_score, request.user, review)
    try:
        if "version" in request.POST and review.is_open:
            review = _save(request, review)
        outcome = read_outcome(request.POST)
        feedback = request.POST.get("feedback", review.feedback).replace("\r\n", "\n")
        met = read_met(request.POST)
        decision = deciding.decide(review, outcome=outcome, feedback=feedback, met=met, by=request.user)
    except DomainError as error:
        return _refused(request, review, error)
    if desk.wants_json(request):
        return JsonResponse(desk.decided(review, decision), status=201 if decision else 202)
    messages.success(request, desk.told(outcome, decision))
    return redirect("review", review.pk)


def _found(request: Request, pk: uuid.UUID) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).with_context(), pk=pk)


def _entry(request: Request, review: Review) -> Entry:
    achievement = Achievement.objects.with_rubric().get(pk=review.submission.achievement_id)
    return read_entry(request.POST, review, achievement)


def _save(request: Request, review: Review) -> Review:
    require(can_score, request.user, review)
    entry = _entry(request, review)
    return save_scores(
        review,
        version=entry.version,
        marks=entry.marks,
        feedback=entry.feedback,
        met=entry.met,
        by=request.user,
    )


def _refused(request: Request, review: Review, error: DomainError) -> HttpResponse:
    """Answer a refusal with everything that was written still in the answer."""
    if desk.wants_json(request):
        return desk.problem(error)
    review = _found(request, review.pk)
    if "version" not in request.POST or error.code in ("bad-version", "unknown-criterion", "unknown-level"):
        return desk.page(request, review, error=error)
    entry = _entry(request, review)
    if error.code == "stale":
        return desk.conflict_page(request, review, entry, error)
    if error.code == "lease-lost":
        return desk.kept_text_page(request, review.submission, review, entry, error)
    return desk.page(request, review, error=error, entry=entry)
