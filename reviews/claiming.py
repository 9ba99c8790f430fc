"""Give one assessor the right to score a submission, for a limited time."""

from datetime import timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, Subquery
from django.db.models.functions import Now
from django.db.models.sql import UpdateQuery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.models.submission import SubmissionQuerySet
from assessments.notices import about
from reviews.calibrated import is_open
from reviews.models import Annotation, Review, Score
from reviews.models.review import ReviewKind, ReviewState
from reviews.notices import CLAIMED
from reviews.offering import in_no_order, offered_to, suited_to
from reviews.permissions import can_break_lock, can_claim, can_score
from reviews.policies import policy_of
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError
from workbench.models import User
from workbench.notifying import notify

LEASE = timedelta(minutes=45)
# Who does nothing for so long is doing something else.
PAUSE = timedelta(minutes=2)


@transaction.atomic
def claim(submission: Submission, *, by: User) -> Review:
    """Take this submission.

    Raises DomainError ``not-claimable`` when somebody else holds it, ``not-calibrated`` when exemplars are to
    be scored first.
    """
    require(can_claim, by, submission)
    review = _take(offered_to(Submission.objects.filter(pk=submission.pk), by), by)
    if review is None and not is_open(submission, by):
        raise DomainError(
            "not-calibrated", _("Score the exemplars of this achievement first: its work opens to you then.")
        )
    if review is None:
        raise DomainError(
            "not-claimable", _("Somebody else is reviewing this work, or it was decided meanwhile.")
        )
    return review


@transaction.atomic
def claim_next(among: SubmissionQuerySet, *, by: User) -> Review | None:
    """Take the oldest of ``among`` that suits this person (or one of the oldest); None when there is none."""
    suited = suited_to(offered_to(among.reviewable_by(by), by), by)
    shuffled = in_no_order(suited, by)
    # Where others hold all of the next few at this moment, whatever comes after them is free all the same.
    review = _take(shuffled, by) if shuffled is not None else None
    return review or _take(suited.oldest_first(), by)


@transaction.atomic
def heartbeat(review: Review, *, by: User) -> Review:
    """Say that the assessor is still there: the lease runs for its full length again."""
    require(can_score, by, review)
    renew(review)
    review.submission.refresh_from_db(fields=["lease_until", "fence", "state"])
    return review


@transaction.atomic
def release(review: Review, *, by: User) -> None:
    """Put the work back in the queue; what was scored stays with the review."""
    require(can_score, by, review)
    give_back(review, ReviewState.RELEASED)
    record(by, "released", review.submission, review=str(review.pk))


@transaction.atomic
def break_lock(submission: Submission, *, by: User) -> None:
    """Take work back from whoever holds it."""
    require(can_break_lock, by, submission)
    held = submission.reviews.open().filter(submission__state=State.IN_REVIEW)
    review = held.select_related("submission").first()
    if review is None:
        raise DomainError("not-claimed", _("Nobody holds this work any more."))
    give_back(review, ReviewState.BROKEN)
    record(by, "lock-broken", submission, review=str(review.pk), assessor=str(review.assessor_id))


def expire_leases() -> int:
    """Put back whatever an assessor left until the lease ended; returns how many.

    And close what was taken from an assessor by a conflict of interest, which knows of no review.
    """
    parted = Review.objects.open().filter(kind=ReviewKind.MARKING).exclude(submission__state=State.IN_REVIEW)
    parted.update(state=ReviewState.EXPIRED, ended_at=timezone.now())
    ended = Review.objects.open().filter(submission__lease_until__lt=Now()).select_related("submission")
    expired = 0
    for review in ended[:500]:
        with transaction.atomic():
            try:
                give_back(review, ReviewState.EXPIRED, ended_only=True)
            except DomainError:
                continue  # renewed or decided in between: nothing to put back
            record(None, "lease-expired", review.submission, review=str(review.pk))
            expired += 1
    return expired


def renew(review: Review) -> None:
    """Lengthen the lease if the fence still stands. Raises DomainError ``lease-lost`` otherwise."""
    renewed = Submission.objects.filter(
        pk=review.submission_id, state=State.IN_REVIEW, fence=review.fence, claimed_by=review.assessor_id
    ).update(lease_until=Now() + LEASE)
    if not renewed or not review.is_open:
        raise lease_lost()
    count_time(review)


def count_time(review: Review) -> None:
    """Add what passed since the last sign of work; a pause longer than ``PAUSE`` was none.

    For planning the work of a programme, never for judging a person.
    """
    row = Review.objects.only("seconds", "active_at").get(pk=review.pk)
    now = timezone.now()
    passed = now - row.active_at if row.active_at else None
    seconds = int(passed.total_seconds()) if passed is not None and timedelta() <= passed <= PAUSE else None
    if seconds is None:
        Review.objects.filter(pk=row.pk).update(active_at=now)
    elif seconds and row.active_at:
        # By whole seconds: many quick saves add up to what they took.
        Review.objects.filter(pk=row.pk).update(
            seconds=F("seconds") + seconds, active_at=row.active_at + timedelta(seconds=seconds)
        )


def lease_lost() -> DomainError:
    return DomainError(
        "lease-lost",
        _(
            "Your time on this work ended and it went back to the queue. "
            "Your text is kept: claim the work again."
        ),
    )


# --- Changes -----------------------------------------------------------------------------------------


def _take(among: SubmissionQuerySet, by: User) -> Review | None:
    """One conditional UPDATE … RETURNING: of any number of claimers one gets the row, the others none."""
    candidate = among.claimable().values("pk")[:1]
    if connection.features.has_select_for_update_skip_locked:
        candidate = candidate.select_for_update(skip_locked=True)
    query = Submission.objects.filter(pk=Subquery(candidate)).query.chain(UpdateQuery)
    query.add_update_values(  # type: ignore[attr-defined]
        {
            "state": State.IN_REVIEW,
            "claimed_by": by,
            "lease_until": Now() + LEASE,
            "fence": F("fence") + 1,
            "freed_at": None,
        }
    )
    try:
        sql, parameters = query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None  # a person with no programme to assess: nothing to ask the database
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {connection.ops.quote_name('id')}", parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    return _open_review(Submission.objects.with_context().get(pk=row[0]), by)


def _open_review(submission: Submission, by: User) -> Review:
    """Close what an ended lease left open, and go on where this assessor stopped last time."""
    submission.reviews.open().update(state=ReviewState.EXPIRED, ended_at=timezone.now())
    mine = submission.reviews.filter(assessor=by).order_by("-fence").first()
    review = Review.objects.create(
        submission=submission,
        assessor=by,
        fence=submission.fence,
        blind=policy_of(submission).is_blind,
        feedback=mine.feedback if mine else "",
        seconds=mine.seconds if mine else 0,
        active_at=timezone.now(),
        met=mine.met if mine else [],
    )
    if mine:
        Score.objects.bulk_create(
            Score(
                review=review, criterion_id=score.criterion_id, level_id=score.level_id, comment=score.comment
            )
            for score in mine.scores.all()
        )
        # Notes keep their ids: a page or a program that knows one goes on with it.
        Annotation.objects.filter(review=mine).update(review=review)
    if submission.fence == 1:  # whoever takes it up after that is no news to the learner
        notify(submission.learner, CLAIMED.code, submission, by=by, **about(submission))
    record(by, "claimed", submission, review=str(review.pk), fence=review.fence)
    return review


def give_back(review: Review, state: ReviewState, *, ended_only: bool = False) -> None:
    """Let others take the work. Raises DomainError ``lease-lost`` when it is somebody else's already."""
    held = Submission.objects.filter(pk=review.submission_id, state=State.IN_REVIEW, fence=review.fence)
    if ended_only:
        held = held.filter(lease_until__lt=Now())
    if not held.update(state=State.SUBMITTED, claimed_by=None, lease_until=None):
        raise lease_lost()
    Review.objects.filter(pk=review.pk, state=ReviewState.OPEN).update(state=state, ended_at=timezone.now())
    review.state = state
