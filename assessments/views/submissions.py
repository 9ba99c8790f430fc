"""A learner's work: all of it, and one attempt from draft to badge."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import following, submitting
from assessments.forms.submitting import DeclarationForm
from assessments.models import Achievement, Programme, RubricMove, Submission
from assessments.models.lifecycle import OPEN
from assessments.permissions import can_work_on
from assessments.rubric_table import read_results, rubric_table
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request

# Refusals that the learner mends on the page; after any other the work's state has the say.
MENDABLE = ("no-evidence", "criteria-missing", "declaration-missing")


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    works = following.work_of(request.user)
    return render(request, "assessments/submissions.html", {"works": works})


@signed_in
@require_POST
def start(request: Request, programme: uuid.UUID, achievement: uuid.UUID) -> HttpResponse:
    offered_in = get_object_or_404(Programme.objects.visible_to(request.user), pk=programme)
    offered = get_object_or_404(Achievement, pk=achievement)
    try:
        submission = submitting.start(offered_in, offered, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        mine = Submission.objects.of(request.user).filter(programme=offered_in, achievement=offered)
        opened = mine.filter(state__in=OPEN).first()
        return redirect("submission", opened.pk) if opened else redirect("submissions")
    messages.success(request, _("Your draft is open. Nobody but you sees it until you hand it in."))
    return redirect("submission", submission.pk)


@signed_in
@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    submission = _found(request, pk)
    before = submission.previous.language if submission.previous else ""
    return _page(request, submission, DeclarationForm(initial={"language": before or request.user.language}))


@signed_in
@require_POST
def submit(request: Request, pk: uuid.UUID) -> HttpResponse:
    submission = _found(request, pk)
    form = DeclarationForm(request.POST)
    declared = form.is_valid()
    if declared or not submission.is_editable:
        try:
            submitting.submit(
                submission,
                declaration=declared,
                language=form.cleaned_data.get("language", ""),
                by=request.user,
            )
        except DomainError as error:
            if error.code not in MENDABLE:
                messages.error(request, str(error))
                return redirect("submission", submission.pk)
            form.add_error(None, str(error))
            return _page(request, submission, form, status=error.status)
        messages.success(request, _("Handed in. You see here when an assessor takes it up."))
        return redirect("submission", submission.pk)
    require(can_work_on, request.user, submission)
    return _page(request, submission, form, status=422)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask first, on a page of its own, so that nothing is withdrawn by a slip of the finger."""
    submission = _found(request, pk)
    if request.method == "POST":
        try:
            submitting.withdraw(submission, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("submission", submission.pk)
        messages.success(request, _("Withdrawn. Your evidence comes along when you start again."))
        return redirect("submissions")
    require(can_work_on, request.user, submission)
    if not submission.is_withdrawable:
        return redirect("submission", submission.pk)
    return render(request, "assessments/withdraw.html", {"submission": submission})


def _found(request: Request, pk: uuid.UUID) -> Submission:
    visible = Submission.objects.visible_to(request.user).with_context().select_related("decision__review")
    return get_object_or_404(visible, pk=pk)


def _page(
    request: Request, submission: Submission, form: DeclarationForm, *, status: int = 200
) -> HttpResponse:
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    items = list(submission.evidence.in_order().with_supports().with_reading())
    decision = following.released_decision(submission)
    covered = following.coverage(achievement, items)
    enrolled = may(request.user, "learn", submission.programme)
    context: dict[str, Any] = {
        "submission": submission,
        "achievement": achievement,
        "items": items,
        "decision": decision,
        "notes": following.notes_of(decision) if decision else [],
        "rubric": rubric_table(achievement, read_results(decision.results) if decision else None),
        "coverage": covered,
        "uncovered": sum(not row.items for row in covered),
        "steps": following.timeline(submission),
        "work": following.work_around(submission, enrolled=enrolled),
        "form": form,
        "mine": may(request.user, "work-on", submission),
        "limit": settings.MAX_EVIDENCE_ITEMS,
        "offered": RubricMove.objects.visible_to(request.user).open().filter(submission=submission).first(),
        "skips": following.skips_of(submission, request.user),
        "full": len(items) >= settings.MAX_EVIDENCE_ITEMS,
    }
    return render(request, "assessments/submission.html", context, status=status)
