"""Whether a learner may open another attempt, and until when it may be handed in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter

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


def runs(attempts: Sequence[Submission]) -> Iterator[list[Submission]]:
    """Attempts at all versions of an achievement, newest first, parted where one version earned a badge.

    Whoever earned a version and begins with another begins anew: what came before neither counts nor binds.
    """
    left = list(attempts)
    while left:
        latest = left[0].achievement_id
        earned = (one.state == State.APPROVED and one.achievement_id != latest for one in left)
        end = next((place for place, ends in enumerate(earned) if ends), len(left))
        yield left[:end]
        left = left[end:]


def run_towards(attempts: Sequence[Submission], achievement: Achievement) -> list[Submission]:
    """Of attempts at all versions, newest first, those that the next one at this version goes on from."""
    for place, one in enumerate(attempts):
        if one.state == State.APPROVED and one.achievement_id != achievement.pk:
            return list(attempts[:place])
    return list(attempts)


def version_to_go_on(attempts: Sequence[Submission]) -> Achievement | None:
    """The version that a run of attempts is bound to; None where the learner may choose."""
    last = answered_to(attempts)
    if last is None:
        return None
    moved = [(move.answered_at, move) for move in last.moves.all() if move.answered_at and move.is_move]
    return max(moved, key=itemgetter(0))[1].new if moved else last.achievement


def answered_to(attempts: Sequence[Submission]) -> Submission | None:
    """Of attempts, newest first, the one that the next answers to: the last that was not withdrawn."""
    return next((attempt for attempt in attempts if attempt.state != State.WITHDRAWN), None)


def refusal_to_start(
    attempts: Sequence[Submission], programme: Programme, achievement: Achievement, *, now: datetime
) -> DomainError | None:
    """Why no further attempt may open after these (newest first, at any version); None when one may."""
    if any(attempt.state in OPEN for attempt in attempts):
        return already_open()
    if any(attempt.is_held for attempt in attempts):
        return DomainError(
            "under-investigation",
            _("An earlier attempt is being looked into: the next one can open when that has ended."),
        )
    attempts = run_towards(attempts, achievement)
    if any(attempt.state == State.APPROVED for attempt in attempts):
        return DomainError("already-earned", _("You have earned this achievement already."))
    if any(attempt.is_appealed for attempt in attempts):
        return DomainError(
            "appeal-open",
            _("Your appeal waits for its answer. Take it back if you would rather hand in a new attempt."),
        )
    return _refusal_by_version(attempts, programme, achievement) or _refusal_by_limits(
        attempts, programme, achievement, now=now
    )


def _refusal_by_version(
    attempts: Sequence[Submission], programme: Programme, achievement: Achievement
) -> DomainError | None:
    """Why the next attempt may not be at this version of the achievement."""
    bound = version_to_go_on(attempts)
    if bound is not None and bound != achievement:
        return DomainError(
            "other-version",
            _("You go on with version %(version)s, which your last attempt belongs to.")
            % {"version": bound.version},
        )
    if bound is None and achievement in programme.closed.all():
        return DomainError(
            "closed-version",
            _("Nobody starts with version %(version)s any more: begin with the newer one.")
            % {"version": achievement.version},
        )
    return None


def _refusal_by_limits(
    attempts: Sequence[Submission], programme: Programme, achievement: Achievement, *, now: datetime
) -> DomainError | None:
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
