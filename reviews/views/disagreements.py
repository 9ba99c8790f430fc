"""Where markers disagree: their markings side by side, and a moderator's decision on them."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import Achievement, Submission
from reviews import desk, side_by_side
from reviews.adjudicating import Ruling, adjudicate, already_decided, is_disagreed
from reviews.flagging import flag_of
from reviews.forms import read_level, read_outcome
from reviews.models.decision import Outcome
from reviews.permissions import can_compare_markings, can_moderate
from reviews.policies import policy_of
from reviews.scoring import MAX_COMMENT, MAX_FEEDBACK
from reviews.weighing import joined, markings_of
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def disagreement(request: Request, pk: uuid.UUID) -> HttpResponse:
    """To settle for a moderator who took no part, to read for the others who oversee and took none."""
    submission = _found(request, pk)
    if request.method != "POST":
        return _page(request, submission)
    if submission.is_decided:  # sent twice, or settled by somebody else first
        return _page(request, submission, error=already_decided())
    require(can_moderate, request.user, submission)
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    try:
        decision = adjudicate(
            submission,
            rulings=read_rulings(request.POST, achievement),
            outcome=read_outcome(request.POST),
            feedback=_text(request.POST, "feedback"),
            reason=_text(request.POST, "reason"),
            seen=side_by_side.seen_of(request.POST.get("markings", "")),
            by=request.user,
        )
    except DomainError as error:
        return _page(request, _found(request, pk), error=error)
    messages.success(request, desk.told(Outcome(decision.outcome), decision))
    return redirect("moderation")


def read_rulings(data: Mapping[str, str], achievement: Achievement) -> list[Ruling]:
    """Fields ``level-…``, ``reason-…`` and ``comment-…`` by criterion. Raises ``unknown-level``."""
    return [
        Ruling(
            criterion,
            read_level(criterion, data.get(f"level-{criterion.pk}", "")),
            _text(data, f"reason-{criterion.pk}"),
            _text(data, f"comment-{criterion.pk}") if f"comment-{criterion.pk}" in data else None,
        )
        for criterion in achievement.criteria
        if any(f"{field}-{criterion.pk}" in data for field in ("level", "reason", "comment"))
    ]


def _text(data: Mapping[str, str], name: str) -> str:
    return data.get(name, "").replace("\r\n", "\n")


def _found(request: Request, pk: uuid.UUID) -> Submission:
    """A marker of the work reads the others' marking only once it is decided, and not here."""
    visible = Submission.objects.visible_to(request.user).with_context()
    submission = get_object_or_404(visible, pk=pk)
    require(can_compare_markings, request.user, submission)
    return submission


def _page(request: Request, submission: Submission, *, error: DomainError | None = None) -> HttpResponse:
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    settles = is_disagreed(submission)
    markings = markings_of(submission) if settles else []
    markers = side_by_side.markers_of(markings, achievement, request.user)
    typed = request.POST if request.method == "POST" else None
    lines = side_by_side.lines_of(markers, policy_of(submission), achievement, typed)
    evidence = list(submission.evidence.in_order().with_supports().with_reading())
    for one in evidence:
        one.submission = submission
    sent: Mapping[str, Any] = typed or {}
    context = {
        "submission": submission,
        "achievement": achievement,
        "items": evidence,
        "settles": settles,
        "is_mine": settles and not submission.is_held and may(request.user, "moderate", submission),
        "markers": markers,
        "lines": lines if markers else [],
        "disagreed": [line for line in lines if line.is_disagreed] if markers else [],
        "seen": ",".join(str(one.pk) for one in markings),
        "outcomes": desk.outcomes(),
        "outcome": sent.get("outcome", ""),
        "feedback": sent.get("feedback", joined(one.feedback for one in markings)),
        "reason": sent.get("reason", ""),
        "flag": flag_of(submission, reader=request.user),
        "shortcuts": desk.adjudication_shortcuts(),
        "max_comment": MAX_COMMENT,
        "max_feedback": MAX_FEEDBACK,
        "error": error,
    }
    status = error.status if error else 200
    return render(request, "reviews/disagreements/detail.html", context, status=status)
