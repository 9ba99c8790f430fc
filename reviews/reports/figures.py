"""The figures of a programme report, as plain values; no query is made from here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles


@dataclass(frozen=True)
class Progress:
    """One achievement: how many attempts stand in each state, learners who began, badges held and revoked."""

    name: str
    states: dict[str, int]
    learners: int
    badges: int
    revoked: int

    @property
    def attempts(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class LevelCount:
    name: str
    position: int
    count: int


@dataclass(frozen=True)
class CriterionResults:
    """How many decided attempts reached each level of a criterion; ``required`` is a level position."""

    achievement: str
    code: str
    title: str
    required: int | None
    levels: tuple[LevelCount, ...]

    @property
    def judged(self) -> int:
        return sum(level.count for level in self.levels)

    @property
    def reached(self) -> float | None:
        """The share, in percent, that reached the required level; None when nothing was judged yet."""
        if not self.judged or self.required is None:
            return None
        good = sum(level.count for level in self.levels if level.position >= self.required)
        return 100 * good / self.judged


@dataclass(frozen=True)
class Turnaround:
    """Days from handing in to decision; None while there are too few decisions to say."""

    decided: int
    median_days: float | None
    slow_days: float | None
    waiting: int
    oldest_waiting: date | None


@dataclass(frozen=True)
class Load:
    """One assessor: work held now, and decisions by outcome."""

    name: str
    open: int
    approved: int
    returned: int
    rejected: int
    median_days: float | None

    @property
    def decided(self) -> int:
        return self.approved + self.returned + self.rejected


@dataclass(frozen=True)
class LearnerRow:
    """A learner's latest attempt at one achievement."""

    name: str
    email: str
    achievement: str
    attempt: int | None
    state: str
    state_label: str
    submitted: datetime | None
    decided: datetime | None
    total: str
    badge: str
    badge_state: str


@dataclass(frozen=True)
class ProgrammeFigures:
    name: str
    organisation: str
    description: str
    starts_on: date
    ends_on: date | None
    made_at: datetime
    learners: int
    progress: tuple[Progress, ...]
    results: tuple[CriterionResults, ...]
    turnaround: Turnaround
    loads: tuple[Load, ...]
    rows: tuple[LearnerRow, ...]

    @property
    def badges(self) -> int:
        return sum(one.badges for one in self.progress)

    @property
    def attempts(self) -> int:
        return sum(one.attempts for one in self.progress)


def in_days(duration: timedelta) -> float:
    return duration.total_seconds() / 86_400


def middle(durations: Sequence[timedelta]) -> float | None:
    """The median in days; None without any."""
    return median(in_days(one) for one in durations) if durations else None


def slow(durations: Sequence[timedelta]) -> float | None:
    """The 90th percentile in days: nine of ten were quicker. None below ten, where it would say nothing."""
    if len(durations) < 10:
        return None
    return quantiles([in_days(one) for one in durations], n=10, method="inclusive")[-1]


def totals(progress: Iterable[Progress]) -> dict[str, int]:
    """Attempts by state over all achievements."""
    found: dict[str, int] = {}
    for one in progress:
        for state, count in one.states.items():
            found[state] = found.get(state, 0) + count
    return found
