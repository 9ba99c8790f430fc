"""Conflicts of interest: one's own, and those of a programme's people."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments import conflicting
from assessments.forms.conflicts import DeclareForm, EmployerForm
from assessments.models import Conflict, Programme
from workbench.access import may, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Where one works, what one declared, and declaring more."""
    if request.method != "POST":
        return _page(request, DeclareForm(user=request.user))
    form = DeclareForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            form.declare(by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Declared. The work is out of sight from now on."))
            return redirect("conflicts")
    return _page(request, form, status=422)


@signed_in
@require_POST
def employer(request: Request) -> HttpResponse:
    form = EmployerForm(request.POST)
    if not form.is_valid():
        return _page(request, DeclareForm(user=request.user), employer_form=form, status=422)
    form.state(by=request.user)
    messages.success(request, _("Your account is saved."))
    return redirect("conflicts")


@signed_in
@require_POST
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One's own, or as a manager from the page of a programme's people."""
    conflict = get_object_or_404(Conflict.objects.select_related("learner", "assessor"), pk=pk)
    if conflict.declared_by_id != request.user.pk and not may(request.user, "withdraw-conflict", conflict):
        # Whoever is on the other side does not even learn that there is one.
        raise Http404
    try:
        conflicting.withdraw(conflict, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn: it counts no more."))
    programme = Programme.objects.managed_by(request.user).filter(pk__in=_named(request)).first()
    return redirect("programme-people", programme.pk) if programme else redirect("conflicts")


def _named(request: Request) -> list[uuid.UUID]:
    """The programme whose page the button stood on."""
    try:
        return [uuid.UUID(request.POST.get("programme", ""))]
    except ValueError:
        return []


def _page(
    request: Request, form: DeclareForm, *, employer_form: EmployerForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "employer_form": employer_form or EmployerForm(initial={"employer": request.user.employer}),
        "declared": conflicting.declared_by(request.user),
    }
    return render(request, "assessments/conflicts.html", context, status=status)
