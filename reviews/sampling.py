"""Which decisions a moderator checks before they are released."""

from collections.abc import Sequence

from assessments.models import Achievement
from reviews.models import Decision, Review, SamplingPolicy


def reasons_to_check(decision: Decision, reviews: Sequence[Review], achievement: Achievement) -> list[str]:
    """The codes of why this decision is to be checked, by its programme's policy; none where nothing asks."""
    policy = SamplingPolicy.objects.filter(programme=decision.submission.programme_id).first()
    if policy is None or (policy.only_approvals and not decision.is_approval):
        return []
    made = Decision.objects.filter(
        submission__programme=decision.submission.programme_id, decided_by=decision.decided_by_id
    ).count()
    return ["first"] if made <= policy.first_decisions else []
