"""The learner's pages about one file: how its reading stands, its marked secrets, a new version of it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import evidencing, redacting
from assessments.forms.secrets import DismissForm, ReplaceForm
from assessments.models import Evidence, Submission
from assessments.permissions import can_work_on
from assessments.secrecy import grouped_marks
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.limits import limited
from workbench.requests import Request


@signed_in
@require_safe
def reading(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    """The part of an evidence card that tells how far the reading is; it asks again until it is done."""
    item = _found(request, pk, evidence)
    context = {"item": item, "submission": item.submission, "mine": True}
    return render(request, "assessments/_reading.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def secrets(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    """Everything marked in a file, by kind, each with what can be done about it."""
    item = _found(request, pk, evidence)
    form = DismissForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        try:
            count = redacting.dismiss(item, form.keys(), reason=form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Settled: %(count)s. Your assessor reads why.") % {"count": count})
            return redirect("evidence-secrets", item.submission_id, item.pk)
    context = {
        "item": item,
        "submission": item.submission,
        "groups": grouped_marks(item),
        "form": form,
        "copy": item.redacted_copies.first(),
    }
    return render(request, "assessments/secrets.html", context, status=422 if form.errors else 200)


@signed_in
@limited("upload", limit=evidencing.ADDED_A_MINUTE, window=60, by_person=True)
@require_POST
def redact(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    item = _found(request, pk, evidence)
    try:
        copy = redacting.redact(item, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("evidence-secrets", item.submission_id, item.pk)
    messages.success(
        request,
        _("“%(title)s” is the one that the badge may show. Your original stays for the assessors.")
        % {"title": copy.title},
    )
    return redirect("submission", item.submission_id)


@signed_in
@limited("upload", limit=evidencing.ADDED_A_MINUTE, window=60, by_person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    """Put a new version in a file's place: what was said of it and remarked on it stays with it."""
    item = _found(request, pk, evidence)
    if not item.submission.is_editable:
        messages.error(request, _("This work was handed in: its evidence can no longer change."))
        return redirect("submission", item.submission_id)
    form = ReplaceForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            added = evidencing.replace(item, form.cleaned_data["file"], by=request.user)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("“%(title)s” has its new version.") % {"title": added.title})
            return redirect("submission", item.submission_id)
    context = {"item": item, "submission": item.submission, "form": form}
    return render(request, "assessments/replace_evidence.html", context, status=422 if form.errors else 200)


def _found(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> Evidence:
    """A stored item of one's own work; another's is not found, or forbidden to those who may only read it."""
    visible = Submission.objects.visible_to(request.user).select_related(
        "programme", "learner", "achievement"
    )
    submission = get_object_or_404(visible, pk=pk)
    require(can_work_on, request.user, submission)
    stored = submission.evidence.exclude(blob=None).with_supports().with_reading()
    item = get_object_or_404(stored, pk=evidence)
    item.submission = submission
    return item
