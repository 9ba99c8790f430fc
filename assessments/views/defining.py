"""The pages on which an administrator defines achievements, opens programmes and offers more in them."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.defining import AchievementForm, OfferForm, ProgrammeForm
from assessments.models import Programme, Referential, Rubric
from assessments.permissions import can_administer
from workbench.access import Forbidden, require, signed_in
from workbench.errors import DomainError
from workbench.models import Organisation
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def define_achievement(request: Request, rubric: uuid.UUID) -> HttpResponse:
    visible = Rubric.objects.filter(referential__in=Referential.objects.visible_to(request.user))
    found = get_object_or_404(visible.select_related("referential__organisation"), pk=rubric)
    require(can_administer, request.user, found.referential.organisation)
    form = AchievementForm(request.POST if request.method == "POST" else None, rubric=found)
    if form.is_valid():
        try:
            achievement = form.define(by=request.user)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("“%(name)s” is defined. Offer it in a programme.") % {"name": achievement.name}
            )
            return redirect("achievement", achievement.pk)
    context = {"form": form, "rubric": found, "referential": found.referential}
    return render(request, "assessments/define_achievement.html", context, status=_status(form))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_programme(request: Request) -> HttpResponse:
    own = Organisation.objects.administered_by(request.user.grants).first()
    if own is None:
        raise Forbidden("can_administer")
    posted = request.POST if request.method == "POST" else None
    form = ProgrammeForm(posted, by=request.user, initial={"organisation": own})
    if form.is_valid():
        try:
            programme = form.create(by=request.user)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(name)s” is open. You manage it.") % {"name": programme.name})
            return redirect("programme-people", programme.pk)
    return render(request, "assessments/new_programme.html", {"form": form}, status=_status(form))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Request, pk: uuid.UUID) -> HttpResponse:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    require(can_administer, request.user, programme.organisation)
    form = OfferForm(request.POST if request.method == "POST" else None, programme=programme)
    if form.is_valid():
        form.offer(by=request.user)
        messages.success(request, _("Learners of “%(name)s” can earn it now.") % {"name": programme.name})
        return redirect("programme", programme.pk)
    context = {"form": form, "programme": programme}
    return render(request, "assessments/offer.html", context, status=_status(form))


def _status(form: AchievementForm | ProgrammeForm | OfferForm) -> int:
    return 422 if form.errors else 200
