"""A review: one assessor's claim on one submission, with the scores given under it."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Level, Submission
from assessments.models.lifecycle import QUEUED, State
from assessments.models.programme import OVERSEEING
from assessments.models.submission import in_conflict


class ReviewState(models.TextChoices):
    OPEN = "open", _("open")
    RELEASED = "released", _("given back")
    EXPIRED = "expired", _("lease ended")
    BROKEN = "broken", _("lock broken by a manager")
    MARKED = "marked", _("marked, others are to follow")
    DECIDED = "decided", _("decided")
    RETURNED = "returned", _("sent back by a moderator")
    SET_ASIDE = "set_aside", _("set aside")


class ReviewKind(models.TextChoices):
    """Whether somebody marked the work, or settled on what the markers disagreed about."""

    MARKING = "marking", _("marking")
    ADJUDICATION = "adjudication", _("adjudication")


class EvidenceRule(models.TextChoices):
    """The rules of evidence of vocational assessment, which an assessor answers for."""

    VALID = "valid", _("valid: the evidence shows what the criteria ask")
    AUTHENTIC = "authentic", _("authentic: it is the learner's own work")
    CURRENT = "current", _("current: it shows what the learner can do now")
    SUFFICIENT = "sufficient", _("sufficient: there is enough of it to judge every criterion")


# A marking that counts: finished, and neither sent back nor set aside since.
COMPLETE = (ReviewState.MARKED, ReviewState.DECIDED)
# Begun, and left to others.
LEFT = (ReviewState.RELEASED, ReviewState.EXPIRED, ReviewState.BROKEN)


def hidden_from(user: Any, through: str = "") -> Q:
    """The blind marking of others, until the decision is released, where one marks oneself.

    Whoever assesses in the programme may still come to mark what waits; whoever marked it waits for the
    others. ``through`` leads to the review.
    """
    waits = Q(**{f"{through}submission__state__in": (*QUEUED, State.MODERATION)})
    may_mark = Q(**{f"{through}submission__programme__in": user.grants.ids("assess_programme")})
    may_mark &= Q(**{f"{through}submission__state__in": QUEUED})
    took_part = Review.objects.taking_part(user).order_by().values("submission")
    marks = may_mark | Q(**{f"{through}submission__in": took_part})
    return Q(**{f"{through}blind": True}) & waits & marks & ~Q(**{f"{through}assessor": user.pk})


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """One's own, and those in programmes one moderates or manages; never those of one's own work.

        Nor those of work that a conflict of interest keeps one from judging, nor what ``hidden_from`` says.
        """
        overseen = Q(submission__programme__in=user.grants.any_of(OVERSEEING))
        mine = self.filter(Q(assessor=user) | overseen & ~hidden_from(user))
        mine = mine.exclude(submission__learner=user)
        return mine.exclude(in_conflict(user, "submission__"))

    def open(self) -> "ReviewQuerySet":
        return self.filter(state=ReviewState.OPEN)

    def complete(self) -> "ReviewQuerySet":
        """Finished markings that count: neither sent back nor set aside."""
        return self.filter(kind=ReviewKind.MARKING, state__in=COMPLETE)

    def taking_part(self, user: Any) -> "ReviewQuerySet":
        """Those by which a person took part in judging, also where the decision was set aside since."""
        return self.filter(assessor=user, state__in=(*COMPLETE, ReviewState.SET_ASIDE))

    def judging(self, user: Any) -> "ReviewQuerySet":
        """Those by which a person judges or judged, also what came back to them; not what they gave back."""
        return self.filter(assessor=user).exclude(state__in=LEFT)

    def with_context(self) -> "ReviewQuerySet":
        return self.select_related(
            "assessor",
            "submission__learner",
            "submission__programme__organisation",
            "submission__achievement__rubric",
        )


class Review(models.Model):
    """``fence`` is the submission's number at the claim; ``version`` grows with every saved change.

    ``outcome`` is what the marker would decide, once marked. ``blind`` keeps it from other markers until the
    decision. ``met`` are the rules of evidence that the marker confirmed. ``seconds`` on the task are for
    planning work, never for judging people; ``active_at`` is when they were last counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    fence = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.OPEN)
    feedback = models.TextField(_("feedback to the learner"), max_length=10_000, blank=True)
    kind = models.CharField(max_length=12, choices=ReviewKind, default=ReviewKind.MARKING)
    outcome = models.CharField(_("outcome"), max_length=8, blank=True)
    blind = models.BooleanField(default=False)
    met = models.JSONField(_("rules of evidence confirmed"), default=list, blank=True)
    seconds = models.PositiveIntegerField(_("time on task, in seconds"), default=0)
    active_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.UniqueConstraint(fields=["submission"], condition=Q(state="open"), name="review_one_open"),
            models.UniqueConstraint(fields=["submission", "fence"], name="review_fence_once"),
            models.UniqueConstraint(
                fields=["submission", "assessor"],
                condition=Q(kind="marking", state__in=["marked", "decided"]),
                name="review_marked_once_each",
            ),
            models.CheckConstraint(
                condition=~Q(state="marked") | ~Q(outcome=""), name="review_marked_has_outcome"
            ),
        )
        indexes = (models.Index(fields=["assessor", "claimed_at"], name="review_of_assessor"),)

    def __str__(self) -> str:
        return f"{self.assessor}: {self.submission}"

    @property
    def is_open(self) -> bool:
        return self.state == ReviewState.OPEN

    @property
    def holds_lease(self) -> bool:
        """Whether nobody has taken the submission since; the lease itself may have run out."""
        return self.is_open and self.submission.fence == self.fence

    @property
    def lease_until(self) -> datetime | None:
        return self.submission.lease_until if self.holds_lease else None


class Score(models.Model):
    """One criterion's level and comment; either may still be missing while the review is open."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(_("comment"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ("criterion__position", "id")
        constraints = (models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),)

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"
