"""An appeal: a learner asks that somebody who took no part looks at a decision again."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.programme import OVERSEEING
from assessments.models.submission import in_conflict
from reviews.models.decision import Decision
from reviews.models.review import Review

MAX_REASON = 5000


class Ruling(models.TextChoices):
    UPHELD = "upheld", _("the decision is upheld")
    OVERTURNED = "overturned", _("the decision is overturned")
    LAPSED = "lapsed", _("an investigation put another decision in its place")


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: Any) -> "AppealQuerySet":
        """One's own; those of the programmes that one oversees; once ruled, those on work that one marked.

        Nor any on work that a conflict of interest takes out of one's sight.
        """
        submission = "decision__submission"
        own = Q(**{f"{submission}__learner": user})
        overseen = Q(**{f"{submission}__programme__in": user.grants.any_of(OVERSEEING)})
        assessed = Q(**{f"{submission}__programme__in": user.grants.ids("assess_programme")})
        marked = Review.objects.taking_part(user).order_by().values("submission")
        ruled = assessed & Q(ruled_at__isnull=False, **{f"{submission}__in": marked})
        return self.filter(own | overseen | ruled).exclude(in_conflict(user, f"{submission}__"))

    def open_first(self) -> "AppealQuerySet":
        """Those that wait, the oldest first, then the closed ones, the newest first."""
        waiting = Q(ruling="", withdrawn_at__isnull=True)
        return self.annotate(
            waits=Case(When(waiting, then=F("filed_at")), default=None),
        ).order_by(F("waits").asc(nulls_last=True), "-filed_at", "pk")

    def with_context(self) -> "AppealQuerySet":
        return self.select_related(
            "ruled_by",
            "decision__decided_by",
            "decision__review",
            "decision__submission__learner",
            "decision__submission__programme__organisation",
            "decision__submission__achievement",
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
    def expected_by(self) -> datetime | None:
        """When the programme promises an answer: what it promises for judging holds for appeals too."""
        days: int | None = self.decision.submission.programme.review_days
        return self.filed_at + timedelta(days=days) if days is not None and self.is_open else None

    @property
    def is_overdue(self) -> bool:
        return self.expected_by is not None and self.expected_by < timezone.now()

    @property
    def state(self) -> str:
        """One word for where it stands: open, taken back, or how it was ruled."""
        if self.is_open:
            return "open"
        return self.ruling or "taken_back"

    @property
    def is_open(self) -> bool:
        return self.ruling == "" and self.withdrawn_at is None
