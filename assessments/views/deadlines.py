"""What a programme limits, and more time for one learner."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.deadlines import LimitsForm, MoreTimeForm
from assessments.models import Programme, Submission
from assessments.permissions import can_extend, can_manage
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: Request, pk: uuid.UUID) -> HttpResponse:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    require(can_manage, request.user, programme)
    if request.method == "POST":
        form = LimitsForm(request.POST)
        if form.is_valid():
            form.limit(programme, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("deadlines", programme.pk)
    else:
        form = LimitsForm(initial={name: getattr(programme, name) for name in LimitsForm.base_fields})
    context = {"programme": programme, "form": form}
    status = 422 if form.errors else 200
    return render(request, "assessments/deadlines.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def more_time(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Moving the deadline of one returned attempt, and how it was moved before."""
    visible = Submission.objects.visible_to(request.user).with_context()
    submission = get_object_or_404(visible, pk=pk)
    require(can_extend, request.user, submission)
    form = MoreTimeForm(request.POST) if request.method == "POST" else MoreTimeForm()
    if form.is_bound and form.is_valid():
        try:
            form.extend(submission, by=request.user)
        except DomainError as error:
            form.add_error("until" if error.code == "bad-until" else None, str(error))
        else:
            messages.success(request, _("The learner has more time, and is told so."))
            return redirect("more-time", submission.pk)
    context = {
        "submission": submission,
        "form": form,
        "extensions": submission.extensions.select_related("granted_by"),
    }
    return render(request, "assessments/more_time.html", context, status=422 if form.errors else 200)
