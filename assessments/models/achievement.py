"""An achievement: what can be earned, by which competencies, rubric and award rule."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessments.models.referential import Competency
from assessments.models.rubric import Criterion, Level, Rubric
from workbench.languages import Localised, TextsField
from workbench.models import Organisation


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def visible_to(self, user: Any) -> "AchievementQuerySet":
        """Achievements are published: anyone who follows a badge must be able to read what it asked."""
        return self

    def with_rubric(self) -> "AchievementQuerySet":
        return self.select_related("organisation", "rubric__referential").prefetch_related(
            "rubric__criteria__levels", "rubric__criteria__competency", "required_levels"
        )


class Achievement(models.Model):
    """The OB 3.0 ``Achievement``. It keeps the rubric version it was defined with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="achievements")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="achievements")
    competencies = models.ManyToManyField(Competency, related_name="achievements", blank=True)
    code = models.SlugField(_("code"), max_length=60)
    version = models.CharField(_("version"), max_length=20, default="1.0")
    names = TextsField(_("name"))
    descriptions = TextsField(_("description"))
    narratives = TextsField(_("criteria narrative"))
    achievement_type = models.CharField(_("type"), max_length=60, default="Competency")
    tags = models.JSONField(_("tags"), default=list, blank=True)
    image = models.CharField(
        _("image"), max_length=64, blank=True, help_text="digest of an uploaded PNG; else drawn"
    )
    minimum_total = models.DecimalField(
        _("least weighted total, in percent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    validity = models.DurationField(_("validity"), null=True, blank=True)
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"), null=True, blank=True)
    # The version before this one, which an organisation may let its learners leave.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name=_("replaces")
    )
    created_at = models.DateTimeField(default=timezone.now)

    name = Localised("names")
    description = Localised("descriptions")
    narrative = Localised("narratives")

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "code", "version"], name="achievement_version_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @cached_property
    def criteria(self) -> list[Criterion]:
        """The rubric's criteria in order, each with its levels (use ``with_rubric`` to fetch them)."""
        return list(self.rubric.criteria.all())

    @cached_property
    def required_by_criterion(self) -> dict[uuid.UUID, uuid.UUID]:
        """The id of the lowest passing level by criterion id."""
        return {row.criterion_id: row.level_id for row in self.required_levels.all()}


class RequiredLevel(models.Model):
    """Part of the award rule: the lowest level at which a criterion passes."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="required_levels")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("required level")
        verbose_name_plural = _("required levels")
        constraints = (
            models.UniqueConstraint(fields=["achievement", "criterion"], name="required_level_once"),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"
