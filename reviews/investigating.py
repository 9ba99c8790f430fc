"""Hold work back while a suspicion is looked into, and end that: cleared, or confirmed and rejected."""

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Hold, Submission
from assessments.models.hold import MAX_WORDS, Finding
from assessments.models.lifecycle import State
from assessments.notices import about
from badges.models import Credential
from badges.suspending import put_aside, restore
from reviews.appealing import close, revoke_badge_of
from reviews.claiming import give_back
from reviews.models import Appeal, Decision, Review
from reviews.models.appeal import Ruling
from reviews.models.decision import Outcome
from reviews.models.review import COMPLETE, ReviewKind, ReviewState
from reviews.notices import HELD, HOLD_LIFTED
from reviews.permissions import can_condemn, can_investigate
from reviews.releasing import lengthen, release_decision, set_aside
from reviews.scoring import kept_text
from workbench.access import members, require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify, notify_all


@transaction.atomic
def place_hold(submission: Submission, *, words: str, by: User) -> Hold:
    """Hold handed-in work back, before or after its decision; a live review ends with its text kept.

    The suspicion's words are for those who oversee the programme; the learner is told that there is one. A
    badge that was issued is suspended meanwhile. Raises DomainError ``words-missing``, ``text-too-long``,
    ``not-holdable``, ``already-held``, or ``not-issued`` while its badge is being made.
    """
    require(can_investigate, by, submission)
    words = kept_text(words, limit=MAX_WORDS).strip()
    if not words:
        raise invalid("words-missing", _("Say what is suspected, and from what."))
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if not submission.is_holdable:
        raise DomainError("not-holdable", _("This work is not handed in: there is nothing to hold back."))
    try:
        with transaction.atomic():
            hold = Hold.objects.create(submission=submission, words=words, placed_by=by)
    except IntegrityError:
        raise DomainError("already-held", _("This work is being looked into already.")) from None
    interrupted = _end_review(submission)
    Submission.objects.filter(pk=submission.pk).update(held_at=hold.placed_at)
    submission.refresh_from_db()
    _suspend_badge(submission, by=by)
    _tell(HELD.code, submission, [interrupted.assessor] if interrupted else [], by=by)
    ended = str(interrupted.pk) if interrupted else None
    record(by, "held", submission, hold=str(hold.pk), review=ended)
    return hold


@transaction.atomic
def lift(hold: Hold, *, finding: str, conclusion: str, by: User) -> Hold:
    """End an investigation. Cleared work goes on where it was; a confirmed suspicion rejects it.

    Of a confirmed one the learner reads the conclusion as feedback, and may appeal; of cleared work the
    conclusion stays with those who oversee. Raises DomainError ``unknown-finding``, ``words-missing``,
    ``text-too-long``, ``not-held``, or ``not-issued`` while the badge in question is being made.
    """
    require(can_investigate, by, hold.submission)
    conclusion = kept_text(conclusion, limit=MAX_WORDS).strip()
    if finding not in Finding.values:
        raise invalid("unknown-finding", _("Say whether the suspicion was confirmed."))
    if finding == Finding.CONFIRMED and not conclusion:
        raise invalid("words-missing", _("Give the reasons: the learner reads them."))
    submission = Submission.objects.select_for_update().get(pk=hold.submission_id)
    if finding == Finding.CONFIRMED:
        require(can_condemn, by, submission)
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise DomainError("not-held", _("This investigation has ended already."))
    hold.finding, hold.conclusion, hold.lifted_by, hold.lifted_at = finding, conclusion, by, timezone.now()
    hold.save(update_fields=["finding", "conclusion", "lifted_by", "lifted_at"])
    submission.held_at = None
    if finding == Finding.CONFIRMED:
        _condemn(submission, conclusion, by=by)
    else:
        if not submission.is_appealed:  # else the end of the appeal gives these days back, too
            lengthen(submission, since=hold.placed_at)
        submission.save(update_fields=["held_at", "resubmit_by"])
        _restore_badge(submission, hold, by=by)
        notify(submission.learner, HOLD_LIFTED.code, submission, by=by, **about(submission), mine=True)
    _tell(HOLD_LIFTED.code, submission, [], finding=finding, by=by)
    record(by, "hold-lifted", submission, hold=str(hold.pk), finding=finding)
    return hold


# --- Changes -----------------------------------------------------------------------------------------


def _end_review(submission: Submission) -> Review | None:
    """Take the work from whoever holds it; a review that a conflict ended before is closed, too."""
    review = submission.reviews.open().select_related("submission", "assessor").first()
    if review is None or submission.state == State.IN_REVIEW:
        if review is not None:
            give_back(review, ReviewState.BROKEN)
        return review
    Review.objects.filter(pk=review.pk).update(state=ReviewState.EXPIRED, ended_at=timezone.now())
    return None


def _condemn(submission: Submission, conclusion: str, *, by: User) -> None:
    """Reject the work by a decision of its own, in the place of whatever was decided before.

    An appeal that waited is closed with it: it was against a decision that stands no longer, and the new one
    can be appealed.
    """
    waiting = Appeal.objects.open().select_for_update(of=("self",)).filter(decision__submission=submission)
    for appeal in waiting:
        close(appeal, ruling=Ruling.LAPSED, words=conclusion, by=by)
    before = Decision.objects.standing().filter(submission=submission).first()
    if before is not None:
        set_aside(before, reviews=ReviewState.SET_ASIDE, by=by)
        revoke_badge_of(before, _confirmed, by=by)
    submission.reviews.filter(state__in=COMPLETE).update(state=ReviewState.SET_ASIDE)
    submission.appealed_at = None
    submission.fence += 1
    now = timezone.now()
    review = Review.objects.create(
        submission=submission,
        assessor=by,
        fence=submission.fence,
        kind=ReviewKind.ADJUDICATION,
        state=ReviewState.DECIDED,
        outcome=Outcome.REJECT,
        feedback=conclusion,
        claimed_at=now,
        ended_at=now,
    )
    decision = Decision.objects.create(
        submission=submission,
        standing_for=submission,
        review=review,
        outcome=Outcome.REJECT,
        feedback=conclusion,
        decided_by=by,
        decided_at=now,
        fence=submission.fence,
        basis={"reviews": [], "investigation": True},
        manifest_sha256=submission.manifest_sha256,
    )
    release_decision(decision, submission, act="condemn", by=by)


def _badge(submission: Submission) -> Credential | None:
    """The badge of the decision that stands."""
    standing = Decision.objects.standing().filter(submission=submission).values("pk")
    return Credential.objects.filter(decision_id__in=standing).select_related("learner").first()


def _suspend_badge(submission: Submission, *, by: User) -> None:
    """Whoever checks an issued badge learns that it is looked into, not why."""
    badge = _badge(submission)
    if badge is None or badge.is_revoked or badge.is_suspended:
        return
    with translation.override(badge.learner.language):
        reason = gettext("The work behind this badge is being looked into.")
    put_aside(badge, reason=reason, by=by)


def _restore_badge(submission: Submission, hold: Hold, *, by: User) -> None:
    """What was suspended before, for a reason of its own, stays so."""
    badge = _badge(submission)
    if badge is not None and badge.suspended_at is not None and badge.suspended_at >= hold.placed_at:
        restore(badge, by=by)


def _confirmed() -> str:
    return gettext("An investigation found that the work behind this badge does not meet its rules.")


def _tell(kind: str, submission: Submission, others: list[User], *, finding: str = "", by: User) -> None:
    """Those who oversee the programme, and ``others``; of a hold that begins the learner, too."""
    told = about(submission) | {"finding": finding}
    if kind == HELD.code:
        notify(submission.learner, kind, submission, by=by, **told, mine=True)
    people = {person.pk: person for person in others}
    for role in ("moderator", "manager"):
        people |= {person.pk: person for person in members(role, submission.programme)}
    people.pop(submission.learner_id, None)
    notify_all(people.values(), kind, submission, by=by, **told, mine=False)
