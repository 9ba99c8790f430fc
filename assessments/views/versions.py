"""Whom a new version of a rubric hits, what programmes make of it, and what each learner answers."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import impact as impacts
from assessments.forms.versions import AnswerForm, NewVersionForm, UptakeForm
from assessments.importing.summary import summary
from assessments.models import Achievement, Programme, Referential, Rubric, RubricMove
from assessments.permissions import can_administer, can_define, can_manage, can_see_impact
from assessments.version_differences import criterion_changes, item_changes
from assessments.versioning import Uptake, offer_moves
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_safe
def impact(request: Request, pk: uuid.UUID) -> HttpResponse:
    referential = _referential(request, pk)
    require(can_see_impact, request.user, referential)
    found = impacts.impact(referential, seen_by=request.user)
    context = {
        "referential": referential,
        "rows": [(one, summary(one.difference) if one.difference else None) for one in found],
        "administers": may(request.user, "administer", referential.organisation),
        "choices": Uptake.choices,
    }
    return render(request, "assessments/versions/impact.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: Request, pk: uuid.UUID, rubric: uuid.UUID) -> HttpResponse:
    old = get_object_or_404(Achievement.objects.with_rubric(), pk=pk)
    require(can_define, request.user, old)
    visible = Rubric.objects.filter(referential__in=Referential.objects.visible_to(request.user))
    found = get_object_or_404(visible.select_related("referential__organisation"), pk=rubric)
    form = NewVersionForm(request.POST if request.method == "POST" else None, old=old, rubric=found)
    if form.is_valid():
        try:
            achievement = form.define(by=request.user)
        except DomainError as error:
            form.refuse(error)
        else:
            text = _("Version %(version)s of “%(name)s” is defined. Say below who starts with it.")
            messages.success(request, text % {"version": achievement.version, "name": achievement.name})
            return redirect("referential-impact", found.referential_id)
    context = {"form": form, "old": old, "rubric": found, "referential": found.referential}
    status = 422 if form.errors else 200
    return render(request, "assessments/versions/new_version.html", context, status=status)


@signed_in
@require_POST
def take_up(request: Request, pk: uuid.UUID, programme: uuid.UUID, achievement: uuid.UUID) -> HttpResponse:
    referential, offering = _referential(request, pk), _programme(request, programme)
    require(can_administer, request.user, offering.organisation)
    new = get_object_or_404(Achievement, pk=achievement, rubric__referential=referential)
    form = UptakeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what learners start with."))
        return redirect("referential-impact", pk)
    try:
        form.take_up(offering, new, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("referential-impact", pk)


@signed_in
@require_POST
def offer(request: Request, pk: uuid.UUID, programme: uuid.UUID, achievement: uuid.UUID) -> HttpResponse:
    referential, offering = _referential(request, pk), _programme(request, programme)
    require(can_manage, request.user, offering)
    new = get_object_or_404(Achievement, pk=achievement, rubric__referential=referential)
    try:
        moves = offer_moves(offering, new, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext(
            "Offered to one learner. Nothing moves until they answer.",
            "Offered to %(number)s learners. Nothing moves until they answer.",
            len(moves),
        )
        messages.success(request, text % {"number": len(moves)})
    return redirect("referential-impact", pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What changes for the learner, in plain words, and the two answers."""
    visible = RubricMove.objects.visible_to(request.user).with_versions()
    found = get_object_or_404(visible, pk=pk)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose: keep your version, or move to the new one."))
            return redirect("move", pk)
        try:
            answered = form.answer_move(found, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("move", pk)
        messages.success(request, _("Your answer is saved: %(answer)s.") % {"answer": answered.in_words})
        return redirect("submission", answered.submission_id)
    old, new = (Achievement.objects.with_rubric().get(pk=version) for version in (found.old_id, found.new_id))
    changes = criterion_changes(old, new)
    items = item_changes(found.submission, old, new)
    context = {
        "move": found,
        "submission": found.submission,
        "old": old,
        "new": new,
        "changes": [one for one in changes if one.kind != "same"],
        "same": sum(one.kind == "same" for one in changes),
        "keeping": [one for one in items if not one.lost],
        "losing": [one for one in items if one.lost],
    }
    return render(request, "assessments/versions/move.html", context)


def _referential(request: Request, pk: uuid.UUID) -> Referential:
    visible = Referential.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, pk=pk)


def _programme(request: Request, pk: uuid.UUID) -> Programme:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, pk=pk)
