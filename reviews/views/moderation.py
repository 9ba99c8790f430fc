"""The moderator's work: what waits, checking a decision, looking at a review in between."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.models import Achievement, Submission
from assessments.models.programme import OVERSEEING
from reviews import answering, checking, moderating, moderation_list, queueing
from reviews.addressing import filters_of, list_address
from reviews.flagging import flag_of
from reviews.models import ActionPoint, Decision, Review
from reviews.models.review import EvidenceRule
from reviews.models.verification import MAX_POINT, MAX_WORDS
from reviews.moderation_forms import ModerationForm, read_points
from reviews.permissions import can_moderate, can_oversee
from reviews.sampling import Reason
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def index(request: Request) -> HttpResponse:
    """Disagreements and held decisions, oldest first."""
    user = request.user
    if not user.grants.any_of(OVERSEEING):
        raise PermissionDenied
    form = ModerationForm(request.GET, user=user)
    waiting = moderation_list.narrow(moderation_list.awaiting(user), form.filters, user=user)
    waiting = moderation_list.with_decisions(waiting)
    page = queueing.page(waiting, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    kept = filters_of(request.GET, ModerationForm)
    context = {
        "form": form,
        "rows": moderation_list.rows_of(page.items, user=user),
        "counters": moderation_list.counters(user),
        "moderates": bool(user.grants.ids("moderate_programme")),
        "is_filtered": bool(kept),
        "previous": list_address("moderation", kept, before=page.previous) if page.previous else "",
        "next": list_address("moderation", kept, after=page.next) if page.next else "",
    }
    part = request.htmx and not request.htmx.history_restore_request
    template = "reviews/moderation/_list.html" if part else "reviews/moderation/index.html"
    return render(request, template, context)


# --- Checking a decision -----------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The decision with all that it rests on; ``act`` is "accept" or "send-back"."""
    decision = _found(request, pk)
    if request.method != "POST":
        return _page(request, decision)
    require(can_moderate, request.user, decision.submission)
    met, words = request.POST.getlist("met"), request.POST.get("words", "").replace("\r\n", "\n")
    try:
        if request.POST.get("act") == "send-back":
            achievement = Achievement.objects.with_rubric().get(pk=decision.submission.achievement_id)
            points = read_points(request.POST, achievement)
            moderating.send_back(decision, points=points, met=met, words=words, by=request.user)
            messages.success(request, _("Sent back: the assessor is told what to do."))
        else:
            moderating.accept(decision, met=met, words=words, by=request.user)
            messages.success(request, _("Accepted: the decision is released and the learner is told."))
    except DomainError as error:
        return _page(request, _found(request, pk), error=error)
    return redirect("moderation")


def _found(request: Request, pk: uuid.UUID) -> Decision:
    """Visible to more people than may open the page: those who decided, and learners once released."""
    seen = Submission.objects.visible_to(request.user)
    rows = Decision.objects.visible_to(request.user).filter(submission__in=seen.values("pk"))
    related = ("submission__learner", "submission__programme__organisation", "submission__achievement")
    decision = get_object_or_404(rows.select_related("decided_by", "review", *related), pk=pk)
    require(can_oversee, request.user, decision.submission.programme)
    if decision.submission.learner_id == request.user.pk:
        raise PermissionDenied
    return decision


def _page(request: Request, decision: Decision, *, error: DomainError | None = None) -> HttpResponse:
    submission = decision.submission
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    markings = checking.markings_of(decision)
    evidence = list(submission.evidence.in_order().with_supports().with_reading())
    for one in evidence:
        one.submission = submission
    waits = decision.is_standing and not decision.is_released
    mine = may(request.user, "moderate", submission)
    points = {key.removeprefix("point-"): str(value) for key, value in request.POST.items()}
    reasons = dict(Reason.choices)
    context: dict[str, Any] = {
        "decision": decision,
        "submission": submission,
        "achievement": achievement,
        "reasons": [reasons.get(code, code) for code in decision.sampled_for],
        "items": evidence,
        "lines": checking.lines_of(decision, achievement, markings, points),
        "markings": markings,
        "confirmed": checking.confirmed_by(markings),
        "groups": checking.notes_on(markings, achievement, request.user),
        "checks": checking.checks_of(submission),
        "attempts": checking.earlier_attempts(submission),
        "flag": flag_of(submission, reader=request.user),
        "waits": waits,
        "took_part": not mine and request.user.pk in {one.assessor_id for one in markings},
        "is_mine": mine and waits and not submission.is_held,
        "rules": EvidenceRule.choices,
        "met": request.POST.getlist("met"),
        "words": request.POST.get("words", ""),
        "general": points.get("general", ""),
        "max_point": MAX_POINT,
        "max_words": MAX_WORDS,
        "error": error,
    }
    return render(request, "reviews/moderation/check.html", context, status=error.status if error else 200)


# --- In between --------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def interim(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Look at a review before its decision, and tell the assessor what one saw."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_context(), pk=pk)
    require(can_moderate, request.user, review.submission)
    error = None
    if request.method == "POST":
        try:
            moderating.check_interim(
                review,
                sound=request.POST.get("sound") == "yes",
                words=request.POST.get("words", "").replace("\r\n", "\n"),
                met=request.POST.getlist("met"),
                by=request.user,
            )
            messages.success(request, _("Recorded. The assessor is told and goes on working."))
            return redirect("review", review.pk)
        except DomainError as refusal:
            error = refusal
    context = {
        "review": review,
        "submission": review.submission,
        "in_progress": moderating.is_in_progress(review),
        "rules": EvidenceRule.choices,
        "met": request.POST.getlist("met"),
        "words": request.POST.get("words", ""),
        "sound": request.POST.get("sound", "yes"),
        "max_words": MAX_WORDS,
        "error": error,
    }
    return render(request, "reviews/moderation/interim.html", context, status=error.status if error else 200)


@signed_in
@require_POST
def answer(request: Request, pk: uuid.UUID, point: uuid.UUID) -> HttpResponse:
    """Say what was done about an action point: for htmx the list of points, else back to the review."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_context(), pk=pk)
    found = get_object_or_404(ActionPoint, pk=point, verification__review__submission=review.submission_id)
    text = request.POST.get("answer", "")
    error = None
    try:
        answering.answer(found, review, text=text, by=request.user)
    except DomainError as refusal:
        error = refusal
    if error is None and not request.htmx:
        return redirect(f"{reverse('review', args=[review.pk])}#action-points")
    context = checking.told(review, request.user)
    context |= {"refused": found if error else None, "error": error, "typed": text}
    template = "_action_points" if request.htmx else "answer"
    status = error.status if error else 200
    return render(request, f"reviews/moderation/{template}.html", context, status=status)
