"""A flag: somebody asks for a second look at a piece of work, with a note that its learner never reads."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Submission
from reviews.models.review import Review, hidden_from

MAX_NOTE = 1000


class FlagQuerySet(models.QuerySet["Flag"]):
    def raised(self) -> "FlagQuerySet":
        return self.filter(cleared_at__isnull=True)

    def told_to(self, user: Any) -> "FlagQuerySet":
        """Without those by which a blind marker would tell another what they think of the work."""
        hidden = Review.objects.filter(
            hidden_from(user), submission=OuterRef("submission"), assessor=OuterRef("flagged_by")
        )
        return self.exclude(Exists(hidden.order_by()))


class Flag(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="flags")
    note = models.CharField(_("note"), max_length=MAX_NOTE)
    flagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField(default=timezone.now)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = (
            models.UniqueConstraint(
                fields=["submission"], condition=Q(cleared_at__isnull=True), name="flag_one_raised"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="flag_has_note"),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="flag_cleared_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.note[:60]}"
