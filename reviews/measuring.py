"""Say how far the assessors of a programme agree, from work that more than one of them marked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from assessments.models import Achievement, Criterion, Level, Programme
from assessments.models.lifecycle import OPEN
from reviews.agreement.figures import is_low
from reviews.agreement.items import Item, Marking, against_others, double_marked
from reviews.agreement.periods import Period, Span
from reviews.agreement.shares import exact_agreement
from reviews.agreement.tabulating import (
    Agreement,
    Alone,
    Lone,
    Together,
    alone,
    by_marker,
    lone,
    over_time,
    tabulate,
)
from reviews.models import Review, Score
from reviews.models.review import ReviewQuerySet
from reviews.permissions import can_oversee, can_see_own_agreement
from workbench.access import require
from workbench.models import User


@dataclass(frozen=True)
class Question:
    """Which marks count: those of items last marked within both days, and only blind ones if so asked."""

    since: date | None = None
    until: date | None = None
    span: Span = "quarter"
    independent: bool = False

    def holds(self, item: Item) -> bool:
        return (
            (self.since is None or item.on >= self.since)
            and (self.until is None or item.on <= self.until)
            and (item.independent or not self.independent)
        )


@dataclass(frozen=True)
class Named:
    """A criterion or achievement as people know it: its latest code and title."""

    code: str
    title: str


@dataclass(frozen=True)
class Answer:
    """The figures of a programme with the names of what and whom they are about, in the active language.

    ``open_works`` counts the work on which a marker saw another's marking, which raises agreement.
    """

    programme: Programme
    question: Question
    figures: Agreement
    criteria: dict[str, Named]
    achievements: dict[str, Named]
    people: dict[UUID, str]
    open_works: int


@dataclass(frozen=True)
class OwnAnswer:
    """What an assessor learns: their own figures, and nothing about who the others are."""

    programme: Programme
    question: Question
    figures: Alone
    moments: tuple[tuple[Period, Lone], ...]


def agreement_of(programme: Programme, question: Question, *, by: User) -> Answer:
    """Everything about a programme; five queries, however much was marked."""
    require(can_oversee, by, programme)
    items = _asked(programme, question)
    figures = tabulate(items, span=question.span)
    return Answer(
        programme=programme,
        question=question,
        figures=figures,
        criteria=_criteria(figures.criteria),
        achievements=_achievements(programme, figures.achievements),
        people=_people(figures.assessors),
        open_works=len({item.work for item in items if not item.independent}),
    )


def own_agreement(programme: Programme, question: Question, *, by: User) -> OwnAnswer:
    """How an assessor's own marks compare with those of the others, all of them taken together.

    Only of work that is decided: before, a figure that moves would give a blind marking away.
    """
    require(can_see_own_agreement, by, programme)
    items = by_marker(_asked(programme, question, decided=True)).get(by.pk, [])
    moments = tuple(
        (moment.period, moment.assessors.get(by.pk) or lone([], by.pk))
        for moment in over_time(items, question.span)
    )
    return OwnAnswer(programme, question, alone(items, by.pk), moments)


def low_agreement_assessors(programme: Programme) -> set[UUID]:
    """Assessors who demonstrably agree too little with others: see ``is_low``. Asked by sampling."""
    return {
        who
        for who, items in by_marker(items_of(programme)).items()
        if isinstance(who, UUID) and is_low(exact_agreement(against_others(items, who)))
    }


def items_of(programme: Programme) -> list[Item]:
    """All that two or more assessors have marked to the end in a programme, whoever asks.

    Adjudication is no marking, nor is the scoring of exemplars; what a moderator sent back or an appeal
    set aside does not count.
    """
    return double_marked(_markings(programme))


def agreement_in_words(programme: Programme) -> str:
    number = _twice(Review.objects.complete().filter(submission__programme=programme)).count()
    if number == 0:
        return gettext("No work was marked by two assessors yet.")
    return ngettext(
        "%(number)s piece of work was marked by two assessors.",
        "%(number)s pieces of work were marked by two assessors.",
        number,
    ) % {"number": number}


def _asked(programme: Programme, question: Question, *, decided: bool = False) -> list[Item]:
    items = double_marked(_markings(programme, decided=decided))
    return [item for item in items if question.holds(item)]


def _markings(programme: Programme, *, decided: bool = False) -> Iterable[Marking]:
    complete = Review.objects.complete().filter(submission__programme=programme)
    if decided:
        complete = complete.exclude(submission__state__in=OPEN)
    scores = (
        Score.objects.filter(
            review__in=complete,
            review__submission__in=_twice(complete),
            level__isnull=False,
        )
        .order_by()
        .annotate(at=Coalesce("review__ended_at", "review__claimed_at"))
        .values_list(
            "review__submission",
            "criterion__identifier",
            "review__submission__achievement__code",
            "review__assessor",
            "level",
            "at",
            "review__blind",
        )
    )
    places = _places(programme)
    days: dict[datetime, date] = {}
    for work, criterion, achievement, assessor, level, at, blind in scores:
        day = days.get(at) or days.setdefault(at, timezone.localdate(at))
        yield Marking(work, str(criterion), achievement, assessor, places[level], day, blind)


def _twice(complete: ReviewQuerySet) -> QuerySet[Any, Any]:
    """The submissions that more than one assessor marked."""
    counted = complete.order_by().values("submission").annotate(times=Count("assessor", distinct=True))
    return counted.filter(times__gt=1).values("submission")


def _places(programme: Programme) -> dict[UUID, int]:
    """Where each level stands on its criterion's scale, from 1: positions may have gaps."""
    rubrics = Achievement.objects.filter(submissions__programme=programme).values("rubric")
    levels = (
        Level.objects.filter(criterion__rubric__in=rubrics)
        .order_by("criterion", "position")
        .values_list("pk", "criterion")
    )
    found: dict[UUID, int] = {}
    counted: dict[UUID, int] = defaultdict(int)
    for level, criterion in levels:
        counted[criterion] += 1
        found[level] = counted[criterion]
    return found


def _criteria(identifiers: Iterable[str]) -> dict[str, Named]:
    """By CASE identifier; of several versions of a rubric the latest gives the title."""
    rows = Criterion.objects.filter(identifier__in=list(identifiers)).order_by(
        "rubric__referential__created_at", "position"
    )
    return {str(row.identifier): Named(row.code, row.title or row.description) for row in rows}


def _achievements(programme: Programme, codes: Iterable[str]) -> dict[str, Named]:
    rows = Achievement.objects.filter(organisation=programme.organisation_id, code__in=list(codes)).order_by(
        "created_at"
    )
    return {row.code: Named(row.code, row.name) for row in rows}


def _people(identifiers: Iterable[Any]) -> dict[UUID, str]:
    return {person.pk: str(person) for person in User.objects.filter(pk__in=list(identifiers))}


def named_pairs(answer: Answer) -> list[tuple[tuple[Any, ...], Together]]:
    """Every pair with both people, and the pairs themselves, in the order of names."""

    def name(who: Any) -> str:
        return answer.people[who].casefold()

    pairs = [(tuple(sorted(pair, key=name)), together) for pair, together in answer.figures.pairs.items()]
    return sorted(pairs, key=lambda pair: [name(who) for who in pair[0]])
