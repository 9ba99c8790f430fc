"""What people are told about work that is handed in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from workbench.models.notification import Delivery
from workbench.notifying import Kind, page, page_of_subject, tells


def about(submission: Submission) -> dict[str, Any]:
    """The names that a sentence about an attempt needs, in every language."""
    return {"achievement": submission.achievement.names, "programme": submission.programme.names}


SUBMITTED = tells(
    Kind("submitted", _("Work to assess"), Delivery.DIGEST, page("queue"), roles=("assess_programme",))
)
CONFLICT_DECLARED = tells(
    Kind(
        "conflict-declared",
        _("A conflict of interest"),
        Delivery.DIGEST,
        page_of_subject("programme-people"),
        roles=("manage_programme",),
    )
)
EMPLOYER_CHANGED = tells(
    Kind(
        "employer-changed",
        _("Somebody changed their employer"),
        Delivery.DIGEST,
        page_of_subject("programme-people"),
        roles=("manage_programme",),
    )
)
CLAIM_ENDED = tells(
    Kind(
        "claim-ended", _("A review of yours ended"), Delivery.PAGE, page("queue"), roles=("assess_programme",)
    )
)
RESUBMIT_SOON = tells(
    Kind(
        "resubmit-soon",
        _("Your time to hand in again is nearly over"),
        Delivery.AT_ONCE,
        page_of_subject("submission"),
    )
)
RUBRIC_CHANGED = tells(
    Kind(
        "rubric-changed",
        _("You may go on under a new version"),
        Delivery.AT_ONCE,
        page_of_subject("move"),
    )
)
MOVE_ANSWERED = tells(
    Kind(
        "move-answered",
        _("Answers to an offered change of version"),
        Delivery.DIGEST,
        page_of_subject("referential-impact"),
        roles=("manage_programme", "administer_organisation"),
    )
)
MORE_TIME = tells(
    Kind(
        "more-time", _("You have more time to hand in again"), Delivery.AT_ONCE, page_of_subject("submission")
    )
)
