"""Whether a learner may open another attempt, and until when it may be handed in."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Programme, Submission
from assessments.models.lifecycle import OPEN, State
from workbench.errors import DomainError


def allowed(programme: Programme, achievement: Achievement) -> int | None:
    """How many attempts there are: the smaller of what programme and achievement allow; None: any number."""
    limits = [one for one in (programme.max_attempts, achievement.max_attempts) if one is not None]
    return min(limits, default=None)


def used(attempts: Sequence[Submission]) -> int:
    """An attempt that its learner took back before it was decided does not count."""
    return sum(attempt.state != State.WITHDRAWN for attempt in attempts)


def answered_to(attempts: Sequence[Submission]) -> Submission | None:
    """Of attempts, newest first, the one that the next answers to: the last that was not withdrawn."""
    return next((attempt for attempt in attempts if attempt.state != State.WITHDRAWN), None)


def refusal_to_start(
    attempts: Sequence[Submission], programme: Programme, achievement: Achievement, *, now: datetime
) -> DomainError | None:
    """Why no further attempt may open after these (newest first); None when one may."""
    if any(attempt.state in OPEN for attempt in attempts):
        return already_open()
    if any(attempt.is_held for attempt in attempts):
        return DomainError(
            "under-investigation",
            _("An earlier attempt is being looked into: the next one can open when that has ended."),
        )
    if any(attempt.state == State.APPROVED for attempt in attempts):
        return DomainError("already-earned", _("You have earned this achievement already."))
    if any(attempt.is_appealed for attempt in attempts):
        return DomainError(
            "appeal-open",
            _("Your appeal waits for its answer. Take it back if you would rather hand in a new attempt."),
        )
    limit = allowed(programme, achievement)
    if limit is not None and used(attempts) >= limit:
        return DomainError("no-attempts-left", _("You have used every attempt that this achievement allows."))
    return refusal_by_date(attempts, now=now)


def refusal_by_date(attempts: Sequence[Submission], *, now: datetime) -> DomainError | None:
    """Why it is too late to hand in after these attempts, newest first; the last moment itself is in time."""
    last = answered_to(attempts)
    if last is None or last.resubmit_by is None or now <= last.resubmit_by:
        return None
    until = date_format(localtime(last.resubmit_by), "DATETIME_FORMAT")
    return DomainError(
        "too-late",
        _("A new attempt could be handed in until %(until)s. Ask a manager of the programme for more time.")
        % {"until": until},
    )


def already_open() -> DomainError:
    return DomainError(
        "already-open", _("You have an open attempt at this achievement already. Go on with that one.")
    )
