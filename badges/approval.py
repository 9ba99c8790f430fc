"""What an approved decision hands over to have a badge made: all that badges ever learns of the judging."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assessments.models import Submission


@dataclass(frozen=True)
class Approval:
    """``levels`` gives the achieved level's id by criterion id; ``roles`` who took part in the judgement.

    A decision that a moderator checked first is released later than it was made.
    """

    decision_id: UUID
    submission: Submission
    decided_at: datetime
    released_at: datetime
    levels: Mapping[UUID, UUID]
    roles: tuple[str, ...]
    moderated: bool
