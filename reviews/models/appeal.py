"""An appeal: a learner asks that somebody who took no part looks at a decision again."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.programme import OVERSEEING
from reviews.models.decision import Decision

MAX_REASON = 5000


class Ruling(models.TextChoices):
    UPHELD = "upheld", _("the decision is upheld")
    OVERTURNED = "overturned", _("the decision is overturned")
    LAPSED = "lapsed", _("an investigation put another decision in its place")


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: Any) -> "AppealQuerySet":
        """One's own, and those of the programmes that one oversees."""
        return self.filter(
            Q(decision__submission__learner=user)
            | Q(decision__submission__programme__in=user.grants.any_of(OVERSEEING))
        )

    def open(self) -> "AppealQuerySet":
        return self.filter(ruling="", withdrawn_at__isnull=True)


class Appeal(models.Model):
    """One a decision, open until somebody who took no part rules on it or the learner takes it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    reason = models.TextField(_("reason"), max_length=MAX_REASON)
    filed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ruling = models.CharField(_("ruling"), max_length=10, choices=Ruling, blank=True)
    words = models.TextField(_("reasons of the ruling"), max_length=MAX_REASON, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="appeal_has_reason"),
            models.CheckConstraint(
                condition=Q(ruling="", ruled_at__isnull=True, ruled_by__isnull=True)
                | (
                    ~Q(ruling="")
                    & ~Q(words="")
                    & Q(ruled_at__isnull=False, ruled_by__isnull=False, withdrawn_at__isnull=True)
                ),
                name="appeal_ruled_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.ruling or 'open'}"

    @property
    def is_open(self) -> bool:
        return self.ruling == "" and self.withdrawn_at is None
