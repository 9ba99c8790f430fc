"""Let a learner appeal a decision, and somebody who took no part rule on it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.notices import about
from badges.models import Credential
from badges.revoking import take_back
from reviews.impartial import rulers
from reviews.models import Appeal, Decision, Review
from reviews.models.appeal import MAX_REASON, Ruling
from reviews.models.review import COMPLETE, ReviewQuerySet, ReviewState
from reviews.notices import APPEAL_FILED, APPEAL_RULED
from reviews.permissions import can_appeal, can_rule_on
from reviews.releasing import end_of_day, guard_not_held, lengthen, set_aside
from reviews.scoring import kept_text
from workbench.access import members, require
from workbench.audit import record
from workbench.clock import database_now
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify, notify_all


@transaction.atomic
def appeal(decision: Decision, *, reason: str, by: User) -> Appeal:
    """Ask for somebody who took no part to look at a released decision; no new attempt starts meanwhile.

    The trail keeps that there is an appeal, never its words. Raises DomainError ``reason-missing``,
    ``text-too-long``, or why the decision cannot be appealed (see ``refusal_to_appeal``).
    """
    require(can_appeal, by, decision)
    reason = kept_text(reason, limit=MAX_REASON).strip()
    submission = Submission.objects.select_for_update().get(pk=decision.submission_id)
    decision = Decision.objects.get(pk=decision.pk)
    until = appealable_until(decision, submission)
    refusal = refusal_to_appeal(decision, submission, until=until, now=database_now())
    if refusal:
        raise refusal
    if not reason:
        raise invalid("reason-missing", _("Say what you think was judged wrongly, and why."))
    try:
        with transaction.atomic():
            filed = Appeal.objects.create(decision=decision, reason=reason)
    except IntegrityError:
        raise _appealed_before() from None
    submission.appealed_at = filed.filed_at
    submission.save(update_fields=["appealed_at"])
    concerned = list(rulers(submission)) or list(members("manager", submission.programme))
    notify_all(concerned, APPEAL_FILED.code, filed, by=by, **about(submission))
    record(by, "appealed", submission, decision=str(decision.pk), appeal=str(filed.pk))
    return filed


@transaction.atomic
def withdraw_appeal(one: Appeal, *, by: User) -> Appeal:
    """Take an appeal back for good; the decision stands. Raises DomainError ``appeal-closed``."""
    require(can_appeal, by, one.decision)
    submission, one = _locked(one)
    one.withdrawn_at = timezone.now()
    one.save(update_fields=["withdrawn_at"])
    submission.appealed_at = None
    lengthen(submission, since=one.filed_at)
    submission.save(update_fields=["appealed_at", "resubmit_by"])
    record(by, "appeal-withdrawn", submission, appeal=str(one.pk))
    return one


@transaction.atomic
def rule_on(one: Appeal, *, ruling: str, words: str, by: User) -> Appeal:
    """Uphold the decision, or overturn it: then it is set aside, its badge revoked, the work marked anew.

    Raises DomainError ``unknown-ruling``, ``words-missing``, ``text-too-long``, ``appeal-closed``,
    ``under-investigation``, or ``not-issued`` while the badge in question is being made.
    """
    require(can_rule_on, by, one)
    words = kept_text(words, limit=MAX_REASON).strip()
    if ruling not in (Ruling.UPHELD, Ruling.OVERTURNED):
        raise invalid("unknown-ruling", _("Uphold the decision or overturn it."))
    if not words:
        raise invalid("words-missing", _("Give your reasons: the learner and the assessor read them."))
    submission, one = _locked(one)
    guard_not_held(submission)
    markers = list(User.objects.filter(reviews__in=_markings(submission)).distinct())
    submission.appealed_at = None
    if ruling == Ruling.OVERTURNED:
        _overturn(one.decision, submission, by=by)
    else:
        lengthen(submission, since=one.filed_at)
    submission.save()
    close(one, ruling=Ruling(ruling), words=words, by=by)
    _tell(one, submission, markers, by=by)
    decision = str(one.decision_id)
    record(by, "appeal-ruled", submission, appeal=str(one.pk), decision=decision, ruling=ruling)
    return one


def close(one: Appeal, *, ruling: Ruling, words: str, by: User) -> None:
    """Write the ruling into an open appeal that the caller has locked."""
    one.ruling, one.words, one.ruled_by, one.ruled_at = ruling, words, by, timezone.now()
    one.save(update_fields=["ruling", "words", "ruled_by", "ruled_at"])


def refusal_to_appeal(
    decision: Decision, submission: Submission, *, until: datetime | None, now: datetime
) -> DomainError | None:
    """Why a decision cannot be appealed; None when it can. The last moment itself is in time."""
    if not decision.is_released:
        return DomainError("not-released", _("This decision does not stand: there is nothing to appeal."))
    if Appeal.objects.filter(decision=decision).exists():
        return _appealed_before()
    if submission.is_held:
        return DomainError(
            "under-investigation", _("This work is being looked into: you can appeal once that has ended.")
        )
    if _went_on(submission):
        return DomainError(
            "went-on",
            _("You went on with a new attempt. Withdraw it if you would rather appeal this decision."),
        )
    return _refusal_by_date(until, now=now)


def _refusal_by_date(until: datetime | None, *, now: datetime) -> DomainError | None:
    if until is None:
        return DomainError("no-appeals", _("This programme takes no appeals."))
    return DomainError("too-late", _("The time to appeal this decision is over.")) if now > until else None


def appealable_until(decision: Decision, submission: Submission) -> datetime | None:
    """The end of the last day on which the programme takes an appeal; None where it takes none.

    The days during which an investigation kept the learner from appealing do not count.
    """
    days: int | None = submission.programme.appeal_days
    if days is None or decision.released_at is None:
        return None
    released = decision.released_at
    held = submission.holds.filter(lifted_at__gt=released).values_list("placed_at", "lifted_at")
    kept = sum((end - max(begin, released) for begin, end in held if end), timedelta())
    return end_of_day(released + kept, days)


# --- Guards ------------------------------------------------------------------------------------------


def _locked(one: Appeal) -> tuple[Submission, Appeal]:
    """The attempt first, as every verb locks it. Raises DomainError ``appeal-closed``."""
    submission = Submission.objects.select_for_update().get(pk=one.decision.submission_id)
    one = Appeal.objects.select_for_update(of=("self",)).select_related("decision").get(pk=one.pk)
    if not one.is_open:
        raise DomainError("appeal-closed", _("This appeal is closed already."))
    return submission, one


def _went_on(submission: Submission) -> bool:
    later = Submission.objects.filter(
        learner=submission.learner_id,
        programme=submission.programme_id,
        achievement=submission.achievement_id,
        attempt__gt=submission.attempt,
    )
    return later.exclude(state=State.WITHDRAWN).exists()


def _appealed_before() -> DomainError:
    return DomainError("already-appealed", _("This decision was appealed before. It can be appealed once."))


# --- Changes -----------------------------------------------------------------------------------------


def _overturn(decision: Decision, submission: Submission, *, by: User) -> None:
    set_aside(decision, reviews=ReviewState.SET_ASIDE, by=by)
    revoke_badge_of(decision, _overturned, by=by)
    submission.step("overturn", State.SUBMITTED)
    submission.decided_at, submission.resubmit_by = timezone.now(), None


def revoke_badge_of(decision: Decision, reason: Callable[[], str], *, by: User) -> None:
    """Take back the badge of a decision that stands no longer, with a reason in its holder's language."""
    badge = Credential.objects.filter(decision_id=decision.pk).select_related("learner").first()
    if badge is None or badge.is_revoked:
        return
    with translation.override(badge.learner.language):
        text = reason()
    take_back(badge, reason=text, by=by)


def _overturned() -> str:
    return gettext("The decision behind this badge was set aside after an appeal. The work is judged anew.")


def _markings(submission: Submission) -> ReviewQuerySet:
    """What the decision under appeal rests on, read before it may be set aside."""
    return Review.objects.filter(submission=submission, state__in=COMPLETE)


def _tell(one: Appeal, submission: Submission, markers: Iterable[User], *, by: User) -> None:
    told = about(submission) | {"ruling": one.ruling}
    notify(submission.learner, APPEAL_RULED.code, one, by=by, **told, mine=True)
    concerned = {person.pk: person for person in markers}
    for role in ("moderator", "manager"):
        concerned |= {person.pk: person for person in members(role, submission.programme)}
    concerned.pop(submission.learner_id, None)
    notify_all(concerned.values(), APPEAL_RULED.code, one, by=by, **told, mine=False)
