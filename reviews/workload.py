"""Collect what sharing out work needs to know: the assessors, their load, and what binds them to work."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from assessments.models import Conflict, Enrolment, Programme, Skip, Submission
from assessments.models.skip import Reason
from reviews.calibrated import courses_of
from reviews.matching import Bonds, Judge, Piece
from reviews.models import AllocationPolicy, Allotment, Decision, MarkingPolicy, Review, Verification
from reviews.models.allocation import Mode
from reviews.models.review import COMPLETE, ReviewState
from workbench.access import members
from workbench.models import User

RECENT = timedelta(days=30)
# Beside the reasons of a skip, in one column with them.
TIED, MARKED = "tied", "marked"
# Finished by the assessor, whatever became of it since.
FINISHED = (*COMPLETE, ReviewState.RETURNED, ReviewState.SET_ASIDE)


class Team:
    """The assessors of a programme with what they carry, each read from the database once."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    @cached_property
    def policy(self) -> AllocationPolicy:
        return policy_of(self.programme)

    @cached_property
    def assessors(self) -> list[User]:
        return list(members("assessor", self.programme).filter(is_active=True).order_by("name", "pk"))

    @cached_property
    def allotments(self) -> dict[UUID, Allotment]:
        """Everybody's part; who never got one has a share of 1 and no group."""
        found = {one.assessor_id: one for one in Allotment.objects.filter(programme=self.programme)}
        return {
            person.pk: found.get(person.pk) or Allotment(programme=self.programme, assessor=person)
            for person in self.assessors
        }

    @cached_property
    def judges(self) -> list[Judge]:
        """Each with their part and load, in the words of ``matching``."""
        # Work that nobody holds has no holder, so the first of the two says who carries it.
        carrier = Coalesce("claimed_by", "assigned_to")
        work = Submission.objects.in_queue().filter(programme=self.programme).order_by()
        counted: Any = work.annotate(carrier=carrier).values_list("carrier").annotate(Count("pk"))
        opened: Counter[UUID | None] = Counter(dict(counted))
        finished = Review.objects.filter(
            assessor__in=self.assessors,
            submission__programme=self.programme,
            state__in=FINISHED,
            ended_at__gte=timezone.now() - RECENT,
        )
        done = Counter(finished.values_list("assessor", flat=True))
        return [
            Judge(
                id=person.pk,
                share=self.allotments[person.pk].share,
                groups=frozenset(self.allotments[person.pk].groups),
                reads=frozenset(person.reads),
                open=opened[person.pk],
                done=done[person.pk],
            )
            for person in self.assessors
        ]


def policy_of(programme: Programme) -> AllocationPolicy:
    """As it was set; a programme that never set one lets its assessors take the next."""
    try:
        return programme.allocation_policy
    except AllocationPolicy.DoesNotExist:
        return AllocationPolicy(programme=programme)


def allocation_in_words(programme: Programme) -> str:
    """How work finds its assessors here, in one sentence or two."""
    policy = policy_of(programme)
    said = {
        Mode.PULL: gettext("Assessors take the next one."),
        Mode.MANUAL: gettext("A manager or moderator assigns each piece of work."),
        Mode.EQUAL: gettext("Work is shared out equally."),
        Mode.SHARE: gettext("Work is shared out by each assessor's share."),
        Mode.GROUP: gettext("Each group of learners has its own assessors."),
    }[Mode(policy.mode)]
    if policy.random_order:
        shuffled = gettext("The next one is offered in random order.")
        return f"{said} {shuffled}"
    return said


def pieces_of(programme: Programme, work: Sequence[Submission]) -> list[Piece]:
    """The same in the words of ``matching``, with the group of each learner."""
    enrolled = Enrolment.objects.filter(
        programme=programme, learner__in={submission.learner_id for submission in work}
    )
    groups = dict(enrolled.values_list("learner", "group"))
    return [
        Piece(
            id=submission.pk,
            learner=submission.learner_id,
            achievement=submission.achievement_id,
            language=submission.language,
            group=groups.get(submission.learner_id, ""),
        )
        for submission in work
    ]


def bonds_of(team: Team, pieces: Sequence[Piece]) -> Bonds:
    """What stands between the team and this work, in one query for all that people and reviews say.

    Who checked it or set a decision on it aside has taken part, like those who marked it (see ``fit_for``).

    One more for colleagues, and some more only where the policy asks for calibration.
    """
    work, assessors = [piece.id for piece in pieces], team.assessors
    learners = {piece.learner for piece in pieces}
    ties = Conflict.objects.in_force().filter(learner__in=learners, assessor__in=assessors)
    skips = Skip.objects.filter(submission__in=work, person__in=assessors)
    marked = Review.objects.filter(
        submission__in=work, assessor__in=assessors, state__in=(*COMPLETE, ReviewState.SET_ASIDE)
    )
    checked = Verification.objects.filter(review__submission__in=work, moderator__in=assessors)
    undone = Decision.objects.filter(submission__in=work, set_aside_by__in=assessors)
    found: dict[str, set[tuple[UUID, UUID]]] = defaultdict(set)
    for subject, person, why in ties.values_list("learner", "assessor", Value(TIED)).union(
        skips.values_list("submission", "person", "reason"),
        marked.values_list("submission", "assessor", Value(MARKED)),
        checked.values_list("review__submission", "moderator", Value(MARKED)),
        undone.values_list("submission", "set_aside_by", Value(MARKED)),
    ):
        found[why].add((subject, person))
    return Bonds(
        ties=frozenset(found[TIED]) | _colleagues(assessors, learners),
        withdrawn_from=frozenset(found[Reason.CONFLICT.value]),
        marked=frozenset(found[MARKED]),
        skipped=frozenset().union(*(found[reason] for reason in Reason.values)),
        uncalibrated=_uncalibrated(team.programme, assessors),
    )


def _colleagues(assessors: Sequence[User], learners: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    keys = {person.employer_key for person in assessors} - {""}
    if not keys:
        return frozenset()
    rows = User.objects.filter(pk__in=learners, employer_key__in=keys).values_list("pk", "employer_key")
    return frozenset(
        (learner, person.pk)
        for learner, key in rows
        for person in assessors
        if person.employer_key == key and person.pk != learner
    )


def _uncalibrated(programme: Programme, assessors: Sequence[User]) -> frozenset[tuple[UUID, UUID]]:
    if not MarkingPolicy.objects.filter(programme=programme, calibration_exemplars__gt=0).exists():
        return frozenset()
    return frozenset(
        (course.achievement, person.pk)
        for person in assessors
        for course in courses_of(person, [programme.pk], asked_only=True)
        if course.is_closed
    )
