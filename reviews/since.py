"""Sum up what changed in an attempt since the one that was judged before it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import Evidence, Submission
from reviews.models import Decision
from reviews.models.annotation import FollowedState
from reviews.noting import FollowedNote, Group, successors


@dataclass(frozen=True)
class Since:
    """Items by what became of them, and what became of the notes; ``replies`` are the learner's words."""

    attempt: int
    changed: list[Evidence]
    new: list[Evidence]
    removed: list[Evidence]
    same: int
    notes: int
    addressed: int
    altered: int
    open: int
    replies: list[tuple[str, str]]

    @property
    def has_changes(self) -> bool:
        return bool(self.changed or self.new or self.removed)


def since_last_time(
    submission: Submission, before: Decision | None, items: Iterable[Evidence], groups: Iterable[Group]
) -> Since | None:
    """None at a first attempt. ``groups`` are the notes on the attempt before, followed into this one."""
    if before is None:
        return None
    continued = successors(submission, before)
    old = list(before.submission.evidence.in_order())
    kept = [(one, continued[one.pk]) for one in old if one.pk in continued]
    continuing = {item.pk for item in continued.values()}
    followed = [note.followed for group in groups for note in group.notes if note.followed]
    states = Counter(one.state for one in followed)
    return Since(
        attempt=before.submission.attempt,
        changed=[new for one, new in kept if not _same(one, new)],
        new=[item for item in items if item.pk not in continuing],
        removed=[one for one in old if one.pk not in continued],
        same=sum(_same(one, new) for one, new in kept),
        notes=len(followed),
        addressed=states[FollowedState.ADDRESSED],
        altered=states[FollowedState.CHANGED],
        open=states[FollowedState.OPEN],
        replies=_replies(followed),
    )


def _same(old: Evidence, new: Evidence) -> bool:
    """Whether an item holds what it held; its words may have been mended."""
    return (old.sha256, old.url) == (new.sha256, new.url)


def _replies(followed: Iterable[FollowedNote]) -> list[tuple[str, str]]:
    """Each note's text with what the learner says of it."""
    told = [one.follow_up for one in followed if one.follow_up is not None and one.follow_up.reply]
    return [(one.annotation.text, one.reply) for one in told]
