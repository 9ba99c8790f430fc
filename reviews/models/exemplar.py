"""Exemplars: work with agreed levels and reasons, by which assessors set their scale."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Level, Programme, Submission
from assessments.models.programme import STAFF

MAX_REASON = 2000
MAX_NAME = 120


class ExemplarQuerySet(models.QuerySet["Exemplar"]):
    def visible_to(self, user: Any) -> "ExemplarQuerySet":
        """Those of the programmes one works in; never one made of one's own work."""
        return self.filter(programme__in=user.grants.any_of(STAFF)).exclude(submission__learner=user)

    def in_use(self) -> "ExemplarQuerySet":
        return self.filter(published_at__isnull=False, retired_at__isnull=True)


class Exemplar(models.Model):
    """Made from work that was handed in, whose learner stays unnamed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="exemplars")
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="exemplar")
    name = models.CharField(_("name"), max_length=MAX_NAME)
    note = models.TextField(_("what it shows"), max_length=MAX_REASON, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ExemplarQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemplar")
        verbose_name_plural = _("exemplars")
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="exemplar_has_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        return self.published_at is not None and self.retired_at is None


class AgreedLevel(models.Model):
    exemplar = models.ForeignKey(Exemplar, models.CASCADE, related_name="agreed_levels")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    reason = models.TextField(_("why this level"), max_length=MAX_REASON)

    class Meta:
        verbose_name = _("agreed level")
        verbose_name_plural = _("agreed levels")
        ordering = ("criterion__position", "id")
        constraints = (
            models.UniqueConstraint(fields=["exemplar", "criterion"], name="agreed_level_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="agreed_level_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"


class Calibration(models.Model):
    """One assessor's scoring of one exemplar; each try is kept, and the exemplar's answer is shown after it.

    ``exact`` and ``adjacent`` count the criteria hit exactly and within one level, of ``criteria``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exemplar = models.ForeignKey(Exemplar, models.PROTECT, related_name="calibrations")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calibrations")
    attempt = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    scored_at = models.DateTimeField(null=True, blank=True)
    exact = models.PositiveSmallIntegerField(default=0)
    adjacent = models.PositiveSmallIntegerField(default=0)
    criteria = models.PositiveSmallIntegerField(default=0)
    passed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        constraints = (
            models.UniqueConstraint(
                fields=["exemplar", "assessor", "attempt"], name="calibration_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["exemplar", "assessor"],
                condition=Q(scored_at__isnull=True),
                name="calibration_one_open",
            ),
        )
        indexes = (models.Index(fields=["assessor", "scored_at"], name="calibration_of_assessor"),)

    def __str__(self) -> str:
        return f"{self.assessor}: {self.exemplar}"


class CalibrationScore(models.Model):
    calibration = models.ForeignKey(Calibration, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(_("comment"), max_length=MAX_REASON, blank=True)

    class Meta:
        verbose_name = _("score of a calibration")
        verbose_name_plural = _("scores of a calibration")
        ordering = ("criterion__position", "id")
        constraints = (
            models.UniqueConstraint(fields=["calibration", "criterion"], name="calibration_score_once"),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"
