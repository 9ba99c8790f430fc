"""Say what became of a note in the attempt after: the assessor by hand, the learner in words."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.permissions import can_work_on
from reviews.annotating import hold
from reviews.models import Annotation, Decision, FollowUp, Review
from reviews.models.annotation import MAX_REPLY, MAX_WORD, FollowedState
from reviews.permissions import can_score
from reviews.scoring import kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

BY_HAND = ("", FollowedState.OPEN, FollowedState.ADDRESSED)


def decision_before(submission: Submission) -> Decision | None:
    """The released decision on the last attempt before this one that was judged."""
    if submission.previous_id is None:
        return None
    return (
        Decision.objects.filter(
            submission__learner=submission.learner_id,
            submission__programme=submission.programme_id,
            submission__achievement=submission.achievement_id,
            submission__attempt__lt=submission.attempt,
        )
        .released()
        .select_related("submission", "review")
        .order_by("-submission__attempt")
        .first()
    )


@transaction.atomic
def settle(annotation: Annotation, review: Review, *, state: str, word: str = "", by: User) -> None:
    """Say by hand that an earlier note is open or addressed; "" takes that back.

    Raises DomainError ``unknown-state``, ``unknown-annotation``, ``text-too-long``, and what ``annotate``
    raises of the lease, with the word in ``extra``.
    """
    require(can_score, by, review)
    if state not in BY_HAND:
        raise invalid("unknown-state", _("A note is still open or addressed."))
    word = kept_text(word, limit=MAX_WORD).strip() if state else ""
    _guard_earlier(annotation, review.submission)
    hold(review, word)
    FollowUp.objects.update_or_create(
        annotation=annotation,
        submission=review.submission,
        defaults={
            "state": state,
            "word": word,
            "set_by": by if state else None,
            "set_at": timezone.now() if state else None,
        },
    )
    record(
        by,
        "annotation-settled",
        review.submission,
        review=str(review.pk),
        annotation=str(annotation.pk),
        state=state,
    )


@transaction.atomic
def reply(annotation: Annotation, submission: Submission, *, text: str, by: User) -> None:
    """Say in a draft what one did about a note on the attempt before; no words take the reply back."""
    require(can_work_on, by, submission)
    text = kept_text(text, limit=MAX_REPLY).strip()
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if not submission.is_editable:
        raise DomainError(
            "not-editable",
            _("This work was handed in: your replies can no longer change."),
            extra={"text": text},
        )
    _guard_earlier(annotation, submission)
    FollowUp.objects.update_or_create(
        annotation=annotation,
        submission=submission,
        defaults={"reply": text, "replied_at": timezone.now() if text else None},
    )
    record(by, "annotation-answered", submission, annotation=str(annotation.pk))


def _guard_earlier(annotation: Annotation, submission: Submission) -> None:
    before = decision_before(submission)
    if before is None or annotation.review_id not in before.basis_ids:
        raise invalid("unknown-annotation", _("This note is not one on the attempt before."))
