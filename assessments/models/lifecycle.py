"""The states of a submission and every move between them: the one table that code, tests and docs read."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_REVIEW = "in_review", _("in review")
    MODERATION = "moderation", _("in moderation")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned for revision")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.MODERATION)
QUEUED = (State.SUBMITTED, State.IN_REVIEW)
DECIDED = (State.APPROVED, State.RETURNED, State.REJECTED)


@dataclass(frozen=True)
class Move:
    """What somebody does to a submission: out of which states, into which; ``who`` is a role's code."""

    act: str
    sources: tuple[State, ...]
    targets: tuple[State, ...]
    who: str
    text: str


MOVES = {
    move.act: move
    for move in (
        Move("start", (), (State.DRAFT,), "learner", "A learner opens the next attempt."),
        Move("submit", (State.DRAFT,), (State.SUBMITTED,), "learner", "Its digests are frozen."),
        Move(
            "withdraw",
            (State.DRAFT, State.SUBMITTED, State.MODERATION),
            (State.WITHDRAWN,),
            "learner",
            "Nobody judges it any more; what was decided and not released is set aside.",
        ),
        Move(
            "claim",
            (State.SUBMITTED, State.IN_REVIEW),
            (State.IN_REVIEW,),
            "assessor",
            "One assessor holds it under a lease; from in review only once the lease has ended.",
        ),
        Move(
            "give-back",
            (State.IN_REVIEW,),
            (State.SUBMITTED,),
            "assessor",
            "Released, skipped, taken back by a moderator or manager, or the lease ended.",
        ),
        Move(
            "mark",
            (State.IN_REVIEW,),
            (State.SUBMITTED, State.MODERATION, *DECIDED),
            "assessor",
            "Back to the queue while another marker is to follow; to moderation where markers disagree or "
            "the decision is sampled; else decided and released.",
        ),
        Move(
            "close",
            (State.SUBMITTED,),
            (State.MODERATION, *DECIDED),
            "manager",
            "The marking policy asks for no more markings than there are: they decide, or a moderator does.",
        ),
        Move(
            "adjudicate",
            (State.MODERATION,),
            DECIDED,
            "moderator",
            "Settles with reasons what the markers disagreed about.",
        ),
        Move("accept", (State.MODERATION,), DECIDED, "moderator", "Releases a decision that was sampled."),
        Move(
            "send-back",
            (State.MODERATION,),
            (State.SUBMITTED,),
            "moderator",
            "Sets the decision aside and returns the work to its assessor with action points.",
        ),
        Move(
            "condemn",
            (State.SUBMITTED, State.MODERATION, *DECIDED),
            (State.REJECTED,),
            "manager",
            "An investigation confirmed the suspicion: whatever was decided is set aside.",
        ),
        Move(
            "overturn",
            DECIDED,
            (State.SUBMITTED,),
            "moderator",
            "An appeal succeeded: the decision is set aside and somebody new marks the work.",
        ),
    )
}


def allows(act: str, state: str) -> bool:
    """Whether ``act`` may be done to a submission in ``state``."""
    return state in MOVES[act].sources
