"""Exemplars: those of a programme, making one, agreeing on its levels, and the learner's consent."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import Achievement, Programme, Submission
from assessments.permissions import can_manage, can_work_on
from assessments.views.paging import page_of
from reviews import calibrating, exemplified, exemplifying
from reviews.calibration_forms import AskForm, NameForm, read_agreed
from reviews.exemplifying import Agreed
from reviews.models import Exemplar, MarkingPolicy
from reviews.models.exemplar import MAX_REASON
from reviews.permissions import can_exemplify, can_oversee
from reviews.policies import policy_for
from reviews.scoring import Mark
from reviews.sheet import results_by_criterion, sheet
from reviews.unnaming import names_in
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request

WORK_A_PAGE = 20


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The exemplars of a programme, work to make one of, and what is asked of assessors."""
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    require(can_oversee, request.user, programme)
    if request.method != "POST":
        return _index_page(request, programme)
    require(can_manage, request.user, programme)
    own = request.POST.get("achievement", "")
    form = AskForm(request.POST, prefix=own or None)
    if not form.is_valid():
        return _index_page(request, programme, form=form, status=422)
    achievement = _of_own_policy(programme, own)
    calibrating.ask(programme, achievement=achievement, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved. Assessors to whom the queue is closed now are told."))
    return redirect("exemplars", programme.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Make an exemplar of a piece of work: where it names its learner, and what happens next."""
    visible = Submission.objects.visible_to(request.user).with_context()
    submission = get_object_or_404(visible, pk=pk)
    require(can_exemplify, request.user, submission)
    living = submission.exemplars.filter(retired_at__isnull=True).order_by("-made_at").first()
    if living is not None:
        return redirect("exemplar", living.pk)
    form = NameForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                exemplar = exemplifying.make(submission, by=request.user, **form.cleaned_data)
                messages.success(request, _("The draft is open, and the learner is asked."))
                return redirect("exemplar", exemplar.pk)
            except DomainError as error:
                form.add_error(None, str(error))
                status = error.status
    context = {"submission": submission, "form": form, "places": names_in(submission)}
    return render(request, "reviews/exemplars/new.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One exemplar: to work on while it is a draft, to read afterwards."""
    exemplar = get_object_or_404(Exemplar.objects.visible_to(request.user).with_context(), pk=pk)
    if request.method != "POST":
        return _page(request, exemplar)
    require(can_exemplify, request.user, exemplar.submission)
    try:
        return _done(request, exemplar)
    except DomainError as error:
        return _page(request, exemplar, error=error)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The question to the learner, and the answer, which may change at any time."""
    mine = Exemplar.objects.with_context().filter(submission__learner=request.user)
    exemplar = get_object_or_404(mine, pk=pk)
    require(can_work_on, request.user, exemplar.submission)
    # The newest of this work carries the answer.
    newest = mine.filter(submission=exemplar.submission_id).order_by("-made_at", "-pk")[0]
    context: dict[str, Any] = {"exemplar": newest, "submission": newest.submission, "status": 200}
    if request.method == "POST":
        if request.POST.get("answer") not in ("yes", "no"):
            context |= {"error": _("Choose one of the answers."), "status": 422}
        else:
            agrees = request.POST["answer"] == "yes"
            try:
                exemplifying.answer(newest, agrees=agrees, by=request.user)
            except DomainError as error:
                context |= {"error": str(error), "status": error.status}
            else:
                thanks = _("Thank you: assessors may practise on your work, without your name.")
                messages.success(
                    request, thanks if agrees else _("Your work is not used. Nobody asks again.")
                )
                return redirect("exemplar-consent", newest.pk)
    return render(request, "reviews/exemplars/consent.html", context, status=context["status"])


# --- The page of one exemplar --------------------------------------------------------------------------


def _done(request: Request, exemplar: Exemplar) -> HttpResponse:
    """What the button asks for; publishing saves what the page sends along first."""
    given, by = request.POST, request.user
    if "look" in given:
        exemplifying.look(exemplar, by=by)
    elif "retire" in given:
        exemplifying.retire(exemplar, by=by)
        messages.success(request, _("It is no longer used. What was scored on it is kept."))
        return redirect("exemplars", exemplar.programme_id)
    elif "revise" in given:
        exemplar = exemplifying.revise(exemplar, by=by)
        messages.success(request, _("This draft takes the other one's place once you publish it."))
    else:
        _save(request, exemplar)
        messages.success(request, _("Saved."))
        if "publish" in given:
            exemplifying.publish(exemplar, looked_through="looked_through" in given, by=by)
            messages.success(request, _("The exemplar is in use."))
    return redirect("exemplar", exemplar.pk)


def _save(request: Request, exemplar: Exemplar) -> None:
    achievement = Achievement.objects.with_rubric().get(pk=exemplar.submission.achievement_id)
    exemplifying.agree(
        exemplar,
        name=request.POST.get("name", ""),
        note=request.POST.get("note", "").replace("\r\n", "\n"),
        levels=read_agreed(request.POST, achievement),
        by=request.user,
    )


def _page(request: Request, exemplar: Exemplar, *, error: DomainError | None = None) -> HttpResponse:
    submission = exemplar.submission
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    oversees = may(request.user, "exemplify", submission)
    reads = may(request.user, "read-agreed-levels", exemplar)
    kept = exemplified.levels_of(exemplar)
    if error is not None and "name" in request.POST:
        form = NameForm(request.POST)
        written = read_agreed(request.POST, achievement) if error.code not in STRANGE else []
    else:
        form = NameForm(initial={"name": exemplar.name, "note": exemplar.note})
        written = [Agreed(one.criterion, one.level, one.reason) for one in kept.values()]
    marks = [Mark(one.criterion, one.level, one.reason) for one in written]
    context = {
        "exemplar": exemplar,
        "submission": submission,
        "achievement": achievement,
        "oversees": oversees,
        "reads": reads,
        "is_editable": exemplar.is_draft and oversees and reads,
        "items": exemplified.evidence_of(submission, request.user),
        "rows": sheet(achievement, _with_decided(achievement, submission, marks)) if reads else [],
        "form": form,
        "places": names_in(submission) if exemplar.is_draft and oversees else [],
        "max_comment": MAX_REASON,
        "error": error,
    }
    template = "reviews/exemplars/exemplar.html"
    return render(request, template, context, status=error.status if error else 200)


STRANGE = ("unknown-criterion", "unknown-level")


def _with_decided(achievement: Achievement, submission: Submission, marks: Iterable[Mark]) -> list[Mark]:
    """What is agreed so far, and where nothing is, the level of the decision to begin with."""
    found = {mark.criterion.pk: mark for mark in marks}
    decided = results_by_criterion(getattr(submission, "decision", None))
    for criterion in achievement.criteria:
        row = decided.get(str(criterion.pk))
        if criterion.pk not in found and row:
            levels = {str(level.pk): level for level in criterion.levels.all()}
            found[criterion.pk] = Mark(criterion, levels.get(row["level"] or ""))
    return list(found.values())


# --- The page of a programme -----------------------------------------------------------------------------


def _index_page(
    request: Request, programme: Programme, *, form: AskForm | None = None, status: int = 200
) -> HttpResponse:
    rows = Exemplar.objects.visible_to(request.user).filter(programme=programme).with_context()
    exemplars = list(rows.order_by("-made_at", "-pk"))
    work = exemplified.judged_work(programme, request.user)
    context = {
        "programme": programme,
        "in_use": [one for one in exemplars if one.is_in_use],
        "drafts": [one for one in exemplars if one.is_draft],
        "retired": [one for one in exemplars if one.is_retired],
        "page": page_of(request, work, WORK_A_PAGE),
        "forms": _ask_forms(programme, form) if may(request.user, "manage", programme) else [],
        "says": exemplified.in_words(programme),
        "asked": policy_for(programme.pk, None).calibration_exemplars,
    }
    return render(request, "reviews/exemplars/index.html", context, status=status)


def _ask_forms(programme: Programme, bound: AskForm | None) -> list[tuple[Achievement | None, AskForm]]:
    """One for the general policy, and one for each achievement with a policy of its own."""
    rows = MarkingPolicy.objects.filter(programme=programme, achievement__isnull=False)
    policies = [policy_for(programme.pk, None), *rows.select_related("achievement")]
    forms: list[tuple[Achievement | None, AskForm]] = []
    for policy in policies:
        prefix = str(policy.achievement_id) if policy.achievement_id else None
        initial = {"exemplars": policy.calibration_exemplars, "exact": policy.calibration_exact}
        if bound is not None and bound.prefix == prefix:
            forms.append((policy.achievement, bound))
        else:
            forms.append((policy.achievement, AskForm(prefix=prefix, initial=initial)))
    return forms


def _of_own_policy(programme: Programme, given: str) -> Achievement | None:
    """The achievement named, None where none is. Raises Http404 for one without a policy of its own."""
    if not given:
        return None
    rows = MarkingPolicy.objects.filter(programme=programme, achievement__isnull=False)
    for policy in rows.select_related("achievement"):
        if str(policy.achievement_id) == given:
            return policy.achievement
    raise Http404
