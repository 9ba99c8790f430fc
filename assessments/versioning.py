"""Bring a new version of an achievement to its programmes, and let learners keep theirs or move."""

from collections.abc import Callable
from typing import Unpack
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.attempts import already_open
from assessments.defining import Definition, define_achievement
from assessments.models import (
    Achievement,
    Programme,
    Rubric,
    RubricMove,
    Submission,
    Support,
)
from assessments.models.lifecycle import OPEN, State
from assessments.models.move import Answer
from assessments.models.submission import SubmissionQuerySet
from assessments.notices import MOVE_ANSWERED, RUBRIC_CHANGED, about
from assessments.permissions import can_administer, can_define, can_manage, can_work_on
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify


class Uptake(models.TextChoices):
    NEW = "new", _("whoever starts from now on takes the new version")
    BOTH = "both", _("both versions: learners choose")
    OLD = "old", _("keep the version that there is")


# What a programme set for the old version and judging carries over: offering knows no judging.
_successions: list[Callable[[Programme, Achievement, Achievement], None]] = []


def when_taken_up(
    carry: Callable[[Programme, Achievement, Achievement], None],
) -> Callable[[Programme, Achievement, Achievement], None]:
    """Register what comes along, in the transaction in which a programme offers a new version."""
    _successions.append(carry)
    return carry


@transaction.atomic
def new_version(
    old: Achievement, rubric: Rubric, *, by: User, **definition: Unpack[Definition]
) -> Achievement:
    """Define the achievement again by the rubric of a newer version of its referential.

    Raises DomainError ``not-its-referential``, ``replaced-already``, and what defining raises.
    """
    require(can_define, by, old)
    here, there = old.rubric.referential, rubric.referential
    if (here.organisation_id, here.identifier) != (there.organisation_id, there.identifier) or here == there:
        raise invalid(
            "not-its-referential",
            _("Choose the rubric of another version of the referential that this achievement rests on."),
        )
    old = Achievement.objects.select_for_update().get(pk=old.pk)
    if old.replacements.exists():
        raise DomainError("replaced-already", _("This version has a successor already: go on from that one."))
    return define_achievement(rubric, code=old.code, replaces=old, by=by, **definition)


@transaction.atomic
def take_up(programme: Programme, new: Achievement, *, uptake: str, by: User) -> Programme:
    """Say with which version learners of a programme start; nobody who began is moved by it.

    The marking rules that the programme set for the old version hold for the new one as well, unless it
    has its own. Raises DomainError ``unknown-uptake``, ``no-version-before``.
    """
    require(can_administer, by, programme.organisation)
    if uptake not in Uptake.values:
        raise invalid("unknown-uptake", _("Choose what learners start with."))
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    older = [one for one in versions_before(new) if one in programme.achievements.all()]
    if not older or new.organisation_id != programme.organisation_id:
        raise invalid("no-version-before", _("This programme offers no earlier version of it."))
    if uptake == Uptake.OLD:
        programme.closed.remove(older[0])
        if new in programme.achievements.all():
            programme.closed.add(new)
    else:
        programme.achievements.add(new)
        programme.closed.remove(new)
        for carry in _successions:
            carry(programme, older[0], new)
        if uptake == Uptake.NEW:
            programme.closed.add(*older)
        else:
            programme.closed.remove(older[0])
    record(by, "version-taken-up", programme, old=str(older[0].pk), new=str(new.pk), uptake=uptake)
    return programme


@transaction.atomic
def offer_moves(programme: Programme, new: Achievement, *, by: User) -> list[RubricMove]:
    """Offer the new version to whoever has a draft, or returned work, at one before it.

    Whoever answered the same offer is not asked again. Handed-in work is never moved.
    Raises DomainError ``not-offered`` and ``nobody-to-offer``.
    """
    require(can_manage, by, programme)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if not _is_offered(programme, new):
        raise invalid("not-offered", _("This programme does not offer the new version to its learners."))
    rows = movable(programme, versions_before(new)).exclude(pk__in=asked_about(new))
    locked = rows.select_for_update(of=("self",)).select_related("achievement", "programme", "learner")
    moves = [
        RubricMove.objects.create(submission=one, old=one.achievement, new=new, offered_by=by)
        for one in locked.order_by("pk")
    ]
    if not moves:
        raise DomainError(
            "nobody-to-offer", _("Nobody has a draft or returned work to which this was not offered yet.")
        )
    for move in moves:
        told = about(move.submission) | {"version": new.version}
        notify(move.submission.learner, RUBRIC_CHANGED.code, move, by=by, **told)
    for move in moves:
        record(by, "move-offered", move.submission, move=str(move.pk), new=str(new.pk))
    return moves


@transaction.atomic
def answer_move(move: RubricMove, *, answer: str, by: User) -> RubricMove:
    """Keep the version one began with, or move the draft; after a return the next attempt moves.

    What supports a criterion that is gone supports nothing until its learner says what it supports.
    Raises DomainError ``unknown-answer``, ``answered-already``, ``offer-lapsed``, ``not-offered``.
    """
    require(can_work_on, by, move.submission)
    if answer not in Answer.values:
        raise invalid("unknown-answer", _("Choose: keep your version, or move to the new one."))
    # The row of the work first, as handing in does: an offer on returned work may follow it into a draft.
    held = move.submission_id
    submission = Submission.objects.select_for_update().get(pk=held)
    move = RubricMove.objects.select_for_update().select_related("old", "new").get(pk=move.pk)
    if move.submission_id != held:
        submission = Submission.objects.select_for_update().get(pk=move.submission_id)
    _guard_open(move, submission)
    dropped: list[dict[str, str]] = []
    if answer == Answer.MOVE:
        if not _is_offered(submission.programme, move.new):
            raise DomainError("not-offered", _("Your programme does not offer this version any more."))
        if submission.is_editable:
            dropped = _move(submission, move.new)
    move.answer, move.answered_at = answer, timezone.now()
    move.save(update_fields=["answer", "answered_at"])
    told = about(submission) | {"version": move.new.version, "answer": answer}
    notify(move.offered_by, MOVE_ANSWERED.code, move.new.rubric.referential, by=by, **told)
    record(
        by,
        "move-answered",
        submission,
        move=str(move.pk),
        answer=answer,
        old=str(move.old_id),
        new=str(move.new_id),
        dropped=dropped,
    )
    return move


# --- What may move -----------------------------------------------------------------------------------


def versions_before(achievement: Achievement) -> list[Achievement]:
    """The versions that this one replaces, the nearest first."""
    found: list[Achievement] = []
    before = achievement.replaces
    while before is not None and before not in found:
        found.append(before)
        before = before.replaces
    return found


def movable(programme: Programme, older: list[Achievement]) -> SubmissionQuerySet:
    """Drafts, and returned work after which no attempt lives on, of a programme."""
    later = Submission.objects.filter(
        learner=OuterRef("learner"),
        programme=OuterRef("programme"),
        achievement__code=OuterRef("achievement__code"),
        attempt__gt=OuterRef("attempt"),
    ).exclude(state=State.WITHDRAWN)
    rows = Submission.objects.filter(programme=programme, achievement__in=older)
    waiting = models.Q(state=State.DRAFT) | models.Q(state=State.RETURNED, appealed_at=None, held_at=None)
    return rows.filter(waiting).exclude(Exists(later))


def asked_about(new: Achievement) -> "models.QuerySet[RubricMove, UUID]":
    """The work to which this version was offered, or to which another is offered now."""
    asked = RubricMove.objects.filter(models.Q(new=new, lapsed_at=None) | models.Q(answer="", lapsed_at=None))
    return asked.values_list("submission", flat=True)


def _is_offered(programme: Programme, achievement: Achievement) -> bool:
    offered = programme.achievements.filter(pk=achievement.pk).exists()
    return offered and not programme.closed.filter(pk=achievement.pk).exists()


def _guard_open(move: RubricMove, submission: Submission) -> None:
    if move.answer:
        raise DomainError("answered-already", _("You answered this offer already."))
    if move.lapsed_at is not None or submission.state not in (State.DRAFT, State.RETURNED):
        raise DomainError(
            "offer-lapsed", _("This work was handed in or taken back: it stays with the version it has.")
        )


def _move(submission: Submission, new: Achievement) -> list[dict[str, str]]:
    """Change the version of a draft; the supports that fall away, by the ids of item and criterion."""
    others = Submission.objects.filter(
        learner=submission.learner_id, programme=submission.programme_id, achievement=new
    )
    if others.filter(models.Q(state__in=OPEN) | models.Q(attempt=submission.attempt)).exists():
        raise already_open()
    same = submission.achievement.rubric.counterparts(new.rubric)
    dropped = []
    for support in Support.objects.filter(evidence__submission=submission).order_by("pk"):
        if support.criterion_id in same:
            support.criterion_id = same[support.criterion_id]
            support.save(update_fields=["criterion"])
        else:
            dropped.append({"evidence": str(support.evidence_id), "criterion": str(support.criterion_id)})
            support.delete()
    submission.achievement = new
    try:
        with transaction.atomic():
            submission.save(update_fields=["achievement"])
    except IntegrityError:
        raise already_open() from None
    return dropped
