"""Tell learners where their work stands and what to do now."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.attempts import (
    allowed,
    answered_to,
    refusal_by_date,
    refusal_to_start,
    runs,
    used,
    version_to_go_on,
)
from assessments.models import Achievement, Criterion, Evidence, Programme, Skip, Submission
from assessments.models.lifecycle import DECIDED, OPEN, State
from assessments.models.programme import OVERSEEING
from workbench.errors import DomainError
from workbench.models import User

Text = str | Promise

# What waits for the learner comes first; "" is an achievement that was never started.
RANKS: tuple[str, ...] = (
    State.RETURNED,
    State.DRAFT,
    "",
    State.WITHDRAWN,
    State.IN_REVIEW,
    State.MODERATION,
    State.SUBMITTED,
    State.APPROVED,
    State.REJECTED,
)


# What a later attempt that was taken back does not hide.
LIVING = (*OPEN, State.APPROVED)
# From when on a deadline is shown as a warning.
NEAR = timedelta(days=3)


@dataclass(frozen=True)
class Work:
    """One achievement in one programme, with the learner's attempts, newest first."""

    programme: Programme
    achievement: Achievement
    enrolled: bool
    attempts: list[Submission]
    # Those at every version of the achievement; ``attempts`` are the run of them that is shown.
    every: list[Submission]

    @property
    def latest(self) -> Submission | None:
        """The attempt that counts now: one taken back does not hide an earlier one that lives on."""
        living = (one for one in self.attempts if one.state in LIVING or one.is_appealed or one.is_held)
        return next(living, self.attempts[0] if self.attempts else None)

    @property
    def earlier(self) -> list[Submission]:
        return [attempt for attempt in self.attempts if attempt != self.latest]

    @property
    def state(self) -> str:
        return self.latest.state if self.latest else ""

    @property
    def can_start(self) -> bool:
        """Whether the next attempt (or the first) may be opened today."""
        return self.enrolled and self.programme.is_running and self.refusal is None

    @property
    def refusal(self) -> DomainError | None:
        """Why the learner may open no further attempt, apart from the dates of the programme."""
        return refusal_to_start(self.every, self.programme, self.achievement, now=timezone.now())

    @property
    def earned_before(self) -> str:
        """The version of which the learner has the badge already, where this one was not begun."""
        latest = self.every[0] if self.every and not self.attempts else None
        return latest.achievement.version if latest and latest.state == State.APPROVED else ""

    @property
    def attempts_left(self) -> int | None:
        """How many attempts may still be opened; None where any number may."""
        limit = allowed(self.programme, self.achievement)
        return None if limit is None else max(0, limit - used(self.attempts))

    @property
    def deadline(self) -> "Deadline | None":
        """The last moment to hand in the next attempt, as long as the learner has it to hand in."""
        waiting = [one for one in self.attempts if one.state != State.DRAFT]
        last = answered_to(waiting)
        if last is None or last.state != State.RETURNED or last.resubmit_by is None:
            return None
        return Deadline(last, last.resubmit_by, refusal_by_date(waiting, now=timezone.now()) is not None)

    @property
    def decision(self) -> Any:
        return released_decision(self.latest) if self.latest else None


@dataclass(frozen=True)
class Deadline:
    """``submission`` is the returned attempt that set it."""

    submission: Submission
    until: datetime
    is_over: bool

    @property
    def is_near(self) -> bool:
        return not self.is_over and self.until - timezone.now() < NEAR


def work_of(learner: User) -> list[Work]:
    """What a learner may hand in, and what they handed in where they are no longer enrolled."""
    attempts: dict[tuple[uuid.UUID, str], list[Submission]] = defaultdict(list)
    submissions = (
        Submission.objects.of(learner)
        .with_context()
        .select_related("decision")
        .prefetch_related("moves__new", "programme__closed")
    )
    for submission in submissions.order_by("-attempt", "-created_at", "-id"):
        attempts[submission.programme_id, submission.achievement.code].append(submission)
    programmes = list(
        Programme.objects.learnt_by(learner)
        .select_related("organisation")
        .prefetch_related("achievements__organisation", "closed")
    )
    enrolled = {programme.pk for programme in programmes}
    works = [
        Work(run[0].programme, _version_of(run), run[0].programme_id in enrolled, run, rows)
        for rows in attempts.values()
        for run in runs(rows)
    ]
    begun = {(work.programme.pk, work.achievement.pk) for work in works}
    works += [
        work
        for programme in programmes
        for achievement in programme.achievements.all()
        if (programme.pk, achievement.pk) not in begun
        for work in _unbegun(programme, achievement, attempts.get((programme.pk, achievement.code), []))
    ]
    return sorted(works, key=lambda work: RANKS.index(work.state))


def work_around(submission: Submission, *, enrolled: bool) -> Work:
    """The attempts of one submission's learner at its achievement, as one piece of work."""
    rows = Submission.objects.of_all_versions(submission.achievement).filter(
        learner=submission.learner_id, programme=submission.programme_id
    )
    every = list(rows.select_related("achievement").prefetch_related("moves__new").order_by("-attempt"))
    run = next(run for run in runs(every) if submission in run)
    return Work(submission.programme, _version_of(run), enrolled, run, every)


def _version_of(run: Sequence[Submission]) -> Achievement:
    """The version under which a run goes on: that of its open attempt, else of the next one."""
    bound = None if run[0].state in OPEN else version_to_go_on(run)
    return bound or run[0].achievement


def _unbegun(programme: Programme, achievement: Achievement, every: list[Submission]) -> Iterator[Work]:
    """A version without attempts, unless the learner goes on with another or nobody starts with it."""
    work = Work(programme, achievement, True, [], every)
    bound = version_to_go_on(every) is not None and not work.earned_before
    if not bound and achievement not in programme.closed.all():
        yield work


def released_decision(submission: Submission) -> Any:
    """The decision once its learner may read it, else None; the row belongs to the app that judges."""
    decision = getattr(submission, "decision", None)
    return decision if decision is not None and decision.released_at is not None else None


def notes_of(decision: Any) -> list[Any]:
    """What the markers noted in the evidence, by criterion and then as the evidence is read."""
    everybodys = decision.review.annotations.model.objects.filter(review__in=decision.basis_ids)
    notes = everybodys.select_related("evidence", "criterion")
    by_criterion = F("criterion__position").asc(nulls_last=True)
    return list(notes.order_by(by_criterion, "evidence__position", "first", "created_at", "id"))


# --- The timeline ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One line of the status timeline; ``state`` is done, current or upcoming."""

    title: Text
    state: str
    icon: str
    when: datetime | None = None
    text: Text = ""
    tone: str = ""


REVIEWING: dict[str, tuple[str, Text]] = {
    State.SUBMITTED: ("hourglass", _("Waiting until an assessor takes it up.")),
    State.IN_REVIEW: ("search", _("An assessor is reading your evidence.")),
    State.MODERATION: ("scale", _("A second person checks the assessment before it is released.")),
}
OUTCOMES: dict[str, tuple[Text, str, str]] = {
    State.APPROVED: (_("Approved"), "circle-check", "success"),
    State.RETURNED: (_("Returned for revision"), "undo-2", "warning"),
    State.REJECTED: (_("Rejected"), "circle-x", "danger"),
}


def timeline(submission: Submission) -> list[Step]:
    """From the draft to the badge, without saying who assesses."""
    steps = [_started(submission), _handed_in(submission)]
    if submission.state == State.WITHDRAWN:
        return [*steps, Step(_("Withdrawn"), "current", "archive", text=_("Nobody judges this attempt."))]
    if submission.is_judged_anew:
        text = _("Your appeal succeeded: somebody new judges your work.")
        steps.append(Step(_("Decision set aside"), "done", "undo-2", submission.decided_at, text))
    steps += [_review(submission), _decision(submission), *_interruptions(submission)]
    if submission.state == State.APPROVED:
        steps.append(
            Step(_("Badge"), "current", "award", text=_("You find it under “My badges”."), tone="success")
        )
    elif not submission.is_decided:
        steps.append(Step(_("Badge"), "upcoming", "award"))
    return steps


def _interruptions(submission: Submission) -> Iterator[Step]:
    """What waits for an answer before the work goes on."""
    if submission.is_appealed:
        by = submission.appeal_expected_by
        text: Text = _("Somebody who took no part looks at your appeal.")
        if by is not None:
            text = _("Somebody who took no part answers it, expected by %(date)s.") % {"date": _day(by)}
        yield Step(_("Appeal"), "current", "gavel", submission.appealed_at, text)
    if submission.is_held:
        text = _("Nothing is decided or released meanwhile. You hear how it ends.")
        yield Step(_("Being looked into"), "current", "shield-alert", submission.held_at, text, "warning")


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _started(submission: Submission) -> Step:
    if submission.is_editable:
        text = _("Add evidence, say what it supports, then hand it in.")
        return Step(_("Started"), "current", "pen-line", submission.created_at, text)
    return Step(_("Started"), "done", "pen-line", submission.created_at)


def _handed_in(submission: Submission) -> Step:
    handed_in = submission.submitted_at is not None
    return Step(_("Handed in"), "done" if handed_in else "upcoming", "send", submission.submitted_at)


def _review(submission: Submission) -> Step:
    if submission.state in REVIEWING:
        if submission.is_held:
            return Step(_("Review"), "upcoming", "search")
        icon, text = REVIEWING[submission.state]
        return Step(_("Review"), "current", icon, text=text)
    return Step(_("Review"), "done" if submission.is_decided else "upcoming", "search")


def _decision(submission: Submission) -> Step:
    if submission.state not in DECIDED:
        return Step(_("Decision"), "upcoming", "scale")
    title, icon, tone = OUTCOMES[submission.state]
    waits = submission.state == State.APPROVED or submission.is_appealed or submission.is_held
    text: Text = ""
    if submission.resubmit_by is not None:
        text = _("Hand in a new attempt until %(date)s.") % {"date": _day(submission.resubmit_by)}
    return Step(title, "done" if waits else "current", icon, submission.decided_at, text, tone)


# --- Which criteria have evidence ----------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """A criterion and the evidence items that support it."""

    criterion: Criterion
    items: list[Evidence]


def coverage(achievement: Achievement, items: Iterable[Evidence]) -> list[Coverage]:
    """Each criterion of the rubric with its evidence; ``items`` come with their supports."""
    found: Mapping[uuid.UUID, list[Evidence]] = defaultdict(list)
    for item in items:
        for support in item.supports.all():
            found[support.criterion_id].append(item)
    return [Coverage(criterion, found[criterion.pk]) for criterion in achievement.criteria]


def skips_of(submission: Submission, reader: User) -> list[Skip]:
    """Who did not want to judge an attempt, for those who moderate or manage; never for its learner."""
    if submission.learner_id == reader.pk or submission.programme_id not in reader.grants.any_of(OVERSEEING):
        return []
    return list(submission.skips.select_related("person").order_by("skipped_at"))
