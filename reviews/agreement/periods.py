"""Calendar months and quarters, in which agreement is followed over time."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, NamedTuple

Span = Literal["month", "quarter"]
MONTHS: Final[dict[Span, int]] = {"month": 1, "quarter": 3}


class Period(NamedTuple):
    """``first`` is its first day; periods of one span sort by time."""

    first: date
    span: Span

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def code(self) -> str:
        """As in ISO 8601-2: 2026-03 for a month, 2026-Q1 for a quarter."""
        if self.span == "month":
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y}-Q{self.quarter}"

    @property
    def following(self) -> "Period":
        months = self.first.year * 12 + self.first.month - 1 + MONTHS[self.span]
        return Period(date(months // 12, months % 12 + 1, 1), self.span)


def period_of(day: date, span: Span) -> Period:
    month = (day.month - 1) // MONTHS[span] * MONTHS[span] + 1
    return Period(date(day.year, month, 1), span)


def periods(days: Iterable[date], span: Span) -> list[Period]:
    """Every period from the first day to the last one, empty ones in between included."""
    known = sorted(period_of(day, span) for day in days)
    if not known:
        return []
    found = [known[0]]
    while found[-1] < known[-1]:
        found.append(found[-1].following)
    return found
