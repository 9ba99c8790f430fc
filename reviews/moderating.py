"""Check how work was judged: accept a decision, send it back with action points, look in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Submission
from assessments.models.lifecycle import DECIDED, State
from assessments.notices import about
from assessments.permissions import is_bound
from reviews.models import ActionPoint, Decision, Review, Verification
from reviews.models.review import EvidenceRule, ReviewKind, ReviewState
from reviews.models.verification import MAX_POINT, MAX_WORDS, Stage, Verdict
from reviews.notices import INTERIM_CHECK, SENT_BACK
from reviews.permissions import can_moderate
from reviews.releasing import release_decision, set_aside
from reviews.scoring import kept_text
from workbench.access import members, require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify

MOST_POINTS = 50


@dataclass(frozen=True)
class Point:
    """Something to do, about one criterion or (None) the judgement as a whole."""

    text: str
    criterion: Criterion | None = None


@transaction.atomic
def accept(decision: Decision, *, met: Iterable[str], words: str = "", by: User) -> Verification:
    """Find a held decision sound and release it: the learner is told, an approval's badge is planned.

    ``met`` are the codes of the rules of evidence that the moderator found kept: all of them, for an
    approval. Raises DomainError ``rules-missing``, ``text-too-long``, ``held``, ``set-aside`` or
    ``already-checked``.
    """
    require(can_moderate, by, decision.submission)
    words = kept_text(words, limit=MAX_WORDS).strip()
    kept = _kept(met)
    submission, decision = _locked(decision)
    if decision.is_approval and len(kept) < len(EvidenceRule.values):
        raise invalid(
            "rules-missing", _("Confirm all four rules of evidence to accept an approval, or return it.")
        )
    verification = _verify(decision, Verdict.ACCEPTED, kept, words, by)
    decision.moderated = True
    release_decision(decision, submission, act="accept", by=by)
    record(
        by,
        "accepted",
        submission,
        decision=str(decision.pk),
        verification=str(verification.pk),
        outcome=decision.outcome,
        sampled_for=decision.sampled_for,
        met=kept,
    )
    return verification


@transaction.atomic
def send_back(
    decision: Decision, *, points: Sequence[Point], met: Iterable[str] = (), words: str = "", by: User
) -> Verification:
    """Set a held decision aside and return its closing review to the assessor, with what is to be done.

    The markings of others stay and count again. Where the assessor may no longer assess, the work is free for
    another. Raises DomainError ``action-points-missing``, ``too-many-points``, ``unknown-criterion``,
    ``text-too-long``, ``adjudicated``, ``held``, ``set-aside`` or ``already-checked``.
    """
    require(can_moderate, by, decision.submission)
    words = kept_text(words, limit=MAX_WORDS).strip()
    kept = _kept(met)
    submission, decision = _locked(decision)
    review = decision.review
    if review.kind == ReviewKind.ADJUDICATION:
        raise DomainError("adjudicated", _("A moderator settled this work. It can be accepted only."))
    points = _guarded(points, submission)
    verification = _verify(decision, Verdict.RETURNED, kept, words, by)
    ActionPoint.objects.bulk_create(
        ActionPoint(verification=verification, criterion=one.criterion, text=one.text) for one in points
    )
    set_aside(decision, reviews=ReviewState.MARKED, by=by)
    Review.objects.filter(pk=review.pk).update(state=ReviewState.RETURNED)
    _back_to_its_assessor(submission, review, verification)
    if not is_bound(review.assessor, submission):  # else the work is out of their sight
        notify(review.assessor, SENT_BACK.code, review, by=by, **about(submission))
    record(
        by,
        "sent-back",
        submission,
        decision=str(decision.pk),
        review=str(review.pk),
        verification=str(verification.pk),
        points=len(points),
        met=kept,
    )
    return verification


@transaction.atomic
def check_interim(
    review: Review, *, sound: bool, words: str, met: Iterable[str] = (), by: User
) -> Verification:
    """Look at a review before there is a decision and tell its assessor; nothing is held up by it.

    Raises DomainError ``words-missing``, ``text-too-long`` or ``not-in-progress``.
    """
    require(can_moderate, by, review.submission)
    words = kept_text(words, limit=MAX_WORDS).strip()
    if not words:
        raise invalid("words-missing", _("Say what you saw, so that the assessor can use it."))
    Submission.objects.select_for_update().filter(pk=review.submission_id).exists()
    review = Review.objects.with_context().get(pk=review.pk)
    if not is_in_progress(review):
        raise DomainError("not-in-progress", _("This review is over: an interim check came too late."))
    verification = Verification.objects.create(
        review=review,
        moderator=by,
        stage=Stage.INTERIM,
        verdict=Verdict.ACCEPTED if sound else Verdict.RETURNED,
        met=_kept(met),
        words=words,
    )
    notify(review.assessor, INTERIM_CHECK.code, review, by=by, **about(review.submission))
    record(
        by,
        "interim-checked",
        review.submission,
        review=str(review.pk),
        verification=str(verification.pk),
        verdict=verification.verdict,
    )
    return verification


def is_in_progress(review: Review) -> bool:
    """Whether an interim check still comes before the decision."""
    if review.kind != ReviewKind.MARKING or review.submission.state in DECIDED:
        return False
    return review.state in (ReviewState.OPEN, ReviewState.MARKED)


# --- Guards ------------------------------------------------------------------------------------------


def _locked(decision: Decision) -> tuple[Submission, Decision]:
    """The attempt, locked, and its decision as it stands now, if it waits for a moderator."""
    submission = (
        Submission.objects.with_context().select_for_update(of=("self",)).get(pk=decision.submission_id)
    )
    decision = Decision.objects.select_related("review__assessor").get(pk=decision.pk)
    if not decision.is_standing:
        raise DomainError("set-aside", _("This decision stands no longer, so there is nothing to check."))
    if decision.is_released or submission.state != State.MODERATION:
        raise already_checked()
    if submission.is_held:
        raise DomainError(
            "held", _("This work is under investigation. It can be checked once that has ended.")
        )
    return submission, decision


def already_checked() -> DomainError:
    return DomainError("already-checked", _("This decision was released already."))


def _kept(met: Iterable[str]) -> list[str]:
    chosen = set(met)
    return [rule for rule in EvidenceRule.values if rule in chosen]


def _guarded(points: Sequence[Point], submission: Submission) -> list[Point]:
    texts = [(one.criterion, " ".join(kept_text(one.text, limit=MAX_POINT).split())) for one in points]
    found = [Point(text, criterion) for criterion, text in texts if text]
    if not found:
        raise invalid(
            "action-points-missing", _("Say in at least one action point what the assessor is to do.")
        )
    if len(found) > MOST_POINTS:
        raise invalid("too-many-points", _("That is too much at once: put the action points together."))
    rubric = submission.achievement.rubric_id
    if any(one.criterion is not None and one.criterion.rubric_id != rubric for one in found):
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    return found


# --- Changes -----------------------------------------------------------------------------------------


def _verify(decision: Decision, verdict: Verdict, met: list[str], words: str, by: User) -> Verification:
    try:
        with transaction.atomic():
            return Verification.objects.create(
                review=decision.review,
                decision=decision,
                moderator=by,
                stage=Stage.SUMMATIVE,
                verdict=verdict,
                met=met,
                words=words,
            )
    except IntegrityError:
        raise already_checked() from None


def _back_to_its_assessor(submission: Submission, review: Review, verification: Verification) -> None:
    """Into the queue, for the assessor whose review it was if they may still assess."""
    submission.step("send-back", State.SUBMITTED)
    assesses = members("assessor", submission.programme).filter(pk=review.assessor_id, is_active=True)
    stays = assesses.exists() and review.assessor_id != submission.learner_id
    stays = stays and not is_bound(review.assessor, submission)
    submission.assigned_to = review.assessor if stays else None
    submission.assigned_at = verification.verified_at if stays else None
    submission.claimed_by = submission.lease_until = None
    submission.save(update_fields=["state", "assigned_to", "assigned_at", "claimed_by", "lease_until"])
