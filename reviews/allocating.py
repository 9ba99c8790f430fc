"""Say how a programme's work finds its assessors, and assign work by hand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme, Submission
from assessments.models.lifecycle import State
from assessments.models.submission import SubmissionQuerySet
from assessments.notices import about
from assessments.permissions import can_manage
from reviews.matching import BINDING, Obstacle, Rules, obstacle
from reviews.models import AllocationPolicy, Allotment
from reviews.models.allocation import MOST_SHARE, SHARED_OUT, Mode
from reviews.models.review import ReviewState
from reviews.notices import ASSIGNED
from reviews.permissions import can_assign
from reviews.workload import Team, bonds_of, pieces_of, policy_of
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify

MOST_GROUPS = 50
LONGEST_GROUP = 60

WHY: dict[Obstacle, Any] = {
    Obstacle.OWN: _("it is their own work"),
    Obstacle.CONFLICT: _("conflict of interest"),
    Obstacle.MARKED: _("marked it already"),
    Obstacle.UNCALIBRATED: _("has exemplars to score first"),
    Obstacle.SKIPPED: _("gave it back"),
    Obstacle.LANGUAGE: _("does not read its language"),
    Obstacle.GROUP: _("does not take its group"),
    Obstacle.ABSENT: _("takes no new work"),
}


@dataclass(frozen=True)
class Part:
    """What an assessor takes of a programme's work; see ``Allotment``."""

    share: int = 1
    groups: tuple[str, ...] = ()


# --- How work is shared out ------------------------------------------------------------------------------


@transaction.atomic
def set_allocation(
    programme: Programme, *, mode: str, random_order: bool, parts: Mapping[User, Part], by: User
) -> AllocationPolicy:
    """Set the mode, and the part of each assessor in ``parts``; the others keep theirs.

    With another mode the waiting work is shared out anew, except what a moderator sent back to its assessor.
    Who is set to the share 0 loses what waits for them. The worker then assigns.

    Raises DomainError ``unknown-mode``, ``bad-share``, ``bad-groups`` or ``not-an-assessor``.
    """
    require(can_manage, by, programme)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if mode not in Mode.values:
        raise invalid("unknown-mode", _("Choose one of the ways to share out work."))
    assessors = set(Team(programme).assessors)
    parts = {person: _kept(part) for person, part in parts.items()}
    if not parts.keys() <= assessors:
        raise not_an_assessor()
    policy = policy_of(programme)
    before = Mode(policy.mode)
    policy.mode, policy.random_order = Mode(mode), random_order
    policy.save()
    for person, part in parts.items():
        Allotment.objects.update_or_create(
            programme=programme,
            assessor=person,
            defaults={"share": part.share, "groups": list(part.groups)},
        )
    waiting = not_sent_back(programme.submissions.filter(state=State.SUBMITTED, assigned_to__isnull=False))
    if policy.mode not in (before, Mode.MANUAL):
        _cleared(waiting)
    elif policy.mode in SHARED_OUT:
        _cleared(waiting.filter(assigned_to__in=[person for person, part in parts.items() if not part.share]))
    told = {str(person.pk): part.share for person, part in parts.items()}
    record(by, "allocation-set", programme, mode=mode, random_order=random_order, shares=told)
    return policy


def groups_in(text: str) -> tuple[str, ...]:
    """The names between commas, each once."""
    names = (" ".join(name.split()) for name in text.replace("\0", "").split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def not_sent_back(work: SubmissionQuerySet) -> SubmissionQuerySet:
    """Without what a moderator returned to the assessor who has it: the action points are meant for them."""
    returned = Submission.objects.filter(
        reviews__state=ReviewState.RETURNED, reviews__assessor=F("assigned_to")
    )
    return work.exclude(pk__in=returned.values("pk"))


# --- By hand ---------------------------------------------------------------------------------------------


@transaction.atomic
def assign(submission: Submission, *, to: User, by: User) -> Submission:
    """Give waiting work to one assessor, or to another than before. Only what binds them stands in the way.

    Raises DomainError ``not-waiting``, ``not-an-assessor`` or ``not-assignable``.
    """
    require(can_assign, by, submission)
    submission = _locked(submission)
    team = Team(submission.programme)
    judge = next((one for one in team.judges if one.id == to.pk), None)
    if judge is None:
        raise not_an_assessor()
    piece = pieces_of(submission.programme, [submission])[0]
    found = obstacle(piece, judge, bonds_of(team, [piece]), Rules())
    if found in BINDING:
        raise DomainError(
            "not-assignable",
            _("%(name)s cannot review this work: %(why)s.") % {"name": to, "why": WHY[found]},
        )
    if submission.assigned_to_id != to.pk:
        give(submission, to, by=by)
    return submission


@transaction.atomic
def unassign(submission: Submission, *, by: User) -> Submission:
    """Take waiting work from its assessor; where work is shared out, the worker finds somebody again."""
    require(can_assign, by, submission)
    submission = _locked(submission)
    if submission.assigned_to_id is None:
        raise DomainError("not-assigned", _("Nobody has this work to review."))
    _take_from(submission, freed=False, by=by)
    return submission


@transaction.atomic
def free(submission: Submission, *, by: User) -> Submission:
    """Open waiting work to every assessor of its programme, however work is shared out there."""
    require(can_assign, by, submission)
    submission = _locked(submission)
    _take_from(submission, freed=True, by=by)
    return submission


# --- Changes, also the worker's ----------------------------------------------------------------------------


def give(submission: Submission, to: User, *, by: User | None) -> None:
    """Assign, tell and record, in the transaction of the caller, who holds the lock on ``submission``."""
    before = submission.assigned_to_id
    submission.assigned_to, submission.assigned_at, submission.freed_at = to, timezone.now(), None
    submission.save(update_fields=["assigned_to", "assigned_at", "freed_at"])
    notify(to, ASSIGNED.code, submission, by=by, **about(submission))
    record(by, "assigned", submission, assessor=str(to.pk), **({"before": str(before)} if before else {}))


def take_back(submission: Submission, *, freed: bool, why: str) -> None:
    """The worker's: nobody asked for it by hand. The caller holds the lock on ``submission``."""
    _take_from(submission, freed=freed, by=None, why=why)


def _take_from(submission: Submission, *, freed: bool, by: User | None, **told: object) -> None:
    before = submission.assigned_to_id
    submission.assigned_to = submission.assigned_at = None
    submission.freed_at = timezone.now() if freed else None
    submission.save(update_fields=["assigned_to", "assigned_at", "freed_at"])
    record(
        by,
        "freed" if freed else "unassigned",
        submission,
        **({"before": str(before)} if before else {}),
        **told,
    )


def _cleared(waiting: SubmissionQuerySet) -> int:
    return waiting.update(assigned_to=None, assigned_at=None, freed_at=None)


# --- Guards ------------------------------------------------------------------------------------------------


def _locked(submission: Submission) -> Submission:
    locked = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("programme", "achievement", "learner")
        .get(pk=submission.pk)
    )
    if locked.state != State.SUBMITTED:
        raise DomainError(
            "not-waiting", _("This work does not wait any more: somebody reviews it, or it was decided.")
        )
    return locked


def _kept(part: Part) -> Part:
    if not 0 <= part.share <= MOST_SHARE:
        raise invalid(
            "bad-share", _("Give each assessor a share from 0 to %(limit)s.") % {"limit": MOST_SHARE}
        )
    groups = _named(part.groups)
    if len(groups) > MOST_GROUPS or any(len(name) > LONGEST_GROUP for name in groups):
        raise invalid(
            "bad-groups",
            _("Give at most %(count)s groups of at most %(length)s letters each.")
            % {"count": MOST_GROUPS, "length": LONGEST_GROUP},
        )
    return Part(part.share, groups)


def _named(groups: Collection[str]) -> tuple[str, ...]:
    return groups_in(",".join(groups))


def not_an_assessor() -> DomainError:
    return invalid("not-an-assessor", _("Choose one of the assessors of this programme."))
