"""Which policy governs how a piece of work is marked."""

from uuid import UUID

from assessments.models import Submission
from reviews.models import MarkingPolicy


def policy_of(submission: Submission) -> MarkingPolicy:
    """The achievement's own policy in its programme, else the programme's general one, else one assessor."""
    return policy_for(submission.programme_id, submission.achievement_id)


def policy_for(programme: UUID, achievement: UUID) -> MarkingPolicy:
    found = {
        policy.achievement_id: policy
        for policy in MarkingPolicy.objects.filter(programme=programme).select_related("achievement")
        if policy.achievement_id in (None, achievement)
    }
    return found.get(achievement) or found.get(None) or MarkingPolicy(programme_id=programme)
