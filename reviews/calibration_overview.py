"""Who is calibrated on what, and which criteria are read differently by many."""

import csv
import io
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Achievement, Criterion, Programme
from reviews.exemplified import read_by
from reviews.models import AgreedLevel, Calibration, CalibrationScore, Exemplar, MarkingPolicy
from reviews.reports.writing import harmless
from workbench.access import members
from workbench.models import User

# Fewer scorings of a criterion say nothing of how it is read.
ENOUGH = 3


@dataclass(frozen=True)
class Standing:
    """One assessor on one achievement: what the policy asks for, and how many exemplars were passed.

    Who knows the exemplars otherwise, since they judged the work, is not asked to score them.
    """

    assessor: User
    achievement: Achievement
    asked: int
    passed: int
    latest: datetime | None


@dataclass
class Reading:
    """How a criterion was read: ``distances`` in levels, one for every first try on an exemplar."""

    criterion: Criterion
    achievement: Achievement
    distances: list[int] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.distances)

    @property
    def exact(self) -> int:
        return sum(distance == 0 for distance in self.distances)

    @property
    def mean(self) -> float:
        """Negative where it is read more strictly than agreed."""
        return sum(self.distances) / len(self.distances)

    @property
    def is_known(self) -> bool:
        return self.number >= ENOUGH

    @property
    def differs(self) -> bool:
        """Whether most who scored it hit another level than the agreed one."""
        return self.is_known and 2 * self.exact < self.number


def standings(programme: Programme) -> list[Standing]:
    """Every assessor of the programme on every achievement with exemplars in use, or with tries."""
    latest: dict[tuple[uuid.UUID, uuid.UUID], datetime | None] = {}
    passed: dict[tuple[uuid.UUID, uuid.UUID], set[uuid.UUID]] = defaultdict(set)
    for one in tries(programme):
        pair = (one.assessor_id, one.exemplar.submission.achievement_id)
        latest.setdefault(pair, one.scored_at)
        if one.passed:
            passed[pair].add(one.exemplar.submission_id)
    used = (
        Exemplar.objects.in_use()
        .filter(programme=programme)
        .values_list("submission__achievement", flat=True)
    )
    achievements = Achievement.objects.in_bulk({*used, *(achievement for _person, achievement in latest)})
    policies = {one.achievement_id: one for one in MarkingPolicy.objects.filter(programme=programme)}
    general = policies.get(None)
    found = []
    for person in members("assessor", programme):
        for achievement in sorted(achievements.values(), key=lambda one: one.name.casefold()):
            policy = policies.get(achievement.pk, general)
            pair = (person.pk, achievement.pk)
            asked = policy.calibration_exemplars if policy else 0
            found.append(Standing(person, achievement, asked, len(passed[pair]), latest.get(pair)))
    return found


def readings(programme: Programme) -> list[Reading]:
    """By criterion, from the first tries alone: whoever tries again has seen the answer.

    What fewest hit comes first.
    """
    found: dict[uuid.UUID, Reading] = {}
    for one in _scores(programme, first=True):
        reading = found.setdefault(
            one.score.criterion_id,
            Reading(one.score.criterion, one.calibration.exemplar.submission.achievement),
        )
        reading.distances.append(one.distance)
    return sorted(found.values(), key=lambda one: (one.exact / one.number, one.criterion.code))


def tries(programme: Programme) -> list[Calibration]:
    """The newest first."""
    rows = Calibration.objects.scored().filter(exemplar__programme=programme)
    return list(rows.with_context().order_by("-scored_at", "-pk"))


def write_csv(programme: Programme, *, reader: User) -> bytes:
    """A row for every criterion that somebody scored; UTF-8 with a byte order mark, formulas harmless.

    Of exemplars that the reader still has to score the levels are left out.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        (
            _("Assessor"),
            _("Achievement"),
            _("Exemplar"),
            _("Try"),
            _("Scored"),
            pgettext("exemplar", "Passed"),
            _("Criterion"),
            _("Own level"),
            _("Agreed level"),
            _("Distance in levels"),
        )
    )
    writer.writerows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row]
        for row in _rows(programme, reader)
    )
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class _Scored:
    calibration: Calibration
    score: CalibrationScore
    agreed: AgreedLevel

    @property
    def distance(self) -> int:
        assert self.score.level is not None, "a finished try has a level for every criterion"
        return self.score.level.position - self.agreed.level.position


def _scores(programme: Programme, *, first: bool) -> Iterator[_Scored]:
    rows = CalibrationScore.objects.filter(
        calibration__exemplar__programme=programme, calibration__scored_at__isnull=False
    )
    if first:
        rows = rows.filter(calibration__attempt=1)
    agreed: dict[uuid.UUID, dict[uuid.UUID, AgreedLevel]] = defaultdict(dict)
    for one in AgreedLevel.objects.filter(exemplar__programme=programme).select_related("level"):
        agreed[one.exemplar_id][one.criterion_id] = one
    context = (
        "criterion",
        "level",
        "calibration__assessor",
        "calibration__exemplar__submission__achievement",
    )
    ordered = rows.select_related(*context).order_by(
        "-calibration__scored_at", "calibration", "criterion__position", "pk"
    )
    for score in ordered:
        exemplar = score.calibration.exemplar_id
        yield _Scored(score.calibration, score, agreed[exemplar][score.criterion_id])


def _rows(programme: Programme, reader: User) -> Iterable[tuple[object, ...]]:
    read = read_by(reader, [programme.pk])
    for one in _scores(programme, first=False):
        calibration = one.calibration
        when = timezone.localtime(calibration.scored_at).isoformat(sep=" ", timespec="minutes")
        yield (
            calibration.assessor.name,
            calibration.exemplar.submission.achievement.name,
            calibration.exemplar.name,
            calibration.attempt,
            when,
            _("yes") if calibration.passed else _("no"),
            one.score.criterion.code or one.score.criterion.title,
            *(_levels(one) if calibration.exemplar_id in read else ("", "", "")),
        )


def _levels(one: _Scored) -> tuple[object, ...]:
    return (one.score.level.quality if one.score.level else "", one.agreed.level.quality, one.distance)
