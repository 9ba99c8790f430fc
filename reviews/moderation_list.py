"""What waits for a moderator: who sees it, how it is narrowed and counted, and whose it is to check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Prefetch, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.models.programme import OVERSEEING
from assessments.models.submission import SubmissionQuerySet, Written
from reviews.models import Decision, Review
from reviews.sampling import Reason
from workbench.models import User

# Reasons to be in the list that no sampling gives.
DISAGREEMENT, HELD = "disagreement", "held"
LIST_REASONS: Mapping[str, Any] = {
    DISAGREEMENT: _("the markers disagree"),
    HELD: _("under investigation"),
    **dict(Reason.choices),
}
LONG = timedelta(days=7)
DISAGREED = Q(decision__isnull=True)


@dataclass(frozen=True)
class Filters:
    """``reason`` is a code of ``LIST_REASONS``; an ``assessor`` is anybody whose marking counts."""

    programme: UUID | None = None
    achievement: UUID | None = None
    assessor: UUID | None = None
    reason: str = ""
    mine: bool = False


def awaiting(user: User) -> SubmissionQuerySet:
    """Work in moderation in the programmes that a person moderates or manages; never their own."""
    waiting = Submission.objects.filter(
        state=Written(State.MODERATION), programme__in=user.grants.any_of(OVERSEEING)
    )
    return waiting.exclude(learner=user).without_conflict(user)


def narrow(waiting: SubmissionQuerySet, filters: Filters, *, user: User) -> SubmissionQuerySet:
    if filters.programme:
        waiting = waiting.filter(programme=filters.programme)
    if filters.achievement:
        waiting = waiting.filter(achievement=filters.achievement)
    if filters.assessor:
        marked = Review.objects.complete().filter(assessor=filters.assessor)
        waiting = waiting.filter(pk__in=marked.values("submission"))
    if filters.reason == DISAGREEMENT:
        waiting = waiting.filter(DISAGREED)
    elif filters.reason == HELD:
        waiting = waiting.filter(held_at__isnull=False)
    elif filters.reason:
        waiting = waiting.filter(decision__in=_sampled_for(filters.reason))
    if filters.mine:
        waiting = _to_moderate_by(waiting, user)
    return waiting


def _sampled_for(reason: str) -> Any:
    """By the text of the list: SQLite cannot look into JSON for what it contains."""
    written = Decision.objects.awaiting_moderation().annotate(codes=Cast("sampled_for", TextField()))
    return written.filter(codes__contains=f'"{reason}"').values("pk")


def _to_moderate_by(waiting: SubmissionQuerySet, user: User) -> SubmissionQuerySet:
    """What the person may settle or check: they moderate there, and have no part in judging it."""
    mine = waiting.filter(programme__in=user.grants.ids("moderate_programme"))
    return mine.exclude(pk__in=Review.objects.judging(user).values("submission"))


# --- What a row shows --------------------------------------------------------------------------------


def with_decisions(waiting: SubmissionQuerySet) -> SubmissionQuerySet:
    """Each with its standing decision and, as ``markings``, the reviews that count."""
    markings = Review.objects.complete().select_related("assessor").order_by("ended_at")
    return waiting.with_context().prefetch_related(
        Prefetch("decision", Decision.objects.select_related("decided_by")),
        Prefetch("reviews", markings, to_attr="markings"),
    )


@dataclass(frozen=True)
class Row:
    """``codes`` say why it waits; ``took_part``, ``may_moderate`` and ``may_look`` are about the reader."""

    submission: Submission
    decision: Decision | None
    markings: list[Review]
    codes: list[str]
    took_part: bool
    may_moderate: bool
    may_look: bool

    @property
    def reasons(self) -> list[Any]:
        """The codes in words."""
        return [LIST_REASONS.get(code, code) for code in self.codes]

    @property
    def is_disagreement(self) -> bool:
        return self.decision is None

    @property
    def since(self) -> datetime:
        """When it came to the moderators."""
        ended = [one.ended_at for one in self.markings if one.ended_at]
        moment = self.decision.decided_at if self.decision else max(ended, default=None)
        return moment or self.submission.submitted_at or self.submission.created_at


def rows_of(submissions: Iterable[Submission], *, user: User) -> list[Row]:
    """One query for whether the reader took part, however many rows there are."""
    submissions = list(submissions)
    mine = Review.objects.judging(user).filter(submission__in=submissions)
    taken = set(mine.values_list("submission", flat=True))
    moderated = user.grants.ids("moderate_programme")
    return [
        _row(one, user, one.pk in taken, one.programme_id in moderated and one.pk not in taken)
        for one in submissions
    ]


def _row(submission: Submission, user: User, took_part: bool, may_moderate: bool) -> Row:
    """Whoever marked learns of a disagreement, or of the blind marking of others, once it is settled."""
    decision = getattr(submission, "decision", None)
    markings: list[Review] = submission.markings  # type: ignore[attr-defined]
    codes = [DISAGREEMENT] if decision is None else list(decision.sampled_for)
    codes += [HELD] if submission.is_held else []
    is_hidden = decision is None or any(one.blind and one.assessor_id != user.pk for one in markings)
    may_look = not (took_part and is_hidden)
    return Row(submission, decision, markings, codes, took_part, may_moderate, may_look)


# --- Counters ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counters:
    """``mine`` is what the reader may settle or check; ``oldest`` when the longest waiting was handed in."""

    disagreements: int = 0
    decisions: int = 0
    mine: int = 0
    long_waiting: int = 0
    oldest: datetime | None = None


def counters(user: User) -> Counters:
    waiting = awaiting(user)
    found = waiting.aggregate(
        disagreements=Count("pk", filter=DISAGREED),
        decisions=Count("pk", filter=~DISAGREED),
        long_waiting=Count("pk", filter=Q(submitted_at__lt=timezone.now() - LONG)),
        oldest=Min("submitted_at"),
    )
    return Counters(**found, mine=_to_moderate_by(waiting, user).count())
