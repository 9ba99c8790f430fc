"""The programmes a person learns or works in, and how each of them goes."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.programmes import ReviewDaysForm
from assessments.models import Achievement, Programme
from assessments.models.lifecycle import State
from assessments.permissions import can_manage
from assessments.views.paging import page_of
from workbench.access import ROLES, may, require, signed_in
from workbench.models import User
from workbench.requests import Request

PROGRAMMES_A_PAGE = 30


@dataclass(frozen=True)
class Progress:
    """How many attempts at one achievement are in each state, in the order of State."""

    achievement: Achievement
    cells: list[tuple[State, int]]

    @property
    def total(self) -> int:
        return sum(number for _state, number in self.cells)


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    counted = visible.annotate(learners=Count("enrolments", distinct=True))
    page = page_of(request, counted.order_by("-starts_on", "slug", "pk"), PROGRAMMES_A_PAGE)
    learning = set(request.user.enrolments.values_list("programme", flat=True))
    rows = [(programme, _roles(request.user, programme, learning)) for programme in page.items]
    administers = bool(request.user.grants.ids("administer_organisation"))
    context = {"rows": rows, "page": page, "administers": administers}
    return render(request, "assessments/programmes.html", context)


@signed_in
@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    return _page(request, programme, ReviewDaysForm(initial={"days": programme.review_days}))


@signed_in
@require_POST
def review_days(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    require(can_manage, request.user, programme)
    form = ReviewDaysForm(request.POST)
    if not form.is_valid():
        return _page(request, programme, form, status=422)
    form.promise(programme, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("programme", programme.pk)


def _found(request: Request, pk: uuid.UUID) -> Programme:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, pk=pk)


def _page(request: Request, programme: Programme, form: ReviewDaysForm, *, status: int = 200) -> HttpResponse:
    achievements = list(programme.achievements.select_related("organisation"))
    manages = may(request.user, "manage", programme)
    context = {
        "programme": programme,
        "achievements": achievements,
        "closed": list(programme.closed.all()),
        "manages": manages,
        "learns": may(request.user, "learn", programme),
        "assesses": programme.pk in request.user.grants.ids("assess_programme"),
    }
    if manages:
        progress = _progress(programme, achievements)
        context |= {
            "form": form,
            "progress": progress,
            "states": [State(state) for state in State],
            "learners": programme.enrolments.count(),
            "waiting": _sum(progress, State.SUBMITTED),
            "reviewing": _sum(progress, State.IN_REVIEW, State.MODERATION),
            "approved": _sum(progress, State.APPROVED),
        }
    return render(request, "assessments/programme.html", context, status=status)


def _roles(user: User, programme: Programme, learning: set[uuid.UUID]) -> list[str]:
    """The codes of what a person is in a programme."""
    held = [code for code, role in ROLES.items() if programme.pk in user.grants.ids(role.permission)]
    if programme.organisation_id in user.grants.ids("administer_organisation"):
        held.append("administrator")
    return held + (["learner"] if programme.pk in learning else [])


def _progress(programme: Programme, achievements: Iterable[Achievement]) -> list[Progress]:
    """One grouped query, however much was handed in."""
    grouped = programme.submissions.order_by().values_list("achievement", "state").annotate(Count("pk"))
    counts = {(achievement, state): number for achievement, state, number in grouped}
    return [
        Progress(one, [(State(state), counts.get((one.pk, state), 0)) for state in State])
        for one in achievements
    ]


def _sum(progress: Iterable[Progress], *states: State) -> int:
    return sum(number for row in progress for state, number in row.cells if state in states)
