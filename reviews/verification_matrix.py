"""The matrix of internal verification: what to check of each assessor on each achievement, and what was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Achievement, Programme
from reviews.models import Decision, Review, SamplingPolicy, Verification
from reviews.models.review import ReviewKind
from reviews.models.verification import Stage, Verdict
from workbench.models import User

YES, NO, NOT_YET, NOTHING_ASKED = "yes", "no", "not-yet", ""
LONGEST = timedelta(days=3 * 366)
EARLIEST = date(2000, 1, 1)
COUNTED = ("made", "eligible", "planned", "sampled", "accepted", "returned", "waiting")
COMPLIANT: Mapping[str, Any] = {
    YES: gettext_lazy("compliant"),
    NO: gettext_lazy("not compliant"),
    NOT_YET: gettext_lazy("not yet"),
    NOTHING_ASKED: gettext_lazy("nothing asked"),
}


@dataclass
class Cell:
    """Counts of decisions in the period.

    ``eligible`` are of a kind that is checked, ``planned`` were picked by the policy when they were made,
    ``sampled`` were checked, ``waiting`` are held for a moderator.
    """

    made: int = 0
    eligible: int = 0
    planned: int = 0
    sampled: int = 0
    accepted: int = 0
    returned: int = 0
    waiting: int = 0
    # Set once all is counted: what the policy asks for the period, and whether it was done.
    to_sample: int = 0
    compliant: str = NOTHING_ASKED

    @property
    def compliance(self) -> Any:
        return COMPLIANT[self.compliant]

    def settle(self, *, each_pair: bool, is_running: bool) -> None:
        least = 1 if each_pair and self.eligible else 0
        self.to_sample = max(self.planned, least)
        if not self.to_sample:
            self.compliant = NOTHING_ASKED
        elif self.sampled >= self.to_sample:
            self.compliant = YES
        else:
            self.compliant = NOT_YET if self.waiting or is_running else NO


@dataclass(frozen=True)
class Row:
    """One assessor, with a cell for each achievement in the matrix's order, and their total."""

    assessor: User
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Matrix:
    programme: Programme
    since: date
    until: date
    policy: SamplingPolicy | None
    achievements: list[Achievement]
    rows: list[Row] = field(default_factory=list)
    totals: list[Cell] = field(default_factory=list)
    total: Cell = field(default_factory=Cell)

    @property
    def missing(self) -> list[str]:
        """What is still to be checked, in words."""
        return [
            _missing(row.assessor, achievement, cell)
            for row in self.rows
            for achievement, cell in zip(self.achievements, row.cells, strict=True)
            if cell.compliant in (NO, NOT_YET)
        ]

    @property
    def pairs(self) -> Iterable[tuple[User, Achievement, Cell]]:
        """The cells in which something was decided, assessor by assessor."""
        for row in self.rows:
            for achievement, cell in zip(self.achievements, row.cells, strict=True):
                if cell.made:
                    yield row.assessor, achievement, cell


def days_of(programme: Programme, since: date | None, until: date | None) -> tuple[date, date]:
    """The days asked for; what was left out is the policy's period, ending today.

    Never more than ``LONGEST``, never in the future, and nothing before ``EARLIEST``.
    """
    today = timezone.localdate()
    until = max(min(until or today, today), EARLIEST)
    policy = SamplingPolicy.objects.filter(programme=programme).first() or SamplingPolicy()
    since = since or until - timedelta(days=policy.period_days - 1)
    return min(max(since, until - LONGEST, EARLIEST), until), until


def matrix_of(programme: Programme, *, since: date, until: date) -> Matrix:
    """The decisions made on these days, both included; the same few queries however many there are.

    A decision counts for everybody on whose marking it rests. Not counted are those that were withdrawn
    before anybody checked them, and those by which a moderator settled a disagreement: they are moderated.
    """
    counting = _Counting(programme, since, until)
    rows = counting.rows(is_running=until >= timezone.localdate())
    columns = [counting.columns[one.pk] for one in counting.achievements]
    for position, column in enumerate(columns):
        _sum_up(column, [row.cells[position] for row in rows])
    _sum_up(counting.whole, [cell for row in rows for cell in row.cells])
    return Matrix(
        programme, since, until, counting.policy, counting.achievements, rows, columns, counting.whole
    )


# --- Counting ----------------------------------------------------------------------------------------


class _Counting:
    """Every decision put into its cells, its column and the whole."""

    def __init__(self, programme: Programme, since: date, until: date) -> None:
        self.policy = SamplingPolicy.objects.filter(programme=programme).first()
        self.made = Decision.objects.filter(
            submission__programme=programme,
            decided_at__gte=_midnight(since),
            decided_at__lt=_midnight(until + timedelta(days=1)),
            review__kind=ReviewKind.MARKING,
        )
        self.cells: dict[UUID, dict[UUID, Cell]] = defaultdict(lambda: defaultdict(Cell))
        self.columns: dict[UUID, Cell] = defaultdict(Cell)
        self.whole = Cell()
        self._count()
        offered = list(programme.achievements.all())
        # What is no longer offered shows as long as something was decided on it.
        others = self.columns.keys() - {one.pk for one in offered}
        offered += Achievement.objects.filter(pk__in=others) if others else ()
        self.achievements = sorted(offered, key=lambda one: (one.name.casefold(), one.pk))

    def rows(self, *, is_running: bool) -> list[Row]:
        each_pair = self.policy is not None and self.policy.each_pair
        found = []
        people = User.objects.in_bulk(self.cells.keys())
        for person in sorted(people.values(), key=lambda one: (str(one).casefold(), one.pk)):
            line = [self.cells[person.pk].get(one.pk, Cell()) for one in self.achievements]
            for cell in line:
                cell.settle(each_pair=each_pair, is_running=is_running)
            found.append(Row(person, line, _sum_of(line)))
        return found

    def _count(self) -> None:
        checks = dict(
            Verification.objects.filter(
                stage=Stage.SUMMATIVE, decision__in=self.made.values("pk")
            ).values_list("decision", "verdict")
        )
        markings = Review.objects.filter(
            kind=ReviewKind.MARKING, submission__in=self.made.values("submission")
        )
        assessors = dict(markings.values_list("pk", "assessor"))
        for decision in self.made.select_related("submission").defer("results", "feedback"):
            verdict = checks.get(decision.pk)
            if not decision.is_standing and verdict is None:
                continue
            achievement = decision.submission.achievement_id
            named = [UUID(one) for one in decision.basis.get("reviews", [])] or [decision.review_id]
            markers = {assessors[one] for one in named if one in assessors}
            each = [self.cells[assessor][achievement] for assessor in markers]
            for cell in (*each, self.columns[achievement], self.whole):
                self._add(cell, decision, verdict)

    def _add(self, cell: Cell, decision: Decision, verdict: str | None) -> None:
        cell.made += 1
        if self.policy is not None and (decision.is_approval or not self.policy.only_approvals):
            cell.eligible += 1
        cell.planned += bool(decision.sampled_for)
        cell.sampled += verdict is not None
        cell.accepted += verdict == Verdict.ACCEPTED
        cell.returned += verdict == Verdict.RETURNED
        cell.waiting += bool(decision.sampled_for) and decision.is_standing and not decision.is_released


def _sum_of(line: Sequence[Cell]) -> Cell:
    """Of one assessor: no decision stands in two of the cells."""
    total = Cell(**{name: sum(getattr(cell, name) for cell in line) for name in COUNTED})
    _sum_up(total, line)
    return total


def _sum_up(total: Cell, parts: Sequence[Cell]) -> None:
    """As compliant as the least compliant part; asked is what was picked, and what no pick answers yet."""
    total.to_sample = total.planned + sum(cell.to_sample - cell.planned for cell in parts)
    states = {cell.compliant for cell in parts}
    total.compliant = next((one for one in (NO, NOT_YET, YES) if one in states), NOTHING_ASKED)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _missing(assessor: User, achievement: Achievement, cell: Cell) -> str:
    told = {
        "assessor": assessor,
        "achievement": achievement.name,
        "sampled": cell.sampled,
        "asked": cell.to_sample,
        "waiting": cell.waiting,
    }
    if not cell.waiting:
        return _("%(assessor)s on %(achievement)s: %(sampled)s of %(asked)s checked, none is held.") % told
    words = ngettext(
        "%(assessor)s on %(achievement)s: %(sampled)s of %(asked)s checked, %(waiting)s waits.",
        "%(assessor)s on %(achievement)s: %(sampled)s of %(asked)s checked, %(waiting)s wait.",
        cell.waiting,
    )
    return words % told
