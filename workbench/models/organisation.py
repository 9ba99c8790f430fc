"""An organisation: it owns referentials and programmes, and signs badges as their issuer."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from workbench.grants import Grants
from workbench.languages import Localised, TextsField


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def administered_by(self, grants: Grants) -> "OrganisationQuerySet":
        return self.filter(pk__in=grants.ids("administer_organisation"))


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=200)
    descriptions = TextsField(_("description"), blank=True)
    url = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("email address"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)

    description = Localised("descriptions")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        permissions = (("administer_organisation", "May administer the organisation"),)

    def __str__(self) -> str:
        return self.name
