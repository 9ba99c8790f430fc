"""Which of the waiting work a person may be offered: what binds them to it, and how it is shared out."""

from datetime import timedelta

from django.db.models import Case, F, Q, When
from django.db.models.functions import Now, Random

from assessments.models import Skip
from assessments.models.submission import SubmissionQuerySet
from reviews.calibrated import open_to
from reviews.models import AllocationPolicy, Decision, Review, Verification
from reviews.models.allocation import Mode
from workbench.models import User

# In no order: by chance among the oldest few, and by age again once work has waited for some days. So a day
# moves nobody far back, and nothing waits for ever.
WINDOW = 10
PATIENCE = timedelta(days=3)


def fit_for(queue: SubmissionQuerySet, person: User) -> SubmissionQuerySet:
    """Without what the person marked, checked or set aside, nor what a conflict of interest keeps from them.

    Nor what asks for a calibration that they have not passed.
    """
    taken = Q(pk__in=Review.objects.taking_part(person).values("submission"))
    taken |= Q(pk__in=Verification.objects.filter(moderator=person).values("review__submission"))
    taken |= Q(pk__in=Decision.objects.filter(set_aside_by=person).values("submission"))
    return open_to(queue.without_conflict(person).exclude(taken), person)


def offered_to(queue: SubmissionQuerySet, person: User) -> SubmissionQuerySet:
    """What the person may take: fit for them, and neither assigned to others nor still to be shared out."""
    return fit_for(queue.filter(_unreserved(person)), person)


def suited_to(queue: SubmissionQuerySet, person: User) -> SubmissionQuerySet:
    """Without what the person gave back, and without work in a language that they do not read."""
    skipped = Skip.objects.of(person).values("submission")
    queue = queue.exclude(pk__in=skipped)
    if person.reads:
        queue = queue.filter(Q(language="") | Q(language__in=person.reads))
    return queue


def in_no_order(queue: SubmissionQuerySet, person: User) -> SubmissionQuerySet | None:
    """The next few of ``queue`` by chance, where the programme of the oldest asks for it; else None."""
    policies = AllocationPolicy.objects.filter(
        random_order=True, programme__in=person.grants.ids("assess_programme")
    )
    shuffled = set(policies.values_list("programme", flat=True))
    if not shuffled:
        return None
    free = queue.claimable()
    oldest = free.oldest_first().values_list("programme", flat=True).first()
    if oldest not in shuffled:
        return None
    free = free.filter(programme=oldest)
    window = free.oldest_first().values("pk")[:WINDOW]
    by_age = Case(When(submitted_at__lt=Now() - PATIENCE, then=F("submitted_at")))
    return free.filter(pk__in=window).order_by(by_age.asc(nulls_last=True), Random())


def _unreserved(person: User) -> Q:
    """Assigned to the person or held by them; or free: opened to all, or in a programme that assigns none."""
    assigning = AllocationPolicy.objects.exclude(mode=Mode.PULL).values("programme")
    free = Q(assigned_to__isnull=True) & (Q(freed_at__isnull=False) | ~Q(programme__in=assigning))
    return free | Q(assigned_to=person) | Q(claimed_by=person)
