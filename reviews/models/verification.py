"""Internal verification: a moderator's check of an assessor's judgement, with what is to be done about it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion
from assessments.models.programme import OVERSEEING
from reviews.models.decision import Decision
from reviews.models.review import Review

MAX_WORDS = 5000
MAX_POINT = 1000


class Stage(models.TextChoices):
    INTERIM = "interim", _("interim, while the work is being assessed")
    SUMMATIVE = "summative", _("summative, before the decision is released")


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned with action points")


class VerificationQuerySet(models.QuerySet["Verification"]):
    def visible_to(self, user: Any) -> "VerificationQuerySet":
        """Those of the programmes that a person oversees, and those of one's own judgement."""
        overseen = Q(review__submission__programme__in=user.grants.any_of(OVERSEEING))
        return self.filter(overseen | Q(review__assessor=user)).exclude(review__submission__learner=user)


class Verification(models.Model):
    """``decision`` is the one that was checked; an interim check comes before there is one.

    ``met`` are the rules of evidence that the moderator found kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="verifications")
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="verifications")
    stage = models.CharField(_("stage"), max_length=9, choices=Stage)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    met = models.JSONField(_("rules of evidence kept"), default=list, blank=True)
    words = models.TextField(_("remarks to the assessor"), max_length=MAX_WORDS, blank=True)
    verified_at = models.DateTimeField(default=timezone.now)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = (
            models.UniqueConstraint(
                fields=["decision"], condition=Q(stage="summative"), name="verification_summative_once"
            ),
            models.CheckConstraint(
                condition=Q(stage="interim") | Q(decision__isnull=False), name="verification_of_a_decision"
            ),
        )
        indexes = (models.Index(fields=["moderator", "verified_at"], name="verification_of_moderator"),)

    def __str__(self) -> str:
        return f"{self.review_id}: {self.verdict}"


class ActionPoint(models.Model):
    """Something the assessor is asked to do; ``answer`` says what they did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verification = models.ForeignKey(Verification, models.CASCADE, related_name="action_points")
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("action point"), max_length=MAX_POINT)
    answer = models.CharField(_("what I did"), max_length=MAX_POINT, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("action point")
        verbose_name_plural = _("action points")
        ordering = ("criterion__position", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="action_point_has_text"),)

    def __str__(self) -> str:
        return self.text[:60]
