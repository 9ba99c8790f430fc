"""An extension: more time that a learner got to hand in again after a return, and why."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.submission import Submission

MAX_REASON = 1000


class Extension(models.Model):
    """``until`` is the new last moment, ``before`` the one that it took the place of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="extensions")
    before = models.DateTimeField()
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=MAX_REASON)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ("granted_at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("before")), name="extension_is_later_than_before"
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.until:%Y-%m-%d}"
