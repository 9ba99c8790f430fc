"""A rubric: the CASE ``CFRubric`` with its criteria and their levels."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.referential import Competency, Referential
from workbench.languages import Localised, TextsField


class Rubric(models.Model):
    """Belongs to one version of a referential and is as immutable as it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referential = models.ForeignKey(Referential, models.CASCADE, related_name="rubrics")
    identifier = models.UUIDField(_("CASE identifier"))
    titles = TextsField(_("title"))
    descriptions = TextsField(_("description"), blank=True)
    position = models.PositiveIntegerField(default=0)
    extra = models.JSONField(default=dict)

    title = Localised("titles")
    description = Localised("descriptions")

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["referential", "identifier"], name="rubric_once"),)

    def __str__(self) -> str:
        return self.title

    def counterparts(self, other: "Rubric") -> dict[uuid.UUID, uuid.UUID]:
        """The ids of the criteria of another version by the ids of those here that stay the same."""
        there = dict(other.criteria.values_list("identifier", "pk"))
        here = self.criteria.values_list("pk", "identifier")
        return {pk: there[identifier] for pk, identifier in here if identifier in there}


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def with_levels(self) -> "CriterionQuerySet":
        return self.select_related("competency").prefetch_related("levels")


class Criterion(models.Model):
    """A CASE ``CFRubricCriterion``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    identifier = models.UUIDField(_("CASE identifier"))
    code = models.CharField(_("code"), max_length=200, blank=True)
    titles = TextsField(_("title"))
    descriptions = TextsField(_("description"), blank=True)
    competency = models.ForeignKey(Competency, models.SET_NULL, null=True, related_name="criteria")
    weight = models.DecimalField(_("weight"), max_digits=14, decimal_places=6, null=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    extra = models.JSONField(default=dict)

    title = Localised("titles")
    description = Localised("descriptions")

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ("position", "code")
        constraints = (models.UniqueConstraint(fields=["rubric", "identifier"], name="criterion_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class Level(models.Model):
    """A CASE ``CFRubricCriterionLevel``; positions ascend with quality."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels")
    identifier = models.UUIDField(_("CASE identifier"))
    qualities = TextsField(_("quality"))
    descriptions = TextsField(_("description"), blank=True)
    feedbacks = TextsField(_("feedback"), blank=True)
    points = models.DecimalField(_("points"), max_digits=14, decimal_places=6, null=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    extra = models.JSONField(default=dict)

    quality = Localised("qualities")
    description = Localised("descriptions")
    feedback = Localised("feedbacks")

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["criterion", "identifier"], name="level_once"),
            models.UniqueConstraint(fields=["criterion", "position"], name="level_position_once"),
        )

    def __str__(self) -> str:
        return self.quality
