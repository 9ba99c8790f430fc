"""What an assessor has on the desk: the pages and answers of one review."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Achievement, Submission
from badges.models import Credential
from reviews import noting, viewing
from reviews.concluding import standing_of
from reviews.flagging import flag_of
from reviews.forms import Entry
from reviews.marking_state import marking_state
from reviews.models import Decision, Review
from reviews.models.annotation import MAX_TEXT, Unit
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewState
from reviews.scoring import MAX_COMMENT, MAX_FEEDBACK
from reviews.sheet import differences, earlier_decision, marks_of, results_by_criterion, sheet
from workbench.access import may
from workbench.errors import DomainError
from workbench.models import User
from workbench.requests import Request


def wants_json(request: Request) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def problem(error: DomainError) -> JsonResponse:
    """A refusal as an RFC 9457 problem document."""
    body = {"type": "about:blank", "title": str(error), "status": error.status, "code": error.code}
    return JsonResponse(body | error.extra, status=error.status, content_type="application/problem+json")


def lease(review: Review) -> dict[str, Any]:
    """``lease_seconds`` spares the browser a comparison of two clocks."""
    until = review.lease_until
    return {
        "version": review.version,
        "lease_until": until.isoformat() if until else None,
        "lease_seconds": int((until - timezone.now()).total_seconds()) if until else 0,
    }


def progress(review: Review) -> dict[str, Any]:
    """What the page tells after a save: the kept version and how far the scores have come."""
    achievement = Achievement.objects.with_rubric().get(pk=review.submission.achievement_id)
    standing = standing_of(achievement, list(review.scores.select_related("level")))
    return lease(review) | {
        "saved_at": timezone.now().isoformat(),
        "total": str(standing.total) if standing.total is not None else None,
        "missing": [str(criterion.pk) for criterion in standing.missing],
        "below": [str(criterion.pk) for criterion in standing.below],
        "too_low": standing.is_too_low,
    }


def page(
    request: Request, review: Review, *, error: DomainError | None = None, entry: Entry | None = None
) -> HttpResponse:
    """The review: to work on for who holds it, to read for the others who may see it."""
    submission = review.submission
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    before = earlier_decision(submission)
    evidence = list(submission.evidence.in_order().with_supports().with_reading())
    for one in evidence:
        one.submission = submission
    readable = bool(evidence) and may(request.user, "read-evidence", evidence[0])
    decision = decision_of(review, request.user)
    is_mine = review.assessor_id == request.user.pk
    scores = list(review.scores.select_related("criterion", "level"))
    notes = noting.notes_of(review, request.user)
    context = {
        "review": review,
        "submission": submission,
        "achievement": achievement,
        "is_mine": is_mine,
        "is_editable": is_mine and review.is_open and may(request.user, "score", review),
        "can_claim_again": is_mine and submission.is_claimable and may(request.user, "claim", submission),
        "assesses": bool(request.user.grants.ids("assess_programme")),
        "items": evidence if readable else [],
        "readable": readable,
        "rows": sheet(
            achievement,
            entry.marks if entry else marks_of(review),
            results_by_criterion(before),
            noting.counted(notes),
        ),
        "units": Unit.choices,
        "max_text": MAX_TEXT,
        "groups": noting.grouped(achievement, notes),
        "earlier_groups": noting.grouped(achievement, noting.followed(submission, request.user)),
        "feedback": entry.feedback if entry and entry.feedback is not None else review.feedback,
        "standing": standing_of(achievement, scores),
        "flag": flag_of(submission, reader=request.user),
        "before": before,
        "decision": decision,
        "marking": marking_state(review, decision, achievement, request.user),
        "rules": EvidenceRule.choices,
        "met": entry.met if entry and entry.met is not None else review.met,
        "credential": _credential(decision),
        "outcome": request.POST.get("outcome", ""),
        "outcomes": outcomes(),
        "shortcuts": shortcuts(),
        "lease": lease(review),
        "max_comment": MAX_COMMENT,
        "max_feedback": MAX_FEEDBACK,
        "error": error,
    }
    return render(request, "reviews/review.html", context, status=error.status if error else 200)


def conflict_page(request: Request, review: Review, entry: Entry, error: DomainError) -> HttpResponse:
    """Both texts side by side, to choose from, for those who work without scripts."""
    achievement = Achievement.objects.with_rubric().get(pk=review.submission.achievement_id)
    kept = marks_of(review)
    found = differences(achievement, kept, entry)
    differing = {difference.row.id for difference in found}
    context = {
        "review": review,
        "submission": review.submission,
        "error": error,
        "differences": found,
        "same": [row for row in sheet(achievement, entry.marks) if row.id not in differing],
        "kept_feedback": review.feedback,
        "own_feedback": entry.feedback if entry.feedback is not None else review.feedback,
    }
    return render(request, "reviews/conflict.html", context, status=error.status)


def kept_text_page(
    request: Request, submission: Submission, review: Review, entry: Entry, error: DomainError
) -> HttpResponse:
    """The text of an assessor whose lease ended, with a button to claim again and put it back."""
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    context = {
        "error": error,
        "submission": submission,
        "review": review,
        "rows": sheet(achievement, entry.marks),
        "feedback": entry.feedback or "",
        "version": entry.version,
    }
    return render(request, "reviews/kept_text.html", context, status=error.status)


RELEASED = {
    Outcome.APPROVE: gettext_lazy("Approved. The badge is being made and signed."),
    Outcome.RETURN: gettext_lazy("Returned. The learner reads your feedback and can hand in a new attempt."),
    Outcome.REJECT: gettext_lazy("Rejected. The learner reads your feedback."),
}


def told(outcome: Outcome, decision: Decision | None) -> Any:
    """What an assessor reads once the review is finished; a blind marker learns nothing of the others."""
    if decision is None:
        return _("Your marking is kept. Others look at this work before it is decided.")
    if not decision.is_released:
        return _("Decided. A moderator looks at it before it is released.")
    return RELEASED[Outcome(decision.outcome)]


def decided(review: Review, decision: Decision | None) -> dict[str, Any]:
    """The answer to a script: ``id`` is null as long as there is no decision."""
    told = decision if decision and decision.is_released else None
    return {
        "id": str(decision.pk) if decision else None,
        "outcome": told.outcome if told else review.outcome,
    }


def outcomes() -> list[dict[str, str]]:
    return [
        {
            "value": Outcome.APPROVE,
            "label": _("Approve"),
            "text": _("Every required level is reached: the learner earns the badge."),
            "icon": "circle-check",
        },
        {
            "value": Outcome.RETURN,
            "label": _("Return for revision"),
            "text": _("Something is missing: say what, and the learner hands in a new attempt."),
            "icon": "undo-2",
        },
        {
            "value": Outcome.REJECT,
            "label": _("Reject"),
            "text": _("The work cannot lead to this achievement: say why."),
            "icon": "circle-x",
        },
    ]


def shortcuts() -> list[dict[str, Any]]:
    return [
        {"keys": ["j", "↓"], "text": _("Next criterion")},
        {"keys": ["k", "↑"], "text": _("Previous criterion")},
        {"keys": ["1", "…", "9"], "text": _("Choose a level of this criterion")},
        {"keys": ["c"], "text": _("Comment on this criterion")},
        {"keys": ["b"], "text": _("Insert from the comment bank")},
        {"keys": ["x"], "text": _("How others judged this criterion")},
        {"keys": ["Alt", "B"], "text": _("The same while you write a comment")},
        {"keys": ["Esc"], "text": _("Leave the comment")},
        {"keys": ["e"], "text": _("Next evidence")},
        {"keys": ["E"], "text": _("Previous evidence")},
        {"keys": ["o"], "text": _("Open or close the viewer of this evidence")},
        *viewing.shortcuts(),
        {"keys": ["r"], "text": _("Tick all rules of evidence, or none")},
        {"keys": ["d"], "text": _("Go to the decision")},
        {"keys": ["Ctrl", "Enter"], "text": _("Decide, or finish your marking")},
        {"keys": ["!"], "text": _("Flag it for a second look")},
        {"keys": ["s"], "text": _("Not now: give it back with a reason")},
        {"keys": ["n"], "text": _("Next submission, once decided")},
        {"keys": ["?"], "text": _("This list")},
    ]


def adjudication_shortcuts() -> list[dict[str, Any]]:
    return [
        {"keys": ["j", "↓"], "text": _("Next criterion")},
        {"keys": ["k", "↑"], "text": _("Previous criterion")},
        {"keys": ["1", "…", "9"], "text": _("Choose a level of this criterion")},
        {"keys": ["c"], "text": _("Give the reason on this criterion")},
        {"keys": ["Esc"], "text": _("Leave the text")},
        {"keys": ["e"], "text": _("Next evidence")},
        {"keys": ["E"], "text": _("Previous evidence")},
        {"keys": ["o"], "text": _("Open or close the viewer of this evidence")},
        *viewing.shortcuts(),
        {"keys": ["d"], "text": _("Go to the decision")},
        {"keys": ["Ctrl", "Enter"], "text": _("Decide")},
        {"keys": ["?"], "text": _("This list")},
    ]


def decision_of(review: Review, reader: User) -> Decision | None:
    """The standing decision that a review is part of, once its reader may know the marking of others."""
    if review.state != ReviewState.DECIDED:
        return None
    standing = Decision.objects.standing().filter(submission=review.submission_id)
    return standing.visible_to_marker(reader).select_related("decided_by").first()


def _credential(decision: Decision | None) -> Credential | None:
    if decision is None or not decision.is_approval:
        return None
    return Credential.objects.filter(decision_id=decision.pk).first()
