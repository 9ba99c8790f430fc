"""What is sampled: the matrix of internal verification, and the policy of a programme."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Programme
from assessments.models.programme import OVERSEEING
from assessments.permissions import can_manage
from reviews import sampling_policy
from reviews.models import SamplingPolicy
from reviews.replaying import LOOKED_BACK, Replay, replay
from reviews.reports.matrix import write_matrix
from reviews.sampling import Reason
from reviews.sampling_forms import MatrixForm, SamplingForm, shown
from reviews.sampling_policy import Strategy
from reviews.verification_matrix import Matrix, matrix_of
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_safe
def matrix(request: Request) -> HttpResponse:
    form, found = _asked(request)
    context = {
        "matrix": found,
        "form": MatrixForm(shown(found.programme, found.since, found.until), user=request.user),
        "errors": [error for errors in form.errors.values() for error in errors],
        "query": f"programme={found.programme.pk}&from={found.since}&to={found.until}",
        "manages": found.programme.pk in request.user.grants.ids("manage_programme"),
    }
    return render(request, "reviews/moderation/matrix.html", context)


@signed_in
@require_safe
def sheet(request: Request) -> HttpResponse:
    """The matrix as CSV."""
    _form, found = _asked(request)
    name = f"{found.programme.slug}-sampling-{found.since}-{found.until}.csv"
    return HttpResponse(
        write_matrix(found),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _asked(request: Request) -> tuple[MatrixForm, Matrix]:
    if not request.user.grants.any_of(OVERSEEING):
        raise PermissionDenied
    form = MatrixForm(request.GET, user=request.user)
    programme = form.programme
    since, until = form.days(programme)
    return form, matrix_of(programme, since=since, until=until)


# --- The policy --------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The form; while it is filled in, htmx asks for what such a policy would have had checked."""
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    require(can_manage, request.user, programme)
    present = SamplingPolicy.objects.filter(programme=programme).first()
    kept = Strategy.of(present) if present else Strategy()
    if request.method != "POST":
        if request.htmx and "share" in request.GET:
            return _preview(request, programme, SamplingForm(request.GET))
        return _page(request, programme, present, SamplingForm(initial=vars(kept)), kept)
    if "end" in request.POST:
        sampling_policy.end_sampling(programme, by=request.user)
        messages.success(request, _("No decision is sampled any more. What is held is still to be checked."))
        return redirect("sampling-policy", programme.pk)
    form = SamplingForm(request.POST)
    if form.is_valid():
        try:
            sampling_policy.set_sampling(programme, form.strategy, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. It holds for every decision from now on."))
            return redirect("sampling-policy", programme.pk)
    return _page(request, programme, present, form, kept, status=422)


def _page(
    request: Request,
    programme: Programme,
    present: SamplingPolicy | None,
    form: SamplingForm,
    kept: Strategy,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "programme": programme,
        "present": present,
        "form": form,
        "history": sampling_policy.history(programme),
    }
    return render(
        request,
        "reviews/moderation/policy.html",
        context | _replayed(replay(programme, kept.policy(programme)), is_present=present is not None),
        status=status,
    )


def _preview(request: Request, programme: Programme, form: SamplingForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _replayed(replay(programme, form.strategy.policy(programme)), is_present=False)
    return render(request, "reviews/moderation/_preview.html", context)


def _replayed(found: Replay, *, is_present: bool) -> dict[str, Any]:
    words = [(reason.label, found.reasons[reason]) for reason in Reason if found.reasons.get(reason)]
    return {"replay": found, "by_reason": words, "is_present": is_present, "days": LOOKED_BACK.days}
