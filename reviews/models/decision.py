"""The decision on one attempt: who decided what, when, why, from which reviews and which evidence."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.models.programme import OVERSEEING
from assessments.models.submission import in_conflict
from reviews.models.review import Review, hidden_from


class Outcome(models.TextChoices):
    APPROVE = "approve", _("approve")
    RETURN = "return", _("return for revision")
    REJECT = "reject", _("reject")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> "DecisionQuerySet":
        """Those that count: at most one an attempt."""
        return self.filter(standing_for__isnull=False)

    def released(self) -> "DecisionQuerySet":
        return self.standing().filter(released_at__isnull=False)

    def awaiting_moderation(self) -> "DecisionQuerySet":
        """Decided, and held until a moderator has looked."""
        return self.standing().filter(released_at__isnull=True)

    def sampled(self) -> "DecisionQuerySet":
        """Those that a moderator was to check and did or still may: not those withdrawn before."""
        chosen = self.exclude(sampled_for=[])
        return chosen.filter(Q(standing_for__isnull=False) | Q(verifications__isnull=False)).distinct()

    def taken_back(self) -> "DecisionQuerySet":
        """Set aside before anybody read them, and before a moderator looked."""
        return self.filter(standing_for=None, released_at=None, verifications=None)

    def visible_to_marker(self, user: Any) -> "DecisionQuerySet":
        """Without those that tell one marker of the blind marking of others before the release."""
        hidden = Review.objects.filter(hidden_from(user)).order_by().values("submission")
        return self.filter(Q(released_at__isnull=False) | ~Q(submission__in=hidden))

    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Of one's own work once released; else those that one made, and those where one oversees.

        None before its release that rests on the blind marking of others beside one's own.
        """
        staff = Q(submission__programme__in=user.grants.any_of(OVERSEEING)) | Q(decided_by=user)
        learner = Q(submission__learner=user)
        seen = self.filter(staff & ~learner | learner & Q(released_at__isnull=False))
        return seen.visible_to_marker(user).exclude(in_conflict(user, "submission__"))


class Decision(models.Model):
    """``results`` freezes the scores as judged; ``manifest_sha256`` names the evidence judged.

    ``standing_for`` is the attempt as long as the decision stands; once a moderator or an appeal set it aside
    it is empty, and another may take its place. ``review`` is the one that closed the attempt, ``basis`` says
    which reviews it rests on and how each level was formed. ``sampled_for`` are the codes of why a moderator
    is to check it before it is released (see ``sampling``); ``moderated`` whether one took part.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    standing_for = models.OneToOneField(
        Submission, models.PROTECT, null=True, blank=True, related_name="decision"
    )
    review = models.OneToOneField(Review, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    feedback = models.TextField(_("feedback"), max_length=10_000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField()
    total = models.DecimalField(_("weighted total, in percent"), max_digits=5, decimal_places=2, null=True)
    results = models.JSONField(default=list)
    basis = models.JSONField(default=dict)
    sampled_for = models.JSONField(default=list, blank=True)
    moderated = models.BooleanField(default=False)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    manifest_sha256 = models.CharField(max_length=64)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="approve") | ~Q(feedback=""), name="decision_against_has_feedback"
            ),
            models.CheckConstraint(
                condition=Q(standing_for=models.F("submission"), set_aside_at__isnull=True)
                | Q(standing_for__isnull=True, set_aside_at__isnull=False),
                name="decision_stands_or_is_set_aside",
            ),
        )
        indexes = (models.Index(fields=["decided_by", "decided_at"], name="decision_of_assessor"),)

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.submission_id}"

    @property
    def basis_ids(self) -> list[uuid.UUID]:
        """The reviews that it rests on, with the one that closed the attempt."""
        named = [uuid.UUID(one) for one in self.basis.get("reviews", [])]
        return named if self.review_id in named else [*named, self.review_id]

    @property
    def is_standing(self) -> bool:
        return self.standing_for_id is not None

    @property
    def is_released(self) -> bool:
        return self.is_standing and self.released_at is not None

    @property
    def is_approval(self) -> bool:
        return self.outcome == Outcome.APPROVE
