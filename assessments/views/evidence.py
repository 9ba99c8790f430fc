"""The pages of one evidence item: add, describe, take out, download."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from assessments import evidencing
from assessments.analysers.names import clean_filename
from assessments.forms.evidence import ADDING, DescriptionForm, EditForm
from assessments.models import Achievement, Evidence, Submission
from assessments.models.evidence import Form
from assessments.opening import guard_open
from assessments.permissions import can_work_on
from assessments.viewing.items import found
from workbench.access import public, require, signed_in
from workbench.errors import DomainError
from workbench.evidence_host import attachment, main_address, on_evidence_host, read_token, sign
from workbench.limits import limited
from workbench.models import User
from workbench.requests import Request

TOKEN = "evidence-file"  # noqa: S105 (the name of a kind of token)


@signed_in
@limited("upload", limit=evidencing.ADDED_A_MINUTE, window=60, by_person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: uuid.UUID) -> HttpResponse:
    submission = _found(request, pk)
    if not submission.is_editable:
        return _handed_in(request, submission)
    chosen = request.GET.get("form", Form.FILE)
    form_class = ADDING.get(chosen, ADDING[Form.FILE])
    if request.method != "POST":
        return _adding(request, submission, form_class(achievement=submission.achievement), chosen)
    form = form_class(request.POST, request.FILES, achievement=submission.achievement)
    if form.is_valid():
        try:
            evidence = form.add_to(submission, by=request.user)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is added.") % {"title": evidence.title})
            return _onward(request, submission, chosen)
    return _adding(request, submission, form, chosen, status=422)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    submission = _found(request, pk)
    item = get_object_or_404(submission.evidence.with_supports(), pk=evidence)
    if not submission.is_editable:
        return _handed_in(request, submission)
    item.submission = submission
    achievement = submission.achievement
    form = EditForm(request.POST or None, achievement=achievement, initial=DescriptionForm.initial_of(item))
    if form.is_valid():
        try:
            evidencing.describe(item, form.description(), by=request.user)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": item.title})
            return redirect("submission", submission.pk)
    context = {"submission": submission, "item": item, "form": form}
    return render(request, "assessments/edit_evidence.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    """Ask first: a file that was taken out has to be uploaded again."""
    submission = _found(request, pk)
    item = get_object_or_404(submission.evidence, pk=evidence)
    if not submission.is_editable:
        return _handed_in(request, submission)
    if request.method != "POST":
        context = {"submission": submission, "item": item}
        return render(request, "assessments/remove_evidence.html", context)
    evidencing.remove(item, by=request.user)
    messages.success(request, _("“%(title)s” is taken out.") % {"title": item.title})
    return redirect("submission", submission.pk)


@signed_in
@require_safe
def download(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """The bytes, to those who may read them; from the evidence host when there is one."""
    item = found(request.user, pk)
    if settings.EVIDENCE_HOST:
        token = sign(TOKEN, evidence=str(item.pk), user=str(request.user.pk))
        response = HttpResponseRedirect(on_evidence_host(request.path, token=token))
        response["Cache-Control"] = "private, no-store"
        return response
    return _attachment(item)


@public
@require_safe
def serve(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The evidence host's half of ``download``: no session reaches it, a token speaks for the person."""
    try:
        claims = read_token(request.GET.get("token", ""), TOKEN)
    except signing.SignatureExpired:
        # A reload or a resumed download: the main host asks who it is and gives a new token.
        return HttpResponseRedirect(main_address("evidence-file", pk))
    except signing.BadSignature:
        raise Http404 from None
    if claims.get("evidence") != str(pk):
        raise Http404
    return _attachment(found(get_object_or_404(User, pk=claims["user"], is_active=True), pk))


# --- What these pages share ---------------------------------------------------------------------------


def _found(request: Request, pk: uuid.UUID) -> Submission:
    """One's own work with its rubric; another's is not found, or forbidden to those who may only read it."""
    visible = Submission.objects.visible_to(request.user).select_related("programme", "learner")
    submission = get_object_or_404(visible, pk=pk)
    require(can_work_on, request.user, submission)
    submission.achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    return submission


def _handed_in(request: Request, submission: Submission) -> HttpResponse:
    messages.error(request, _("This work was handed in: its evidence can no longer change."))
    return redirect("submission", submission.pk)


def _onward(request: Request, submission: Submission, chosen: str) -> HttpResponse:
    target = reverse("submission", args=[submission.pk])
    if "another" in request.POST:
        target = f"{reverse('add-evidence', args=[submission.pk])}?form={chosen}"
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)


def _adding(
    request: Request, submission: Submission, form: DescriptionForm, chosen: str, *, status: int = 200
) -> HttpResponse:
    chosen = chosen if chosen in ADDING else Form.FILE
    address = reverse("add-evidence", args=[submission.pk])
    labels = {Form.FILE: _("File"), Form.LINK: _("Link"), Form.TEXT: _("Text")}
    context: dict[str, Any] = {
        "submission": submission,
        "form": form,
        "chosen": chosen,
        "action": f"{address}?form={chosen}",
        "tabs": [
            {"url": f"{address}?form={one}", "label": label, "current": one == chosen}
            for one, label in labels.items()
        ],
        "count": submission.evidence.count(),
        "count_limit": settings.MAX_EVIDENCE_ITEMS,
        "used": Evidence.objects.bytes_of(submission.learner),
        "size_limit": settings.MAX_EVIDENCE_BYTES,
        "total_limit": settings.MAX_LEARNER_BYTES,
    }
    page = "assessments/_evidence_form.html" if request.htmx else "assessments/add_evidence.html"
    return render(request, page, context, status=status)


def _attachment(item: Evidence) -> HttpResponseBase:
    guard_open(item)
    try:
        return attachment(
            item.sha256,
            filename=item.filename or clean_filename(f"{item.title}.txt"),
            media_type=item.media_type,
            size=item.size,
        )
    except FileNotFoundError:
        raise DomainError(
            "file-gone", _("The bytes of this evidence are no longer in the storage."), status=410
        ) from None
