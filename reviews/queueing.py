"""What waits for review: who sees it, how it is narrowed, counted and turned page by page."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from assessments.models import Enrolment, Programme, Submission
from assessments.models.lifecycle import State
from assessments.models.programme import OVERSEEING, STAFF
from assessments.models.submission import SubmissionQuerySet
from reviews.models import Flag, Review
from reviews.offering import offered_to
from workbench.errors import DomainError, invalid
from workbench.models import User

PAGE_SIZE = 25
AGES = (3, 7, 14)  # days
LONG = timedelta(days=7)

# By the database's clock: a lease that ended makes the work wait again, before any sweeper passes.
WAITING = Q(state=State.SUBMITTED) | Q(state=State.IN_REVIEW, lease_until__lt=Now())
HELD = Q(state=State.IN_REVIEW, lease_until__gte=Now())
# How many days each programme promises; one that promises nothing is absent.
Levels = Mapping[UUID, int]
STATES = {"waiting": WAITING, "in_review": HELD}
ASSIGNED: dict[str, Callable[[User], Q]] = {
    "me": lambda user: Q(assigned_to=user),
    "none": lambda user: Q(assigned_to__isnull=True),
    "others": lambda user: Q(assigned_to__isnull=False) & ~Q(assigned_to=user),
}
_enrolled = Enrolment.objects.filter(programme=OuterRef("programme"), learner=OuterRef("learner"))


# --- Who sees what, and how it is narrowed -------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """``state`` is "", "waiting" or "in_review"; ``age`` means handed in more than so many days ago.

    ``assigned`` is "", "me", "none" or "others"; ``group`` is one of the groups of the learners.
    ``attention`` narrows to what every assessor skipped, which whoever asks knows: see ``skipping``.
    """

    programme: UUID | None = None
    achievement: UUID | None = None
    state: str = ""
    age: int | None = None
    mine: bool = False
    overdue: bool = False
    attention: bool = False
    flagged: bool = False
    assigned: str = ""
    group: str = ""

    @property
    def for_claiming(self) -> "Filters":
        """The same without what says who holds the work: only free work can be claimed."""
        return Filters(
            programme=self.programme,
            achievement=self.achievement,
            age=self.age,
            overdue=self.overdue,
            flagged=self.flagged,
            assigned=self.assigned,
            group=self.group,
        )


def queue_of(user: User) -> SubmissionQuerySet:
    """Open work of the programmes where a person assesses, moderates or manages; never their own.

    Who only assesses sees what they may be offered; who oversees a programme sees also what is assigned.
    """
    staffed = user.grants.any_of(STAFF)
    queue = Submission.objects.in_queue().filter(programme__in=staffed).exclude(learner=user)
    overseen = user.grants.any_of(OVERSEEING)
    if staffed == overseen:
        return queue.without_conflict(user)
    if not overseen:
        return offered_to(queue, user)
    assessed = offered_to(queue.filter(programme__in=staffed - overseen), user)
    both = queue.filter(programme__in=overseen).without_conflict(user) | assessed
    # Said again for the whole: the index of open work is read only by a condition that stands outside the OR.
    return both.in_queue().filter(programme__in=staffed)


def narrow(queue: SubmissionQuerySet, filters: Filters, *, user: User) -> SubmissionQuerySet:
    if filters.programme:
        queue = queue.filter(programme=filters.programme)
    if filters.achievement:
        queue = queue.filter(achievement=filters.achievement)
    if filters.state:
        queue = queue.filter(STATES[filters.state])
    if filters.age:
        queue = queue.filter(submitted_at__lt=timezone.now() - timedelta(days=filters.age))
    if filters.mine:
        queue = queue.filter(claimed_by=user)
    if filters.assigned:
        queue = queue.filter(ASSIGNED[filters.assigned](user))
    if filters.group:
        queue = queue.filter(Exists(_enrolled.filter(group=filters.group)))
    if filters.overdue:
        queue = queue.filter(overdue(levels_of(user)))
    if filters.flagged:
        queue = queue.filter(pk__in=Flag.objects.raised().told_to(user).values("submission"))
    return queue


def levels_of(user: User) -> Levels:
    """The promises of the programmes whose queue a person sees."""
    return promised(Programme.objects.filter(pk__in=user.grants.any_of(STAFF)))


def promised(programmes: QuerySet[Programme]) -> Levels:
    rows = programmes.exclude(review_days=None).values_list("pk", "review_days")
    return {programme: days for programme, days in rows if days is not None}


def overdue(levels: Levels) -> Q:
    """Handed in longer ago than its programme promises; by dates, so that the queue's index is read."""
    by_days: dict[int, list[UUID]] = defaultdict(list)
    for programme, days in levels.items():
        by_days[days].append(programme)
    late = Q(pk__in=())
    for days, programmes in by_days.items():
        late |= Q(programme__in=programmes, submitted_at__lt=timezone.now() - timedelta(days=days))
    return late


def with_open_reviews(queue: SubmissionQuerySet, *, reader: User) -> SubmissionQuerySet:
    """Each with ``open_reviews`` and the ``raised_flags`` that the reader is told, lists of at most one."""
    return queue.with_context().prefetch_related(
        Prefetch("reviews", Review.objects.open(), to_attr="open_reviews"),
        Prefetch("flags", Flag.objects.raised().told_to(reader), to_attr="raised_flags"),
    )


# --- Counters -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counters:
    """Counts of open work; ``oldest`` is when the longest waiting was handed in.

    ``mine`` is what the person holds, ``assigned`` what waits for them.
    """

    waiting: int = 0
    in_review: int = 0
    mine: int = 0
    long_waiting: int = 0
    oldest: datetime | None = None
    overdue: int = 0
    assigned: int = 0

    def __add__(self, other: "Counters") -> "Counters":
        moments = [moment for moment in (self.oldest, other.oldest) if moment]
        return Counters(
            self.waiting + other.waiting,
            self.in_review + other.in_review,
            self.mine + other.mine,
            self.long_waiting + other.long_waiting,
            min(moments, default=None),
            self.overdue + other.overdue,
            self.assigned + other.assigned,
        )


def counters_by_programme(
    user: User, levels: Levels, *, queue: SubmissionQuerySet | None = None
) -> dict[UUID, Counters]:
    """One grouped query over the partial index of open work; programmes without any are absent.

    ``queue`` is the person's, where the caller has asked for it already.
    """
    long_waiting = WAITING & Q(submitted_at__lt=timezone.now() - LONG)
    rows = (
        (queue_of(user) if queue is None else queue)
        .values("programme")
        .order_by()
        .annotate(
            waiting=Count("id", filter=WAITING),
            in_review=Count("id", filter=HELD),
            mine=Count("id", filter=Q(claimed_by=user)),
            long_waiting=Count("id", filter=long_waiting),
            oldest=Min("submitted_at", filter=WAITING),
            overdue=Count("id", filter=overdue(levels)),
            assigned=Count("id", filter=WAITING & Q(assigned_to=user)),
        )
    )
    return {
        row["programme"]: Counters(
            row["waiting"],
            row["in_review"],
            row["mine"],
            row["long_waiting"],
            row["oldest"],
            row["overdue"],
            row["assigned"],
        )
        for row in rows
    }


def added_up(counters: dict[UUID, Counters], programmes: Any = None) -> Counters:
    """The sum over some programmes, or over all."""
    chosen = (
        counters.values() if programmes is None else [counters[pk] for pk in counters if pk in programmes]
    )
    return sum(chosen, Counters())


# --- Pages ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cursor:
    """A place in the queue, just at one submission: stable whatever is claimed or handed in meanwhile."""

    at: datetime
    pk: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}_{self.pk.hex}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises DomainError ``bad-cursor``."""
        at, _separator, pk = text.partition("_")
        try:
            moment = parse_datetime(at)
            if moment is None or moment.tzinfo is None:
                raise bad_cursor()
            return cls(moment.astimezone(UTC), UUID(hex=pk))
        except (ValueError, OverflowError):
            raise bad_cursor() from None


def bad_cursor() -> DomainError:
    return invalid(
        "bad-cursor", _("This page of the queue cannot be found. Start again from its first page.")
    )


@dataclass(frozen=True)
class Page:
    """``previous`` and ``next`` are cursors, or empty at the ends."""

    items: list[Submission]
    previous: str = ""
    next: str = ""


def page(queue: SubmissionQuerySet, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """Oldest first. A page is found by the row value (submitted_at, id): no OFFSET and no COUNT."""
    place = (F("submitted_at"), F("id"))
    if before:
        cursor = Cursor.parse(before)
        queue = queue.filter(TupleLessThan(place, (cursor.at, cursor.pk)))
        found = _first(queue.order_by("-submitted_at", "-id"), size + 1)
        items = found[:size][::-1]
        return _page(items, has_previous=len(found) > size, has_next=bool(items))
    if after:
        cursor = Cursor.parse(after)
        queue = queue.filter(TupleGreaterThan(place, (cursor.at, cursor.pk)))
    found = _first(queue.oldest_first(), size + 1)
    return _page(found[:size], has_previous=bool(after and found), has_next=len(found) > size)


def _first(queue: SubmissionQuerySet, size: int) -> list[Submission]:
    """Choose the rows from the narrow index, then join to these alone what a page shows, in one statement.

    Otherwise SQLite joins and sorts all that is open in several programmes before it takes the first rows.
    """
    chosen = queue.select_related(None).prefetch_related(None).values("pk")[:size]
    return list(queue.filter(pk__in=chosen))


def _page(items: list[Submission], *, has_previous: bool, has_next: bool) -> Page:
    return Page(
        items,
        previous=_cursor(items[0]) if has_previous and items else "",
        next=_cursor(items[-1]) if has_next and items else "",
    )


def _cursor(submission: Submission) -> str:
    assert submission.submitted_at is not None, "the queue holds only what was handed in"
    return str(Cursor(submission.submitted_at, submission.pk))
