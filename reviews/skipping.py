"""Give work back with a reason, so that it is not offered to the same person again."""

from collections import defaultdict
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme, Skip
from assessments.models.programme import OVERSEEING
from assessments.models.skip import MAX_WORDS, Reason
from reviews.claiming import give_back
from reviews.models import Review
from reviews.models.review import ReviewState
from reviews.permissions import can_score
from reviews.queueing import WAITING, queue_of
from reviews.scoring import kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.models import User


@transaction.atomic
def skip(review: Review, *, reason: str, words: str = "", by: User) -> Skip:
    """Put the work back for others. A conflict of interest takes it out of the person's sight for good.

    The trail holds the code of the reason alone. Raises DomainError ``unknown-reason``, ``words-missing``,
    ``text-too-long`` or ``lease-lost``.
    """
    require(can_score, by, review)
    words = " ".join(kept_text(words, limit=MAX_WORDS).split())
    if reason not in Reason.values:
        raise invalid("unknown-reason", _("Choose why you do not review this work."))
    if reason == Reason.OTHER and not words:
        raise invalid("words-missing", _("Say in a few words why you do not review this work."))
    give_back(review, ReviewState.RELEASED)
    told = {"reason": reason, "words": words, "skipped_at": timezone.now()}
    skipped, _created = Skip.objects.update_or_create(submission=review.submission, person=by, defaults=told)
    record(by, "skipped", review.submission, review=str(review.pk), reason=reason)
    return skipped


def skipped_by_all(user: User) -> set[UUID]:
    """Waiting work, of the programmes that a person oversees, that every assessor there skipped."""
    waiting = queue_of(user).filter(WAITING, programme__in=user.grants.any_of(OVERSEEING))
    rows = Skip.objects.filter(submission__in=waiting.values("pk"))
    skippers: dict[tuple[UUID, UUID, UUID], set[UUID]] = defaultdict(set)
    for submission, programme, learner, person in rows.values_list(
        "submission", "submission__programme", "submission__learner", "person"
    ):
        skippers[submission, programme, learner].add(person)
    if not skippers:
        return set()
    assessors = _assessors({programme for _submission, programme, _learner in skippers})
    return {
        submission
        for (submission, programme, learner), people in skippers.items()
        if assessors[programme] - {learner} <= people
    }


def _assessors(programmes: set[UUID]) -> dict[UUID, set[UUID]]:
    """The active assessors of each programme, in one query."""
    label = Programme._meta.label_lower
    names = {f"{label}:{programme}:assessor": programme for programme in programmes}
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Group.objects.filter(name__in=names, user__is_active=True)
    for name, person in rows.values_list("name", "user"):
        found[names[name]].add(person)
    return found
