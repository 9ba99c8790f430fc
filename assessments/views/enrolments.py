"""The people of a programme: who learns in it, who assesses, moderates and manages it."""

import uuid
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments import enrolling
from assessments.conflicting import declared_in
from assessments.forms.conflicts import DeclareForOthersForm
from assessments.forms.programmes import AppointForm, EnrolForm, GroupForm, PersonForm, SearchForm
from assessments.models import Enrolment, Programme
from assessments.permissions import can_manage
from assessments.views.paging import Page, page_of
from workbench.access import ROLES, Forbidden, may, members, require, signed_in
from workbench.errors import DomainError
from workbench.models import User
from workbench.requests import Request

LEARNERS_A_PAGE = 50
CONFLICTS_SHOWN = 200


@signed_in
@require_safe
def people(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _found(request, pk))


@signed_in
@require_POST
def enrol(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Several addresses at once; those without an account come back in the field."""
    programme = _found(request, pk)
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return _page(request, programme, enrol_form=form, status=422)
    try:
        result = form.enrol(programme, by=request.user)
    except DomainError as error:
        form.add_error("addresses", str(error))
        return _page(request, programme, enrol_form=form, status=error.status)
    if result.unknown:
        kept = EnrolForm(initial={"addresses": "\n".join(result.unknown)})
        return _page(request, programme, enrol_form=kept, result=result)
    number = len(result.enrolled)
    text = ngettext("%(number)s person is enrolled.", "%(number)s people are enrolled.", number)
    if number:
        messages.success(request, text % {"number": number})
    for person in result.already:
        messages.info(request, _("%(name)s was enrolled already.") % {"name": person})
    return redirect("programme-people", programme.pk)


@signed_in
@require_POST
def unenrol(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    learners = User.objects.filter(enrolments__programme=programme)
    learner = get_object_or_404(learners, pk=_person(request)["person"])
    enrolling.unenrol(programme, learner, by=request.user)
    messages.success(request, _("%(name)s is no longer enrolled.") % {"name": learner})
    return redirect("programme-people", programme.pk)


@signed_in
@require_POST
def appoint(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    form = AppointForm(request.POST, programme=programme, by=request.user)
    if form.is_valid():
        try:
            person = form.appoint(by=request.user)
        except DomainError as error:
            form.add_error("email" if error.code == "no-account" else None, str(error))
        else:
            role = ROLES[form.cleaned_data["role"]].label
            messages.success(request, _("%(name)s is now %(role)s.") % {"name": person, "role": role})
            return redirect("programme-people", programme.pk)
    return _page(request, programme, appoint_form=form, status=422)


@signed_in
@require_POST
def dismiss(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    chosen = _person(request)
    person = get_object_or_404(members(chosen["role"], programme), pk=chosen["person"])
    try:
        enrolling.dismiss(programme, person, chosen["role"], by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        role = ROLES[chosen["role"]].label
        messages.success(request, _("%(name)s is no longer %(role)s.") % {"name": person, "role": role})
    return redirect("programme-people", programme.pk)


@signed_in
@require_POST
def group(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Put the learners that were ticked into a group; an empty name takes them out of theirs."""
    programme = _found(request, pk)
    form = GroupForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("programme-people", programme.pk)
    try:
        number = form.group_all(programme, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(number)s learner was grouped.", "%(number)s learners were grouped.", number)
        messages.success(request, text % {"number": number})
    return redirect("programme-people", programme.pk)


@signed_in
@require_POST
def declare_conflict(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _found(request, pk)
    form = DeclareForOthersForm(request.POST, programme=programme)
    if form.is_valid():
        try:
            conflict = form.declare(by=request.user)
        except DomainError as error:
            form.add_error("email" if error.code == "no-account" else None, str(error))
        except Forbidden:
            form.add_error("email", _("This person does not learn in the programme."))
        else:
            told = _("%(assessor)s does not judge the work of %(learner)s any more.")
            people = {"assessor": conflict.assessor, "learner": conflict.learner}
            messages.success(request, told % people)
            return redirect("programme-people", programme.pk)
    return _page(request, programme, conflict_form=form, status=422)


def _found(request: Request, pk: uuid.UUID) -> Programme:
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    require(can_manage, request.user, programme)
    return programme


def _person(request: Request) -> dict[str, Any]:
    """Whom a button of the table names; a page that was tampered with finds nobody."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


def _page(
    request: Request,
    programme: Programme,
    *,
    enrol_form: forms.Form | None = None,
    appoint_form: forms.Form | None = None,
    conflict_form: forms.Form | None = None,
    result: enrolling.Enrolled | None = None,
    status: int = 200,
) -> HttpResponse:
    search = SearchForm(request.GET)
    wanted = search.cleaned_data["q"].strip() if search.is_valid() else ""
    page = _learners(request, programme, wanted)
    context = {
        "programme": programme,
        "search": search,
        "wanted": wanted,
        "page": page,
        "learners": _with_progress(programme, page.items),
        "staff": _staff(request.user, programme),
        "enrol_form": enrol_form or EnrolForm(),
        "appoint_form": appoint_form or AppointForm(programme=programme, by=request.user),
        "conflict_form": conflict_form or DeclareForOthersForm(programme=programme),
        "conflicts": declared_in(programme, reader=request.user)[:CONFLICTS_SHOWN],
        "groups": enrolling.groups_of(programme),
        "result": result,
    }
    return render(request, "assessments/people.html", context, status=status)


def _learners(request: Request, programme: Programme, wanted: str) -> Page:
    enrolments = programme.enrolments.select_related("learner").order_by("learner__name", "pk")
    if wanted:
        enrolments = enrolments.filter(
            Q(learner__name__icontains=wanted) | Q(learner__email__icontains=wanted)
        )
    return page_of(request, enrolments, LEARNERS_A_PAGE)


def _with_progress(
    programme: Programme, enrolments: list[Enrolment]
) -> list[tuple[Enrolment, list[tuple[str, int]]]]:
    """Each enrolment with how many attempts of that learner are in which state."""
    found: dict[uuid.UUID, list[tuple[str, int]]] = defaultdict(list)
    grouped = (
        programme.submissions.filter(learner__in=[one.learner_id for one in enrolments])
        .values_list("learner", "state")
        .annotate(number=Count("pk"))
        .order_by("state")
    )
    for learner, state, number in grouped:
        found[learner].append((state, number))
    return [(enrolment, found[enrolment.learner_id]) for enrolment in enrolments]


def _staff(user: User, programme: Programme) -> list[dict[str, Any]]:
    """One row for each person and role; ``removable`` where the reader may take the role back."""
    managers = may(user, "appoint-managers", programme)
    return [
        {"person": person, "role": ROLES[code], "removable": code != "manager" or managers}
        for code in reversed(enrolling.PROGRAMME_ROLES)
        for person in members(code, programme)
    ]
