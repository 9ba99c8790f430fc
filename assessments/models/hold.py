"""A hold: work under investigation, of which nothing is judged or released meanwhile."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.submission import Submission

MAX_WORDS = 2000


class Finding(models.TextChoices):
    """How an investigation ended."""

    CLEARED = "cleared", _("nothing was found")
    CONFIRMED = "confirmed", _("the suspicion was confirmed")


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self) -> "HoldQuerySet":
        return self.filter(lifted_at__isnull=True)


class Hold(models.Model):
    """``words`` and ``conclusion`` are for those who oversee the programme; the learner is told that there
    is one, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="holds")
    words = models.TextField(_("suspicion"), max_length=MAX_WORDS)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    finding = models.CharField(_("finding"), max_length=9, choices=Finding, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=MAX_WORDS, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = (
            models.UniqueConstraint(
                fields=["submission"], condition=Q(lifted_at__isnull=True), name="hold_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="hold_has_words"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, finding="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(finding="")),
                name="hold_lifted_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.words[:60]}"
