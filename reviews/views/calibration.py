"""Calibration: the exemplars an assessor has to score, the sheet, what came of it, and who stands where."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Achievement, Programme
from reviews import calibrated, calibrating, calibration_overview, desk, exemplified, viewing
from reviews.concluding import standing_of
from reviews.forms import Entry, read_marks, read_version
from reviews.models import Calibration, Exemplar
from reviews.models.exemplar import MAX_REASON
from reviews.permissions import can_oversee, can_score_exemplar
from reviews.sheet import differences, sheet
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request

TRIES_SHOWN = 50
UNREADABLE = ("bad-version", "unknown-criterion", "unknown-level")


@signed_in
@require_safe
def mine(request: Request) -> HttpResponse:
    """What an assessor may score and has to, by achievement."""
    assessed = request.user.grants.ids("assess_programme")
    if not assessed:
        raise PermissionDenied
    courses = calibrated.courses_of(request.user, assessed)
    courses.sort(key=lambda one: (not one.is_closed, one.steps[0].exemplar.submission.achievement.name))
    return render(request, "reviews/calibration/index.html", {"courses": courses})


@signed_in
@require_POST
def start(request: Request, pk: uuid.UUID) -> HttpResponse:
    exemplar = get_object_or_404(Exemplar.objects.visible_to(request.user).with_context(), pk=pk)
    try:
        calibration = calibrating.start(exemplar, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("calibration")
    return redirect("calibration-sheet", calibration.pk)


@signed_in
@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    calibration = _found(request, pk)
    return _sheet(request, calibration) if calibration.is_open else _result(request, calibration)


@signed_in
@require_POST
def scores(request: Request, pk: uuid.UUID) -> HttpResponse:
    calibration = _found(request, pk)
    try:
        calibration = _save(request, calibration)
    except DomainError as error:
        return _refused(request, calibration, error)
    if desk.wants_json(request):
        return JsonResponse(_progress(calibration))
    messages.success(request, _("Saved."))
    return redirect("calibration-sheet", calibration.pk)


@signed_in
@require_POST
def finish(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Save what the page sends along, then finish: a refusal loses nothing that was written."""
    calibration = _found(request, pk)
    try:
        if "version" in request.POST and calibration.is_open:
            calibration = _save(request, calibration)
        calibrating.score(calibration, by=request.user)
    except DomainError as error:
        return _refused(request, calibration, error)
    return redirect("calibration-sheet", calibration.pk)


@signed_in
@require_POST
def reopen(request: Request, pk: uuid.UUID) -> HttpResponse:
    calibration = _found(request, pk)
    try:
        calibrating.reopen(calibration, by=request.user)
        messages.success(request, _("The assessor may try again, and is told."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("calibration-overview", calibration.exemplar.programme_id)


@signed_in
@require_safe
def overview(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Who is calibrated on what, and which criteria are read differently by many."""
    programme = _overseen(request, pk)
    tries = calibration_overview.tries(programme)
    context = {
        "programme": programme,
        "standings": calibration_overview.standings(programme),
        "readings": calibration_overview.readings(programme),
        "tries": tries[:TRIES_SHOWN],
        "more": len(tries) > TRIES_SHOWN,
        "reopenable": _reopenable(request, tries),
        "enough": calibration_overview.ENOUGH,
    }
    return render(request, "reviews/calibration/overview.html", context)


@signed_in
@require_safe
def overview_csv(request: Request, pk: uuid.UUID) -> HttpResponse:
    programme = _overseen(request, pk)
    content = calibration_overview.write_csv(programme, reader=request.user)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="calibration-{programme.slug}.csv"'
    return response


# --- The sheet and the result ----------------------------------------------------------------------------


def _found(request: Request, pk: uuid.UUID) -> Calibration:
    return get_object_or_404(Calibration.objects.visible_to(request.user).with_context(), pk=pk)


def _overseen(request: Request, pk: uuid.UUID) -> Programme:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    require(can_oversee, request.user, programme)
    return programme


def _reopenable(request: Request, tries: list[Calibration]) -> set[uuid.UUID]:
    """The failed ones that are the newest of their assessor, as the rule of reopening has it."""
    newest = {(one.assessor_id, one.exemplar_id): one for one in reversed(tries)}
    failed = [one for one in newest.values() if not (one.passed or one.reopened_at)]
    seen = set(Exemplar.objects.visible_to(request.user).in_use().values_list("pk", flat=True))
    return {one.pk for one in failed if one.exemplar_id in seen and one.assessor_id != request.user.pk}


def _achievement(calibration: Calibration) -> Achievement:
    return Achievement.objects.with_rubric().get(pk=calibration.exemplar.submission.achievement_id)


def _entry(request: Request, calibration: Calibration) -> Entry:
    marks = read_marks(request.POST, _achievement(calibration))
    return Entry(read_version(request.POST), marks, None)


def _save(request: Request, calibration: Calibration) -> Calibration:
    require(can_score_exemplar, request.user, calibration)
    entry = _entry(request, calibration)
    return calibrating.save(calibration, version=entry.version, marks=entry.marks, by=request.user)


def _progress(calibration: Calibration) -> dict[str, Any]:
    scores_ = list(calibration.scores.select_related("criterion", "level"))
    standing = standing_of(_achievement(calibration), scores_)
    return {
        "version": calibration.version,
        "saved_at": timezone.now().isoformat(),
        "total": str(standing.total) if standing.total is not None else None,
        "missing": [str(criterion.pk) for criterion in standing.missing],
        "below": [str(criterion.pk) for criterion in standing.below],
        "too_low": standing.is_too_low,
    }


def _refused(request: Request, calibration: Calibration, error: DomainError) -> HttpResponse:
    """Answer a refusal with everything that was written still in the answer."""
    if desk.wants_json(request):
        return desk.problem(error)
    calibration = _found(request, calibration.pk)
    if not calibration.is_open:
        messages.error(request, str(error))
        return redirect("calibration-sheet", calibration.pk)
    if "version" not in request.POST or error.code in UNREADABLE:
        return _sheet(request, calibration, error=error)
    entry = _entry(request, calibration)
    # What is kept now is shown beside what was written, and the next save knows that it was seen.
    entry = replace(entry, version=calibration.version)
    return _sheet(request, calibration, error=error, entry=entry)


def _sheet(
    request: Request,
    calibration: Calibration,
    *,
    error: DomainError | None = None,
    entry: Entry | None = None,
) -> HttpResponse:
    """The exemplar to score, without the agreed levels; read along by those who oversee."""
    exemplar, achievement = calibration.exemplar, _achievement(calibration)
    kept = calibrating.marks_of(calibration)
    elsewhere = differences(achievement, kept, entry) if entry and error and error.code == "stale" else []
    context = {
        "calibration": calibration,
        "exemplar": exemplar,
        "submission": exemplar.submission,
        "achievement": achievement,
        "is_editable": may(request.user, "score-exemplar", calibration) and not exemplar.is_retired,
        "items": exemplified.evidence_of(exemplar.submission, request.user),
        "rows": [
            (row, next((one for one in elsewhere if one.row.id == row.id), None))
            for row in sheet(achievement, entry.marks if entry else kept)
        ],
        "standing": standing_of(achievement, kept),
        "shortcuts": _shortcuts(),
        "max_comment": MAX_REASON,
        "error": error,
    }
    template = "reviews/calibration/sheet.html"
    return render(request, template, context, status=error.status if error else 200)


def _result(request: Request, calibration: Calibration) -> HttpResponse:
    exemplar = calibration.exemplar
    reads = may(request.user, "read-agreed-levels", exemplar)
    is_mine = calibration.assessor_id == request.user.pk
    course = calibrated.course_of(request.user, exemplar) if is_mine else None
    steps = course.steps if course else []
    context = {
        "calibration": calibration,
        "exemplar": exemplar,
        "achievement": _achievement(calibration),
        "is_mine": is_mine,
        "reads": reads,
        "compared": calibrating.comparison(calibration) if reads else [],
        "items": exemplified.evidence_of(exemplar.submission, request.user) if reads else [],
        "course": course,
        "next": next((step for step in steps if step.may_start or step.is_open), None),
        "again": next((step for step in steps if step.exemplar == exemplar), None),
    }
    return render(request, "reviews/calibration/result.html", context)


def _shortcuts() -> list[dict[str, Any]]:
    return [
        {"keys": ["j", "↓"], "text": _("Next criterion")},
        {"keys": ["k", "↑"], "text": _("Previous criterion")},
        {"keys": ["1", "…", "9"], "text": _("Choose a level of this criterion")},
        {"keys": ["c"], "text": _("Comment on this criterion")},
        {"keys": ["Esc"], "text": _("Leave the comment")},
        {"keys": ["e"], "text": _("Next evidence")},
        {"keys": ["E"], "text": _("Previous evidence")},
        {"keys": ["o"], "text": _("Open or close the viewer of this evidence")},
        *(one for one in viewing.shortcuts() if "a" not in one["keys"]),
        {"keys": ["d"], "text": _("Go to the end of the sheet")},
        {"keys": ["Ctrl", "Enter"], "text": _("Finish")},
        {"keys": ["?"], "text": _("This list")},
    ]
