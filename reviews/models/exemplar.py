"""Exemplars: work with agreed levels and reasons, by which assessors set their scale."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Level, Programme, Submission
from assessments.models.programme import OVERSEEING, STAFF
from reviews.models.decision import Decision
from reviews.models.review import COMPLETE, Review, ReviewState
from reviews.models.verification import Verification

MAX_REASON = 2000
MAX_NAME = 120
# The wording of the question to the learner: a new one has a new number.
CONSENT_VERSION = "2026-11"
# When no other exemplar is left, one that was failed may be tried again after this long.
RETRY_AFTER = timedelta(days=7)


class ExemplarQuerySet(models.QuerySet["Exemplar"]):
    def visible_to(self, user: Any) -> "ExemplarQuerySet":
        """Those of the programmes one works in; drafts for overseers alone.

        Never one made of one's own work, or of work on which a conflict of interest binds.
        """
        overseen = Q(programme__in=user.grants.any_of(OVERSEEING))
        published = Q(programme__in=user.grants.any_of(STAFF), published_at__isnull=False)
        work = Submission.objects.visible_to(user).exclude(learner=user)
        return self.filter(overseen | published, submission__in=work.values("pk"))

    def in_use(self) -> "ExemplarQuerySet":
        return self.filter(published_at__isnull=False, retired_at__isnull=True)

    def known_to_person(self, user: Any) -> "ExemplarQuerySet":
        """Those that cannot calibrate a person, who judged, checked or agreed on this work."""
        taken_part = (*COMPLETE, ReviewState.SET_ASIDE, ReviewState.RETURNED)
        judged = Review.objects.filter(assessor=user, state__in=taken_part)
        decided = Decision.objects.filter(decided_by=user)
        checked = Verification.objects.filter(moderator=user)
        agreed = Exemplar.known_to.through.objects.filter(user=user)
        return self.filter(
            Q(submission__in=judged.values("submission"))
            | Q(submission__in=decided.values("submission"))
            | Q(submission__in=checked.values("review__submission"))
            | Q(submission__in=agreed.values("exemplar__submission"))
        )

    def with_context(self) -> "ExemplarQuerySet":
        return self.select_related("programme", "submission__achievement", "submission__learner", "made_by")


class Exemplar(models.Model):
    """Made from work that was handed in, whose learner stays unnamed and has to agree.

    Published it never changes: what is to be corrected becomes a new one that ``replaces`` it. ``known_to``
    are the people who worked on its levels or looked at them, and can no longer be calibrated by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="exemplars")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="exemplars")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replacements")
    name = models.CharField(_("name"), max_length=MAX_NAME)
    note = models.TextField(_("what it shows"), max_length=MAX_REASON, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    known_to = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ExemplarQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemplar")
        verbose_name_plural = _("exemplars")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="exemplar_has_name"),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(published_at__isnull=True, retired_at__isnull=True),
                name="exemplar_one_draft",
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(published_at__isnull=False, retired_at__isnull=True),
                name="exemplar_one_in_use",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(retired_at__isnull=False)
                | Q(consent_at__isnull=False, refused_at__isnull=True) & ~Q(consent_version=""),
                name="exemplar_in_use_with_consent",
            ),
        )
        indexes = (
            models.Index(
                fields=["programme"],
                condition=Q(published_at__isnull=False, retired_at__isnull=True),
                name="exemplar_in_use",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        return self.published_at is not None and self.retired_at is None

    @property
    def is_draft(self) -> bool:
        return self.published_at is None and self.retired_at is None

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def has_consent(self) -> bool:
        return self.consent_at is not None and self.refused_at is None


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


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def visible_to(self, user: Any) -> "CalibrationQuerySet":
        """One's own, and those of the programmes one oversees."""
        return self.filter(
            Q(assessor=user) | Q(exemplar__programme__in=user.grants.any_of(OVERSEEING)),
            exemplar__in=Exemplar.objects.visible_to(user).values("pk"),
        )

    def scored(self) -> "CalibrationQuerySet":
        return self.filter(scored_at__isnull=False)

    def open(self) -> "CalibrationQuerySet":
        return self.filter(scored_at__isnull=True)

    def with_context(self) -> "CalibrationQuerySet":
        return self.select_related(
            "assessor", "exemplar__programme", "exemplar__submission__achievement", "exemplar__made_by"
        )


class Calibration(models.Model):
    """One assessor's scoring of one exemplar; each try is kept, and the exemplar's answer is shown after it.

    ``exact`` and ``adjacent`` count the criteria hit exactly and those one level beside, of ``criteria``.
    ``version`` grows with every saved change. ``reopened_at`` is when somebody let the assessor try again
    before the time was over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exemplar = models.ForeignKey(Exemplar, models.PROTECT, related_name="calibrations")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calibrations")
    attempt = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    scored_at = models.DateTimeField(null=True, blank=True)
    exact = models.PositiveSmallIntegerField(default=0)
    adjacent = models.PositiveSmallIntegerField(default=0)
    criteria = models.PositiveSmallIntegerField(default=0)
    passed = models.BooleanField(default=False)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CalibrationQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(criteria__gte=models.F("exact") + models.F("adjacent")),
                name="calibration_counts_fit",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False, passed=False),
                name="calibration_reopened_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["assessor", "scored_at"], name="calibration_of_assessor"),)

    def __str__(self) -> str:
        return f"{self.assessor}: {self.exemplar}"

    @property
    def is_open(self) -> bool:
        return self.scored_at is None

    @property
    def far(self) -> int:
        """How many criteria lie more than one level away."""
        return self.criteria - self.exact - self.adjacent


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
