"""Keep what an assessor writes while scoring, without ever overwriting what was written elsewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Level, Submission
from reviews.claiming import lease_lost, renew
from reviews.models import Review, Score
from reviews.models.review import EvidenceRule, ReviewState
from reviews.permissions import can_score
from workbench.access import require
from workbench.errors import DomainError, invalid
from workbench.models import User

MAX_COMMENT = 5000
MAX_FEEDBACK = 10_000
# No database keeps NUL in a text, and half a surrogate pair is no character at all.
UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Mark:
    """The level and comment for one criterion; either may be missing while the review goes on."""

    criterion: Criterion
    level: Level | None
    comment: str = ""


@transaction.atomic
def save_scores(
    review: Review,
    *,
    version: int,
    marks: Iterable[Mark],
    feedback: str | None = None,
    met: Iterable[str] | None = None,
    by: User,
) -> Review:
    """Save draft scores; criteria not in ``marks`` keep theirs, so do feedback and rules met when None.

    ``version`` is the review's version that the writer saw. Raises DomainError ``stale`` (with what is kept
    now in ``extra``) when somebody saved since, ``lease-lost`` when the work went to somebody else.
    """
    require(can_score, by, review)
    marks = [replace(mark, comment=kept_text(mark.comment, limit=MAX_COMMENT)) for mark in marks]
    for mark in marks:
        guard_level(mark.criterion, mark.level, rubric=review.submission.achievement.rubric_id)
    told: dict[str, Any] = {}
    if feedback is not None:
        told["feedback"] = kept_text(feedback, limit=MAX_FEEDBACK)
    if met is not None:
        told["met"] = rules_in(met)
    Submission.objects.select_for_update().filter(pk=review.submission_id).exists()
    advanced = Review.objects.filter(pk=review.pk, version=version, state=ReviewState.OPEN).update(
        version=F("version") + 1, **told
    )
    review.refresh_from_db()
    if not advanced:
        raise _stale(review) if review.is_open else ended(review)
    renew(review)
    for mark in marks:
        Score.objects.update_or_create(
            review=review, criterion=mark.criterion, defaults={"level": mark.level, "comment": mark.comment}
        )
    review.submission.refresh_from_db(fields=["lease_until", "fence", "state"])
    return review


def scores_of(review: Review) -> list[dict[str, Any]]:
    """The kept scores as plain data: criterion and level ids with the comment."""
    return [
        {
            "criterion": str(score.criterion_id),
            "level": str(score.level_id) if score.level_id else None,
            "comment": score.comment,
        }
        for score in review.scores.all()
    ]


def rules_in(codes: Iterable[str]) -> list[str]:
    """The rules of evidence among the codes, each once, in their order."""
    found = set(codes)
    return [rule for rule in EvidenceRule.values if rule in found]


def kept_text(text: str, *, limit: int) -> str:
    """What an assessor wrote, as it can be kept. Raises DomainError ``text-too-long``."""
    text = UNKEEPABLE.sub("", text)
    if len(text) > limit:
        raise invalid(
            "text-too-long",
            _("A text here may have %(limit)s characters; yours has %(length)s. Shorten it.")
            % {"limit": limit, "length": len(text)},
        )
    return text


def ended(review: Review) -> DomainError:
    """Why a review that is closed takes nothing more."""
    if review.state == ReviewState.DECIDED:
        return DomainError("already-decided", _("This work was decided already."))
    if review.state == ReviewState.MARKED:
        return DomainError("already-decided", _("You have finished this review already."))
    return lease_lost()


def guard_level(criterion: Criterion, level: Level | None, *, rubric: UUID) -> None:
    """Raises DomainError ``unknown-criterion`` or ``unknown-level``."""
    if criterion.rubric_id != rubric:
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    if level is not None and level.criterion_id != criterion.pk:
        raise invalid("unknown-level", _("This level does not belong to its criterion."))


def _stale(review: Review) -> DomainError:
    return DomainError(
        "stale",
        _("This review was saved from another window meanwhile. Both texts are shown: choose what to keep."),
        extra={
            "version": review.version,
            "scores": scores_of(review),
            "feedback": review.feedback,
            "met": review.met,
        },
    )
