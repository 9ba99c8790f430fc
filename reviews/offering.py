"""Which of the waiting work a person may be offered: what binds them to it, and how it is shared out."""

from django.db.models import Q

from assessments.models.submission import SubmissionQuerySet
from reviews.models import Review
from workbench.models import User


def offered_to(queue: SubmissionQuerySet, person: User) -> SubmissionQuerySet:
    """Without the work that the person marked already, and without what is assigned to somebody else."""
    taken = Review.objects.taking_part(person).values("submission")
    mine = Q(assigned_to__isnull=True) | Q(assigned_to=person)
    return queue.filter(mine).without_conflict(person).exclude(pk__in=taken)
