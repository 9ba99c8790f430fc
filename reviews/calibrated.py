"""How far assessors are calibrated, and which work that opens to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from assessments.models import Submission
from assessments.models.submission import SubmissionQuerySet
from reviews.models import Calibration, Exemplar, MarkingPolicy, Review
from reviews.models.exemplar import RETRY_AFTER
from workbench.models import User

Pair = tuple[UUID, UUID]  # a programme and an achievement


@dataclass(frozen=True)
class Step:
    """One exemplar as an assessor meets it, with their newest try.

    ``opens_at`` is when a next try may start: None where another exemplar comes first, or where nothing is
    to be done.
    """

    exemplar: Exemplar
    latest: Calibration | None
    tries: int = 0
    opens_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        return self.latest is None

    @property
    def is_open(self) -> bool:
        return self.latest is not None and self.latest.is_open

    @property
    def is_passed(self) -> bool:
        return self.latest is not None and self.latest.passed

    @property
    def may_start(self) -> bool:
        if self.is_open or self.is_passed or self.opens_at is None:
            return False
        return self.opens_at <= timezone.now()


@dataclass(frozen=True)
class Course:
    """How far one assessor is on one achievement: ``passed`` counts pieces of work, retired exemplars too.

    ``steps`` are the exemplars in use that can calibrate this person. The policy asks for ``asked``; where
    fewer can be scored than it asks for, those few are enough, for nobody is asked for what does not exist.
    """

    programme: UUID
    achievement: UUID
    asked: int
    passed: int
    steps: list[Step] = field(default_factory=list)

    @property
    def left(self) -> list[Step]:
        return [step for step in self.steps if not step.is_passed]

    @property
    def missing(self) -> int:
        """How many exemplars still stand between the assessor and the work."""
        return min(max(self.asked - self.passed, 0), len(self.left))

    @property
    def is_closed(self) -> bool:
        return self.missing > 0


def courses_of(person: User, programmes: Collection[UUID], *, asked_only: bool = False) -> list[Course]:
    """One for every achievement with exemplars in use, in the programmes named; four queries, or fewer.

    ``asked_only`` leaves out the programmes whose policies ask for no calibration.
    """
    if not programmes:
        return []
    asked = _asked(programmes, only_positive=asked_only)
    if asked_only:
        programmes = {programme for programme, _achievement in asked}
        if not programmes:
            return []
    visible = Exemplar.objects.visible_to(person).filter(programme__in=programmes)
    unknown = visible.in_use().exclude(pk__in=Exemplar.objects.known_to_person(person).values("pk"))
    by_pair: dict[Pair, list[Exemplar]] = defaultdict(list)
    for exemplar in unknown.with_context().order_by("published_at", "id"):
        by_pair[exemplar.programme_id, exemplar.submission.achievement_id].append(exemplar)
    tries = Calibration.objects.filter(assessor=person, exemplar__programme__in=programmes)
    by_work: dict[UUID, list[Calibration]] = defaultdict(list)
    passed: dict[Pair, set[UUID]] = defaultdict(set)
    for one in tries.select_related("exemplar__submission").order_by("started_at", "attempt"):
        by_work[one.exemplar.submission_id].append(one)
        if one.passed:
            pair = (one.exemplar.programme_id, one.exemplar.submission.achievement_id)
            passed[pair].add(one.exemplar.submission_id)
    return [
        Course(*pair, asked=_of(asked, pair), passed=len(passed[pair]), steps=_steps(exemplars, by_work))
        for pair, exemplars in by_pair.items()
    ]


def course_of(person: User, exemplar: Exemplar) -> Course | None:
    """The course that an exemplar belongs to; None when there is nothing in it for this person."""
    wanted = (exemplar.programme_id, exemplar.submission.achievement_id)
    courses = courses_of(person, [exemplar.programme_id])
    return next((one for one in courses if (one.programme, one.achievement) == wanted), None)


def closed_to(person: User) -> list[Course]:
    """What the policies keep from a person until they have scored exemplars well."""
    assessed = person.grants.ids("assess_programme")
    return [course for course in courses_of(person, assessed, asked_only=True) if course.is_closed]


def open_to(queue: SubmissionQuerySet, person: User) -> SubmissionQuerySet:
    """Without the work that asks for a calibration first; what a person has begun stays theirs to finish."""
    closed = closed_to(person)
    if not closed:
        return queue
    kept = Q(pk__in=())
    for course in closed:
        kept |= Q(programme=course.programme, achievement=course.achievement)
    begun = Review.objects.filter(assessor=person).values("submission")
    return queue.filter(~kept | Q(pk__in=begun))


def is_open(submission: Submission, person: User) -> bool:
    return open_to(Submission.objects.filter(pk=submission.pk), person).exists()


def _asked(programmes: Iterable[UUID], *, only_positive: bool) -> dict[tuple[UUID, UUID | None], int]:
    """What the policies ask for, by programme and achievement (None: all others)."""
    rows = MarkingPolicy.objects.filter(programme__in=programmes)
    found: dict[tuple[UUID, UUID | None], int] = {
        (programme, achievement): number
        for programme, achievement, number in rows.values_list(
            "programme", "achievement", "calibration_exemplars"
        )
    }
    if only_positive:
        positive = {programme for (programme, _achievement), number in found.items() if number}
        return {pair: number for pair, number in found.items() if pair[0] in positive}
    return found


def _of(asked: Mapping[tuple[UUID, UUID | None], int], pair: Pair) -> int:
    return asked.get(pair, asked.get((pair[0], None), 0))


def _steps(exemplars: list[Exemplar], by_work: Mapping[UUID, list[Calibration]]) -> list[Step]:
    """Never tried ones may start now; one that was failed only when no new one is left, after a while."""
    tries = {one.pk: by_work.get(one.submission_id, []) for one in exemplars}
    another = any(not made for made in tries.values())
    steps = []
    for one in exemplars:
        made = tries[one.pk]
        # A pass counts for the work, whatever became of the exemplar that was passed.
        latest = next((old for old in made if old.passed), made[-1] if made else None)
        steps.append(Step(one, latest, len(made), _opens_at(one, latest, another=another)))
    return steps


def _opens_at(exemplar: Exemplar, latest: Calibration | None, *, another: bool) -> datetime | None:
    if latest is None:
        return exemplar.published_at
    if latest.passed:
        return None
    if latest.reopened_at is not None:
        return latest.reopened_at
    if latest.scored_at is None:
        # Begun on an exemplar that was replaced meanwhile: the new one may start at once.
        return exemplar.published_at if latest.exemplar_id != exemplar.pk else None
    return None if another else latest.scored_at + RETRY_AFTER
