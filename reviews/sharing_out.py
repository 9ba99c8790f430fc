"""Keep the waiting work of every programme with assessors who may judge it: what the worker does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from assessments.models import Programme, Skip, Submission
from assessments.models.lifecycle import State
from assessments.models.submission import SubmissionQuerySet
from assessments.notices import about
from reviews.allocating import give, take_back
from reviews.matching import BINDING, Match, Rules, match, obstacle
from reviews.models.allocation import SHARED_OUT, Mode
from reviews.notices import UNASSIGNABLE
from reviews.workload import Team, bonds_of, pieces_of
from workbench.access import members
from workbench.models import Notification, User
from workbench.notifying import notify_all

BATCH = 500
RULES = {
    Mode.PULL: Rules(),
    Mode.MANUAL: Rules(),
    Mode.EQUAL: Rules(),
    Mode.SHARE: Rules(by_share=True),
    Mode.GROUP: Rules(by_share=True, by_group=True),
}


def share_out() -> int:
    """Take back what its assessor can no longer judge, free what is late, and assign what nobody has.

    Runs again and again, so that whatever made somebody unable (a role taken, a conflict, a skip, a marking
    of their own) and whatever put work back needs to know nothing of it. Returns how many pieces moved.
    """
    return take_back_unfit() + free_overdue() + assign_waiting()


# --- Taking back -------------------------------------------------------------------------------------------


def take_back_unfit() -> int:
    """Unassign what waits for somebody who is no longer an assessor there, or may not judge it."""
    assigned = Submission.objects.in_queue().filter(state=State.SUBMITTED, assigned_to__isnull=False)
    programmes = Programme.objects.filter(pk__in=assigned.order_by().values("programme").distinct())
    return sum(
        _take_back(unfit)
        for programme in programmes
        for batch in _batches(assigned.filter(programme=programme))
        for unfit in _unfit(programme, batch)
    )


def _unfit(programme: Programme, work: Sequence[Submission]) -> list[UUID]:
    team = Team(programme)
    judges = {judge.id: judge for judge in team.judges}
    pieces = pieces_of(programme, work)
    bonds = bonds_of(team, pieces)
    pks = [submission.pk for submission in work]
    given_back = Skip.objects.filter(
        submission__in=pks, person=F("submission__assigned_to"), skipped_at__gt=F("submission__assigned_at")
    )
    unfit = set(given_back.values_list("submission", flat=True))
    for submission, piece in zip(work, pieces, strict=True):
        judge = judges.get(submission.assigned_to_id) if submission.assigned_to_id else None
        if judge is None or obstacle(piece, judge, bonds, Rules()) in BINDING:
            unfit.add(submission.pk)
    return [pk for pk in pks if pk in unfit]


@transaction.atomic
def _take_back(pk: UUID) -> bool:
    submission = _waiting(pk)
    if submission is None or submission.assigned_to_id is None:
        return False
    take_back(submission, freed=False, why="unfit")
    return True


def free_overdue() -> int:
    """Open to everybody what its assessor left for longer than the programme promises its learners."""
    late = Q(pk__in=())
    now = timezone.now()
    for programme, days in Programme.objects.exclude(review_days=None).values_list("pk", "review_days"):
        before = now - timedelta(days=days or 0)
        late |= Q(programme=programme, submitted_at__lt=before, assigned_at__lt=before)
    found = Submission.objects.in_queue().filter(late, state=State.SUBMITTED, assigned_to__isnull=False)
    return sum(_free(pk) for pk in found.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _free(pk: UUID) -> bool:
    submission = _waiting(pk)
    if submission is None or submission.assigned_to_id is None:
        return False
    take_back(submission, freed=True, why="overdue")
    return True


# --- Assigning ---------------------------------------------------------------------------------------------


def assign_waiting() -> int:
    """Give each piece of waiting work, the oldest first, to the one whose turn it is."""
    programmes = Programme.objects.filter(allocation_policy__mode__in=SHARED_OUT)
    return sum(
        _settle(one)
        for programme in programmes
        for batch in _batches(unassigned(programme))
        for one in matched(Team(programme), batch)
    )


def unassigned(programme: Programme) -> SubmissionQuerySet:
    """What waits and nobody has; not what is open to everybody, nor what is under investigation."""
    waiting = Submission.objects.in_queue().filter(programme=programme, state=State.SUBMITTED)
    return waiting.filter(assigned_to__isnull=True, freed_at__isnull=True, held_at__isnull=True)


def matched(team: Team, work: Sequence[Submission]) -> list[Match]:
    """Who would take each piece by the programme's policy, or why nobody can."""
    pieces = pieces_of(team.programme, work)
    return match(pieces, team.judges, bonds_of(team, pieces), RULES[Mode(team.policy.mode)])


@dataclass(frozen=True)
class Stuck:
    """Work that nobody can be assigned to, with each assessor and the obstacle; none where there is none."""

    submission: Submission
    why: list[tuple[User, str]]


def stuck_in(team: Team, *, limit: int = 25) -> list[Stuck]:
    """Of the oldest waiting work, what no assessor can take as things stand."""
    work = list(unassigned(team.programme).with_context().oldest_first()[:BATCH])
    names = {person.pk: person for person in team.assessors}
    found = [
        Stuck(submission, [(names[pk], str(why)) for pk, why in one.obstacles.items()])
        for submission, one in zip(work, matched(team, work), strict=True)
        if one.judge is None
    ]
    return found[:limit]


@transaction.atomic
def _settle(one: Match) -> bool:
    submission = _waiting(one.piece.id)
    if submission is None or submission.assigned_to_id is not None or submission.freed_at is not None:
        return False
    if one.judge is None:
        _tell_managers(submission)
        return False
    give(submission, User.objects.get(pk=one.judge.id), by=None)
    return True


def _tell_managers(submission: Submission) -> None:
    """Once for each piece of work."""
    if Notification.objects.about(submission).filter(kind=UNASSIGNABLE.code).exists():
        return
    managers = members("manager", submission.programme).exclude(pk=submission.learner_id)
    notify_all(managers, UNASSIGNABLE.code, submission, **about(submission))


def _waiting(pk: UUID) -> Submission | None:
    """Locked; None when somebody took it or it was assigned otherwise in between."""
    rows = Submission.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.SUBMITTED)
    return rows.select_related("programme", "achievement", "learner").first()


def _batches(work: SubmissionQuerySet) -> Iterator[list[Submission]]:
    """All of it, the oldest first, a few hundred at a time."""
    pks = list(work.oldest_first().values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        yield list(Submission.objects.filter(pk__in=pks[start : start + BATCH]).oldest_first())
