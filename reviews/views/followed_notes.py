"""The notes on an attempt as its learner reads them, and what the learner says to them in the next draft."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.following import released_decision
from assessments.models import Achievement, Submission
from assessments.permissions import can_work_on
from reviews import noting, settling
from reviews.models import Annotation
from reviews.models.annotation import MAX_REPLY
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_safe
def notes(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _found(request, pk))


@signed_in
@require_POST
def reply(request: Request, pk: uuid.UUID, annotation: uuid.UUID) -> HttpResponse:
    submission = _found(request, pk)
    require(can_work_on, request.user, submission)
    note = get_object_or_404(Annotation.objects.visible_to(request.user), pk=annotation)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        settling.reply(note, submission, text=text, by=request.user)
    except DomainError as error:
        return _page(request, submission, error=error, written=(note.pk, text))
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('notes', args=[submission.pk])}#note-{note.pk}")


def _found(request: Request, pk: uuid.UUID) -> Submission:
    visible = Submission.objects.visible_to(request.user).with_context()
    return get_object_or_404(visible.select_related("decision__review"), pk=pk)


def _page(
    request: Request,
    submission: Submission,
    *,
    error: DomainError | None = None,
    written: tuple[uuid.UUID, str] | None = None,
) -> HttpResponse:
    """On this attempt once it is decided; on the one before as long as one works on this one."""
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    decision = released_decision(submission)
    mine = may(request.user, "work-on", submission)
    seen = Annotation.objects.visible_to(request.user)
    of_decision = seen.filter(review__in=decision.basis_ids if decision else [])
    here = [noting.Note(one) for one in of_decision.with_place().in_order()]
    context = {
        "submission": submission,
        "achievement": achievement,
        "groups": noting.grouped(achievement, here) if decision else [],
        "earlier": noting.grouped(achievement, noting.followed(submission, request.user)),
        # Until the decision the learner is told of no judgement, not even of one the program made.
        "told": not mine or decision is not None,
        "mine": mine,
        "is_editable": mine and submission.is_editable,
        "error": error,
        "written": written,
        "max_reply": MAX_REPLY,
    }
    return render(
        request, "reviews/annotations/followed.html", context, status=error.status if error else 200
    )
