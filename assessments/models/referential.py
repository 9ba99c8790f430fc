"""A competency referential: the CASE ``CFDocument`` with its items and associations."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.languages import Localised, TextsField
from workbench.models import Organisation


class AdoptionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ADOPTED = "adopted", _("adopted")
    DEPRECATED = "deprecated", _("deprecated")


class ReferentialQuerySet(models.QuerySet["Referential"]):
    def public(self) -> "ReferentialQuerySet":
        """What anyone may read: adopted once, and still readable when deprecated."""
        return self.exclude(adoption_status=AdoptionStatus.DRAFT)

    def visible_to(self, user: Any) -> "ReferentialQuerySet":
        if not user.is_authenticated:
            return self.public()
        own = models.Q(organisation__in=user.grants.ids("administer_organisation"))
        return self.filter(own | ~models.Q(adoption_status=AdoptionStatus.DRAFT))

    def versions_of(self, organisation: Organisation, identifier: uuid.UUID) -> "ReferentialQuerySet":
        return self.filter(organisation=organisation, identifier=identifier).order_by("-created_at")

    def current(self) -> "ReferentialQuerySet":
        return self.filter(replaced_by=None)


class Referential(models.Model):
    """One version of a framework. ``identifier`` is CASE's and stays the same from version to version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="referentials")
    identifier = models.UUIDField(_("CASE identifier"))
    version = models.CharField(_("version"), max_length=250)
    titles = TextsField(_("title"))
    descriptions = TextsField(_("description"), blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    adoption_status = models.CharField(
        _("adoption status"), max_length=12, choices=AdoptionStatus, default=AdoptionStatus.DRAFT
    )
    licence_title = models.CharField(_("licence"), max_length=1000, blank=True)
    licence_url = models.URLField(max_length=2000, blank=True)
    creator = models.CharField(_("creator"), max_length=1000, blank=True)
    publisher = models.CharField(_("publisher"), max_length=1000, blank=True)
    official_source_url = models.URLField(max_length=2000, blank=True)
    notes = models.TextField(blank=True)
    last_change = models.DateTimeField(default=timezone.now)
    case_version = models.CharField(max_length=4, default="1.1")
    extra = models.JSONField(default=dict, help_text="CASE members that are kept for export only")
    content_digest = models.CharField(max_length=64, help_text="SHA-256 of the imported records")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    created_at = models.DateTimeField(default=timezone.now)

    title = Localised("titles")
    description = Localised("descriptions")

    objects = ReferentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("referential")
        verbose_name_plural = _("referentials")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "identifier", "version"], name="referential_version_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(replaced_by=models.F("id")), name="referential_not_its_own_successor"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.adoption_status == AdoptionStatus.DRAFT

    @property
    def is_adopted(self) -> bool:
        return self.adoption_status == AdoptionStatus.ADOPTED

    @property
    def is_public(self) -> bool:
        return not self.is_draft

    @property
    def is_current(self) -> bool:
        return self.replaced_by_id is None


class Competency(models.Model):
    """A CASE ``CFItem``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referential = models.ForeignKey(Referential, models.CASCADE, related_name="competencies")
    identifier = models.UUIDField(_("CASE identifier"))
    human_code = models.CharField(_("code"), max_length=200, blank=True)
    full_statements = TextsField(_("full statement"))
    abbreviated_statements = TextsField(_("short statement"), blank=True)
    type = models.CharField(_("type"), max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)
    enumeration = models.CharField(max_length=200, blank=True)
    education_levels = models.JSONField(default=list)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=0, help_text="place among its siblings")
    order = models.PositiveIntegerField(default=0, help_text="place in the imported list")
    notes = models.TextField(blank=True)
    extra = models.JSONField(default=dict)

    full_statement = Localised("full_statements")
    abbreviated_statement = Localised("abbreviated_statements")

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["referential", "identifier"], name="competency_once"),)

    def __str__(self) -> str:
        return f"{self.human_code} {self.name}".strip()

    @property
    def name(self) -> str:
        return self.abbreviated_statement or self.full_statement


class AssociationQuerySet(models.QuerySet["Association"]):
    def alignments(self) -> "AssociationQuerySet":
        """Relations from our competencies to items of other frameworks (ESCO, e-CF, NICE …)."""
        return self.filter(
            competency__isnull=False, destination__isnull=True, type__in=Association.ALIGNING
        ).exclude(destination_uri="")


class Association(models.Model):
    """A CASE ``CFAssociation``, inside the referential or to another framework."""

    ALIGNING = ("exactMatchOf", "isRelatedTo", "isPeerOf", "isPartOf")

    referential = models.ForeignKey(Referential, models.CASCADE, related_name="associations")
    identifier = models.UUIDField()
    type = models.CharField(max_length=200)
    origin_identifier = models.CharField(max_length=2000)
    origin_uri = models.CharField(max_length=2000, blank=True)
    origin_title = models.CharField(max_length=1000, blank=True)
    destination_identifier = models.CharField(max_length=2000)
    destination_uri = models.CharField(max_length=2000, blank=True)
    destination_title = models.CharField(max_length=1000, blank=True)
    sequence = models.IntegerField(null=True, blank=True)
    grouping = models.CharField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0, help_text="place in the imported list")
    competency = models.ForeignKey(Competency, models.CASCADE, null=True, related_name="associations")
    destination = models.ForeignKey(Competency, models.CASCADE, null=True, related_name="+")
    extra = models.JSONField(default=dict)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["referential", "identifier"], name="association_once"),
        )

    def __str__(self) -> str:
        return f"{self.origin_identifier} {self.type} {self.destination_identifier}"
