"""Keep from assessors whose work they judge, where the marking policy says so, until it is released."""

from uuid import UUID

from assessments.models import Submission
from assessments.models.lifecycle import QUEUED, State
from assessments.models.programme import OVERSEEING
from assessments.naming import veils
from reviews.models import MarkingPolicy
from workbench.models import User

UNRELEASED = (*QUEUED, State.MODERATION)
# By achievement; None stands for all that have no policy of their own.
Hiding = dict[UUID | None, bool]


@veils
def hides_learner(submission: Submission, reader: User) -> bool:
    """From whoever neither oversees the programme nor is the learner.

    Work that a learner took back was never released. As long as a later attempt waits, the name is kept on
    the earlier ones too: they would tell it.
    """
    if submission.learner_id == getattr(reader, "pk", None):
        return False
    if reader.is_authenticated and submission.programme_id in reader.grants.any_of(OVERSEEING):
        return False
    hiding = _hiding(submission.programme_id, reader)
    if not hiding.get(submission.achievement_id, hiding.get(None, False)):
        return False
    if submission.state in (*UNRELEASED, State.WITHDRAWN):
        return True
    return (submission.learner_id, submission.achievement_id) in _waiting(submission.programme_id, reader)


def _hiding(programme: UUID, reader: User) -> Hiding:
    """Asked once a request of the reader: pages and lists name many learners."""
    known: dict[UUID, Hiding] = reader.__dict__.setdefault("_hiding", {})
    if programme not in known:
        wanted = {programme} | (reader.grants.ids("assess_programme") if reader.is_authenticated else set())
        known |= {one: {} for one in wanted}
        rows = MarkingPolicy.objects.filter(programme__in=wanted)
        for one, achievement, hides in rows.values_list("programme", "achievement", "hides_learner"):
            known[one][achievement] = hides
    return known[programme]


def _waiting(programme: UUID, reader: User) -> set[tuple[UUID, UUID]]:
    """Whose work on which achievement of a programme is not released yet."""
    known: dict[UUID, set[tuple[UUID, UUID]]] = reader.__dict__.setdefault("_waiting", {})
    if programme not in known:
        rows = Submission.objects.filter(programme=programme, state__in=UNRELEASED).order_by()
        known[programme] = set(rows.values_list("learner", "achievement"))
    return known[programme]
