"""Appeals: a learner files one and takes it back; who oversees a programme reads them and rules."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Hold, Submission
from assessments.models.programme import OVERSEEING
from assessments.permissions import can_work_on
from assessments.views.paging import page_of
from reviews import appealing, hearing
from reviews.models import Appeal
from reviews.models.appeal import MAX_REASON
from reviews.permissions import can_appeal
from workbench.access import require, signed_in
from workbench.clock import database_now
from workbench.errors import DomainError
from workbench.requests import Request

APPEALS_A_PAGE = 30


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """Appeals of the programmes that a person oversees, open ones first, and what is looked into there."""
    overseen = request.user.grants.any_of(OVERSEEING)
    if not overseen:
        raise PermissionDenied
    of_others = {"decision__submission__programme__in": overseen}
    appeals = Appeal.objects.visible_to(request.user).filter(**of_others).with_context()
    appeals = appeals.exclude(decision__submission__learner=request.user)
    visible = Submission.objects.visible_to(request.user).filter(programme__in=overseen)
    holds = Hold.objects.in_force().filter(submission__in=visible.exclude(learner=request.user))
    context = {
        "page": page_of(request, appeals.open_first(), APPEALS_A_PAGE),
        "holds": holds.select_related(
            "placed_by", "submission__learner", "submission__programme", "submission__achievement"
        ).order_by("placed_at"),
    }
    return render(request, "reviews/appeals/index.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The evidence, the decision with what it rests on, the appeal, and the form that rules on it."""
    appeal = get_object_or_404(Appeal.objects.visible_to(request.user).with_context(), pk=pk)
    if appeal.decision.submission.learner_id == request.user.pk:
        return redirect("submission", appeal.decision.submission_id)
    if request.method != "POST":
        return _page(request, appeal)
    ruling, words = request.POST.get("ruling", ""), request.POST.get("words", "")
    try:
        appealing.rule_on(appeal, ruling=ruling, words=words, by=request.user)
    except DomainError as error:
        return _page(request, appeal, error=error)
    messages.success(request, _("Ruled. The learner, the assessors, moderators and managers are told."))
    return redirect("appeal", appeal.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The form of an appeal against the decision that stands."""
    visible = Submission.objects.visible_to(request.user).with_context()
    submission = get_object_or_404(visible, pk=pk)
    require(can_work_on, request.user, submission)
    decision = hearing.released(submission)
    if decision is None:
        return redirect("submission", submission.pk)
    until = appealing.appealable_until(decision, submission)
    error = appealing.refusal_to_appeal(decision, submission, until=until, now=database_now())
    if error and request.method != "POST":
        messages.error(request, str(error))
        return redirect("submission", submission.pk)
    if request.method == "POST":
        try:
            appealing.appeal(decision, reason=request.POST.get("reason", ""), by=request.user)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("Your appeal is filed. You read the answer here."))
            return redirect("submission", submission.pk)
    context = {
        "submission": submission,
        "decision": decision,
        "until": until,
        "reason": request.POST.get("reason", ""),
        "max_reason": MAX_REASON,
        "error": error,
    }
    return render(request, "reviews/appeals/file.html", context, status=error.status if error else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask first: an appeal that is taken back cannot be filed again."""
    appeal = get_object_or_404(Appeal.objects.visible_to(request.user).with_context(), pk=pk)
    require(can_appeal, request.user, appeal.decision)
    submission = appeal.decision.submission
    if request.method == "POST":
        try:
            appealing.withdraw_appeal(appeal, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Your appeal is taken back: the decision stands."))
        return redirect("submission", submission.pk)
    if not appeal.is_open:
        return redirect("submission", submission.pk)
    return render(request, "reviews/appeals/withdraw.html", {"appeal": appeal, "submission": submission})


def _page(request: Request, appeal: Appeal, *, error: DomainError | None = None) -> HttpResponse:
    context = hearing.context(appeal, reader=request.user) | {
        "ruling": request.POST.get("ruling", ""),
        "words": request.POST.get("words", ""),
        "max_words": MAX_REASON,
        "error": error,
    }
    return render(request, "reviews/appeals/detail.html", context, status=error.status if error else 200)
