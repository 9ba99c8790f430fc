"""How the work of a programme is marked: in general, and for each achievement."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import Achievement, Programme
from assessments.permissions import can_manage
from reviews.marking_form import REQUIRED, MarkingForm, examples
from reviews.models import MarkingPolicy
from reviews.policies import in_words, policy_for
from reviews.prescribing import Rules, follow_general, prescribe
from workbench.access import members, require, signed_in
from workbench.requests import Request


@dataclass(frozen=True)
class Row:
    """An achievement, and how its work is marked."""

    achievement: Achievement
    words: str
    has_own: bool


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _policy(request, _found(request, pk), None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_achievement(request: Request, pk: uuid.UUID, achievement: uuid.UUID) -> HttpResponse:
    """With ``general``, the achievement gives its own rules up."""
    programme = _found(request, pk)
    found = get_object_or_404(programme.achievements.all(), pk=achievement)
    if request.method == "POST" and "general" in request.POST:
        follow_general(programme, found, by=request.user)
        messages.success(request, _("The general rules hold for this achievement."))
        return redirect("marking-policy", programme.pk)
    return _policy(request, programme, found)


def _policy(request: Request, programme: Programme, achievement: Achievement | None) -> HttpResponse:
    policy = policy_for(programme.pk, achievement.pk if achievement else None)
    kept = Rules.of(policy)
    if request.method == "POST":
        form = MarkingForm(request.POST)
        if form.is_valid():
            prescribe(programme, form.rules, achievement=achievement, by=request.user)
            messages.success(request, _("Saved. It holds for every marking that ends from now on."))
            return redirect("marking-policy", programme.pk)
    elif request.htmx and request.GET:
        so_far = MarkingForm(request.GET).rules_so_far(kept)
        return render(
            request, "reviews/judging/_examples.html", {"examples": examples(so_far), "required": REQUIRED}
        )
    else:
        form = MarkingForm.showing(kept)
    context = {
        "programme": programme,
        "achievement": achievement,
        "form": form,
        "has_own": achievement is not None and policy.achievement_id == achievement.pk,
        "examples": examples(form.rules_so_far(kept) if form.is_bound else kept),
        "required": REQUIRED,
        "lacks": _lacks(programme, policy),
        "rows": [] if achievement else _rows(programme),
    }
    status = 422 if form.errors else 200
    return render(request, "reviews/judging/marking.html", context, status=status)


def _lacks(programme: Programme, policy: MarkingPolicy) -> bool:
    """Whether fewer people assess than the rules ask for, so that work would wait for nobody."""
    asked = policy.wanted + policy.asks_third
    return asked > 1 and members("assessor", programme).filter(is_active=True).count() < asked


def _rows(programme: Programme) -> list[Row]:
    """One query for the policies, however many achievements there are."""
    policies = {one.achievement_id: one for one in MarkingPolicy.objects.filter(programme=programme)}
    general = policies.get(None, MarkingPolicy(programme=programme))
    return [
        Row(one, in_words(policies.get(one.pk, general)), one.pk in policies)
        for one in programme.achievements.order_by("code", "pk")
    ]


def _found(request: Request, pk: uuid.UUID) -> Programme:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    require(can_manage, request.user, programme)
    return programme
