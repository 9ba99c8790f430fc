"""Say that one person must not judge the work of another: by either side, by a manager, or by rule."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Conflict, Programme, Submission
from assessments.models.conflict import MAX_WORDS, Tie
from assessments.models.lifecycle import QUEUED, State
from assessments.models.programme import JUDGING
from assessments.notices import CLAIM_ENDED, CONFLICT_DECLARED, EMPLOYER_CHANGED, about
from assessments.permissions import can_declare, can_state_employer, can_withdraw_conflict
from assessments.sharing import shared_programmes
from workbench.access import members, require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.models.user import LONGEST_EMPLOYER, employer_key
from workbench.notifying import notify, notify_all

# What people declare; the rule about former colleagues declares itself.
DECLARABLE = (Tie.TAUGHT, Tie.FAMILY, Tie.WORK, Tie.OTHER)


@transaction.atomic
def declare(learner: User, assessor: User, *, tie: str, words: str = "", by: User) -> Conflict:
    """From now on ``assessor`` neither sees nor judges the work of ``learner``, in any programme.

    A review that is open ends: what was written stays with it, out of sight, for the day the conflict is
    withdrawn. Managers are told without the words; the other side is told nothing.

    Raises DomainError ``unknown-tie``, ``words-missing``, ``text-too-long`` or ``already-declared``.
    """
    require(can_declare, by, Conflict(learner=learner, assessor=assessor))
    words = " ".join(words.replace("\0", "").split())
    if tie not in DECLARABLE:
        raise invalid("unknown-tie", _("Choose what ties the two people."))
    if tie == Tie.OTHER and not words:
        raise invalid("words-missing", _("Say in a few words what ties the two people."))
    if len(words) > MAX_WORDS:
        raise invalid("text-too-long", _("Write at most %(limit)s characters.") % {"limit": MAX_WORDS})
    try:
        with transaction.atomic():
            conflict = Conflict.objects.create(
                learner=learner, assessor=assessor, tie=tie, words=words, declared_by=by
            )
    except IntegrityError:
        raise DomainError("already-declared", _("You have declared this already.")) from None
    _part(Q(learner=learner), assessor)
    told = {"learner": learner.name, "assessor": assessor.name}
    for programme in shared_programmes(learner, assessor):
        managers = members("manager", programme).exclude(pk__in=[learner.pk, assessor.pk])
        notify_all(managers, CONFLICT_DECLARED.code, programme, by=by, programme=programme.names, **told)
    record(by, "conflict-declared", conflict, learner=str(learner.pk), assessor=str(assessor.pk), tie=tie)
    return conflict


@transaction.atomic
def withdraw(conflict: Conflict, *, by: User) -> Conflict:
    """Let it count no more; what others declared between the same two still does."""
    require(can_withdraw_conflict, by, conflict)
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.withdrawn_at is not None:
        raise DomainError("already-withdrawn", _("This conflict of interest was withdrawn already."))
    conflict.withdrawn_at, conflict.withdrawn_by = timezone.now(), by
    conflict.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(
        by,
        "conflict-withdrawn",
        conflict,
        learner=str(conflict.learner_id),
        assessor=str(conflict.assessor_id),
        tie=conflict.tie,
    )
    return conflict


@transaction.atomic
def state_employer(person: User, employer: str, *, by: User) -> User:
    """Say where one works: colleagues do not judge each other.

    Whoever names another employer, or none, stays apart from the colleagues they had: a conflict that only a
    manager can withdraw. So nobody opens work to themselves by clearing the field for a moment.
    The trail says that it changed, and never where somebody works. Raises DomainError ``text-too-long``.
    """
    require(can_state_employer, by, person)
    employer = " ".join(employer.replace("\0", "").split())
    if len(employer) > LONGEST_EMPLOYER:
        raise invalid("text-too-long", _("Write at most %(limit)s characters.") % {"limit": LONGEST_EMPLOYER})
    person = User.objects.select_for_update().get(pk=person.pk)
    before, key = person.employer_key, employer_key(employer)
    if person.employer == employer:
        return person
    person.employer = employer
    person.save(update_fields=["employer", "employer_key"])
    if before == key:
        return person
    former = _keep_apart(person, before) if before else []
    if key:
        _part(Q(learner__employer_key=key), person)
        for colleague in User.objects.filter(
            employer_key=key, claimed_submissions__learner=person
        ).distinct():
            _part(Q(learner=person), colleague)
    _tell_of_employer(person, former)
    record(by, "employer-changed", person, stated=bool(employer), apart=len(former))
    return person


# --- Changes -----------------------------------------------------------------------------------------------


def _keep_apart(person: User, key: str) -> list[Conflict]:
    """The conflicts with those who work where ``person`` worked and share a programme with them."""
    colleagues = User.objects.filter(employer_key=key).exclude(pk=person.pk)
    judged = Programme.objects.filter(pk__in=person.grants.any_of(JUDGING))
    learners = colleagues.filter(Q(enrolments__programme__in=judged) | Q(submissions__programme__in=judged))
    pairs = {(learner, person) for learner in learners.distinct()}
    pairs |= {(person, judge) for judge in judges_for(person).filter(employer_key=key)}
    before = {
        (one.learner_id, one.assessor_id)
        for one in Conflict.objects.in_force().filter(tie=Tie.FORMER, declared_by=person)
    }
    return Conflict.objects.bulk_create(
        Conflict(learner=learner, assessor=assessor, tie=Tie.FORMER, declared_by=person)
        for learner, assessor in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1].pk))
        if (learner.pk, assessor.pk) not in before
    )


def _part(theirs: Q, assessor: User) -> None:
    """End what ``assessor`` holds of some work, and take from them what waits for them of it."""
    held = Submission.objects.filter(theirs, state=State.IN_REVIEW, claimed_by=assessor)
    held = held.exclude(learner=assessor).select_related("programme", "achievement")
    for submission in held.select_for_update(of=("self",)).order_by("pk"):
        Submission.objects.filter(pk=submission.pk, fence=submission.fence).update(
            state=State.SUBMITTED, claimed_by=None, lease_until=None
        )
        notify(assessor, CLAIM_ENDED.code, submission, **about(submission))
        record(None, "claim-ended", submission, assessor=str(assessor.pk), fence=submission.fence)
    waiting = Submission.objects.filter(theirs, state__in=QUEUED, assigned_to=assessor)
    waiting.exclude(learner=F("assigned_to")).update(assigned_to=None, assigned_at=None)


def _tell_of_employer(person: User, former: Iterable[Conflict]) -> None:
    told: set[Programme] = set()
    for one in former:
        told |= set(shared_programmes(one.learner, one.assessor))
    for programme in told:
        managers = members("manager", programme).exclude(pk=person.pk)
        notify_all(managers, EMPLOYER_CHANGED.code, programme, name=person.name, programme=programme.names)


# --- Who may be meant --------------------------------------------------------------------------------------


def judges_for(learner: User) -> QuerySet[User]:
    """Everybody who assesses or moderates where a person learns, without saying who judges what."""
    programmes = Programme.objects.filter(
        Q(enrolments__learner=learner) | Q(submissions__learner=learner)
    ).values_list("pk", flat=True)
    label = Programme._meta.label_lower
    names = [f"{label}:{pk}:{role}" for pk in set(programmes) for role in ("assessor", "moderator")]
    people = User.objects.filter(groups__name__in=names, is_active=True).exclude(pk=learner.pk)
    return people.distinct().order_by("name", "pk")


def learners_for(judge: User) -> QuerySet[User]:
    """Everybody who learns, or handed work in, where a person assesses or moderates."""
    judged = judge.grants.any_of(JUDGING)
    people = User.objects.filter(
        Q(enrolments__programme__in=judged)
        | Q(submissions__programme__in=judged, submissions__submitted_at__isnull=False)
    )
    return people.exclude(pk=judge.pk).distinct().order_by("name", "pk")


def declared_by(person: User) -> QuerySet[Conflict]:
    """What a person declared and did not withdraw, the newest first."""
    mine = Conflict.objects.in_force().filter(declared_by=person)
    return mine.select_related("learner", "assessor").order_by("-declared_at", "pk")


def declared_in(programme: Programme, *, reader: User) -> QuerySet[Conflict]:
    """What counts between the learners and the judges of a programme, but nothing about the reader."""
    judges = User.objects.filter(pk__in=members("assessor", programme).values("pk")) | User.objects.filter(
        pk__in=members("moderator", programme).values("pk")
    )
    learners = Q(learner__enrolments__programme=programme) | Q(learner__submissions__programme=programme)
    found = Conflict.objects.in_force().filter(learners, assessor__in=judges)
    found = found.exclude(Q(learner=reader) | Q(assessor=reader))
    return (
        found.select_related("learner", "assessor", "declared_by").distinct().order_by("-declared_at", "pk")
    )
