"""What a person has to do now, by each role they hold."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.following import Work, work_of
from assessments.models import Programme, Submission
from assessments.models.lifecycle import State
from assessments.models.programme import OVERSEEING
from badges.models import Credential
from reviews.models import Review
from reviews.models.review import ReviewState
from reviews.moderation_list import awaiting
from reviews.queueing import Counters, added_up, counters_by_programme, queue_of
from workbench.models import Organisation, User

SHOWN = 6


@dataclass(frozen=True)
class Learning:
    """``todo`` waits for the learner, ``waiting`` for somebody else."""

    todo: list[Work]
    waiting: list[Work]
    badges: list[Credential]


@dataclass(frozen=True)
class Assessing:
    """``returned`` are reviews that a moderator sent back, as long as nobody took the work up again."""

    reviews: list[Review]
    counters: Counters
    returned: list[Review]


@dataclass(frozen=True)
class Watched:
    """A programme that somebody moderates or manages."""

    programme: Programme
    counters: Counters
    learners: int
    is_managed: bool
    to_moderate: int


@dataclass(frozen=True)
class Overseeing:
    programmes: list[Watched]
    locks: list[Submission]


@dataclass(frozen=True)
class Today:
    """A section is None for a role that the person does not hold."""

    learning: Learning | None
    assessing: Assessing | None
    overseeing: Overseeing | None
    organisations: list[Organisation]

    @property
    def is_empty(self) -> bool:
        return not (self.learning or self.assessing or self.overseeing or self.organisations)


def today(user: User) -> Today:
    assessed = user.grants.ids("assess_programme")
    overseen = user.grants.any_of(OVERSEEING)
    worked_in = Programme.objects.filter(pk__in=assessed | overseen)
    programmes = list(_counted(worked_in, user)) if assessed or overseen else []
    levels = {one.pk: one.review_days for one in programmes if one.review_days}
    counters = counters_by_programme(user, levels) if programmes else {}
    return Today(
        learning=_learning(user),
        assessing=_assessing(user, added_up(counters, assessed)) if assessed else None,
        overseeing=_overseeing(user, [one for one in programmes if one.pk in overseen], counters)
        if overseen
        else None,
        organisations=_organisations(user),
    )


def _counted(programmes: QuerySet[Programme], user: User) -> QuerySet[Programme]:
    """With ``learner_count``, and ``to_moderate``: how much waits there for a moderator."""
    waiting = awaiting(user).filter(programme=OuterRef("pk")).order_by().values("programme")
    number = waiting.annotate(number=Count("pk")).values("number")
    return programmes.annotate(learner_count=Count("enrolments"), to_moderate=Coalesce(Subquery(number), 0))


def _learning(user: User) -> Learning | None:
    works = work_of(user)
    badges = list(
        Credential.objects.filter(learner=user)
        .published()
        .select_related("achievement", "organisation")
        .newest_first()[:SHOWN]
    )
    if not works and not badges:
        return None
    todo = [work for work in works if _waits_for_learner(work)]
    waiting = [work for work in works if _waits_for_others(work)]
    return Learning(todo[:SHOWN], waiting[:SHOWN], badges)


def _waits_for_learner(work: Work) -> bool:
    if work.state == State.DRAFT:
        return True
    return work.state in ("", State.RETURNED, State.WITHDRAWN) and work.can_start


def _waits_for_others(work: Work) -> bool:
    if work.latest is None:
        return False
    judged = work.state in (State.SUBMITTED, State.IN_REVIEW, State.MODERATION)
    return judged or work.latest.is_appealed or work.latest.is_held


def _assessing(user: User, counters: Counters) -> Assessing:
    """Open reviews by the end of their lease, and those that came back; of the same work the later one."""
    came_back = Q(state=ReviewState.RETURNED, submission__state=State.SUBMITTED, submission__assigned_to=user)
    rows = Review.objects.filter(Q(state=ReviewState.OPEN) | came_back, assessor=user)
    rows = rows.with_context().order_by("submission__lease_until", "fence")
    mine = list({one.submission_id: one for one in rows}.values())
    returned = [one for one in mine if not one.is_open]
    return Assessing([one for one in mine if one.is_open][:SHOWN], counters, returned[:SHOWN])


def _overseeing(user: User, overseen: list[Programme], counters: dict[UUID, Counters]) -> Overseeing:
    managed = user.grants.ids("manage_programme")
    held = queue_of(user).filter(programme__in=overseen, state=State.IN_REVIEW)
    return Overseeing(
        [
            Watched(
                programme,
                counters.get(programme.pk, Counters()),
                programme.learner_count,  # type: ignore[attr-defined]
                programme.pk in managed,
                programme.to_moderate,  # type: ignore[attr-defined]
            )
            for programme in overseen
        ],
        list(held.with_context().order_by("lease_until")[:SHOWN]),
    )


def _organisations(user: User) -> list[Organisation]:
    if not user.grants.ids("administer_organisation"):
        return []
    return list(Organisation.objects.administered_by(user.grants).prefetch_related("programmes"))
