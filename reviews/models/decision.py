"""The decision on one attempt: who decided what, when, why, from which review and which evidence."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from assessments.models.programme import OVERSEEING
from reviews.models.review import Review


class Outcome(models.TextChoices):
    APPROVE = "approve", _("approve")
    RETURN = "return", _("return for revision")
    REJECT = "reject", _("reject")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        staff = Q(submission__programme__in=user.grants.any_of(OVERSEEING)) | Q(decided_by=user)
        return self.filter(staff | Q(submission__learner=user, released_at__isnull=False))


class Decision(models.Model):
    """``results`` freezes the scores as judged; ``manifest_sha256`` names the evidence judged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="decision")
    review = models.OneToOneField(Review, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    feedback = models.TextField(_("feedback"), max_length=10_000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField()
    total = models.DecimalField(_("weighted total, in percent"), max_digits=5, decimal_places=2, null=True)
    results = models.JSONField(default=list)
    manifest_sha256 = models.CharField(max_length=64)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="approve") | ~Q(feedback=""), name="decision_against_has_feedback"
            ),
        )
        indexes = (models.Index(fields=["decided_by", "decided_at"], name="decision_of_assessor"),)

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.submission_id}"

    @property
    def is_approval(self) -> bool:
        return self.outcome == Outcome.APPROVE
