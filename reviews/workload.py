"""Collect what sharing out work needs to know: the assessors, their load, and what binds them to work."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from assessments.models import Conflict, Enrolment, Programme, Skip, Submission
from assessments.models.lifecycle import State
from assessments.models.skip import Reason
from reviews.calibrated import courses_of
from reviews.matching import Bonds, Judge, Piece
from reviews.models import AllocationPolicy, Allotment, MarkingPolicy, Review
from reviews.models.allocation import Mode
from reviews.models.review import COMPLETE, ReviewState
from workbench.access import members
from workbench.models import User

RECENT = timedelta(days=30)
# Finished by the assessor, whatever became of it since.
FINISHED = (*COMPLETE, ReviewState.RETURNED, ReviewState.SET_ASIDE)


def policy_of(programme: Programme) -> AllocationPolicy:
    """As it was set; a programme that never set one lets its assessors take the next."""
    return AllocationPolicy.objects.filter(programme=programme).first() or AllocationPolicy(
        programme=programme
    )


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
        return f"{said} {gettext('The next one is offered in random order.')}"
    return said


def assessors_of(programme: Programme) -> list[User]:
    return list(members("assessor", programme).filter(is_active=True).order_by("name", "pk"))


def judges_of(programme: Programme, assessors: Sequence[User]) -> list[Judge]:
    """Each assessor with their part of the work and what they carry in this programme; four queries."""
    allotted = {one.assessor_id: one for one in Allotment.objects.filter(programme=programme)}
    assigned = _counted(programme.submissions.filter(state=State.SUBMITTED), "assigned_to")
    held = _counted(programme.submissions.filter(state=State.IN_REVIEW), "claimed_by")
    since = timezone.now() - RECENT
    finished = Review.objects.filter(
        assessor__in=assessors, submission__programme=programme, state__in=FINISHED, ended_at__gte=since
    )
    done = Counter(finished.values_list("assessor", flat=True))
    return [
        Judge(
            id=person.pk,
            share=allotted[person.pk].share if person.pk in allotted else 1,
            groups=frozenset(allotted[person.pk].groups) if person.pk in allotted else frozenset(),
            reads=frozenset(person.reads),
            open=assigned[person.pk] + held[person.pk],
            done=done[person.pk],
        )
        for person in assessors
    ]


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


def bonds_of(programme: Programme, assessors: Sequence[User], pieces: Sequence[Piece]) -> Bonds:
    """What stands between these assessors and this work; more than five queries only for calibration."""
    work = [piece.id for piece in pieces]
    learners = {piece.learner for piece in pieces}
    ties = Conflict.objects.in_force().filter(learner__in=learners, assessor__in=assessors)
    skips = list(
        Skip.objects.filter(submission__in=work, person__in=assessors).values_list(
            "submission", "person", "reason"
        )
    )
    marked = Review.objects.filter(
        submission__in=work, assessor__in=assessors, state__in=(*COMPLETE, ReviewState.SET_ASIDE)
    )
    return Bonds(
        ties=frozenset(ties.values_list("learner", "assessor")) | _colleagues(assessors, learners),
        withdrawn_from=frozenset((one, person) for one, person, why in skips if why == Reason.CONFLICT),
        marked=frozenset(marked.values_list("submission", "assessor")),
        skipped=frozenset((one, person) for one, person, _why in skips),
        uncalibrated=_uncalibrated(programme, assessors),
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


def _counted(work: QuerySet[Submission], name: str) -> Counter[UUID]:
    rows = work.exclude(**{name: None}).order_by().values_list(name).annotate(Count("pk"))
    return Counter(dict(rows))
