"""Who reviews what: how a programme shares out its work, and assigning by hand."""

import uuid
from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Programme, Submission
from assessments.models.programme import OVERSEEING
from assessments.permissions import can_manage
from reviews import allocating
from reviews.allocation_form import AllocationForm, AssignForm
from reviews.matching import Obstacle
from reviews.sharing_out import stuck_in
from reviews.workload import Team
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def allocation(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The mode, each assessor's part and load, and what cannot be assigned."""
    visible = Programme.objects.visible_to(request.user).select_related("organisation", "allocation_policy")
    programme = get_object_or_404(visible, pk=pk)
    require(can_manage, request.user, programme)
    posted = request.POST if request.method == "POST" else None
    team = Team(programme)
    form = AllocationForm(posted, team=team)
    status = 200
    if posted is not None:
        if form.is_valid():
            try:
                form.save(by=request.user)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved. What waits is shared out within the next minute."))
                return redirect("allocation", programme.pk)
        status = 422
    context = {"programme": programme, "form": form, "stuck": _stuck(team)}
    return render(request, "reviews/judging/allocation.html", context, status=status)


def _stuck(team: Team) -> list[dict[str, object]]:
    return [
        {
            "submission": one.submission,
            "why": [(person, allocating.WHY[Obstacle(obstacle)]) for person, obstacle in one.why],
        }
        for one in stuck_in(team)
    ]


@signed_in
@require_POST
def assign_work(request: Request) -> HttpResponse:
    """Assign, take back or open to all what was ticked in the queue; each piece for itself."""
    if not request.user.grants.any_of(OVERSEEING):
        raise PermissionDenied
    filters = QueryDict(request.POST.get("filters", "")).urlencode()
    back = redirect(f"{reverse('queue')}?{filters}" if filters else reverse("queue"))
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return back
    done = 0
    refusals: Counter[str] = Counter()
    chosen = Submission.objects.visible_to(request.user).filter(pk__in=form.cleaned_data["submission"])
    for submission in chosen.select_related("programme", "learner").oldest_first():
        try:
            form.act(submission, by=request.user)
        except DomainError as error:
            refusals[str(error)] += 1
        else:
            done += 1
    if done:
        told = ngettext(
            "%(count)s piece of work was changed.", "%(count)s pieces of work were changed.", done
        )
        messages.success(request, told % {"count": done})
    for refusal, count in refusals.items():
        messages.error(request, f"{refusal} (× {count})" if count > 1 else refusal)
    return back
