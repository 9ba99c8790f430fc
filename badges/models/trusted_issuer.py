"""An issuer elsewhere that an organisation here knows and vouches for."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.models import Organisation

MAX_IDENTIFIER = 500


class TrustedIssuerQuerySet(models.QuerySet["TrustedIssuer"]):
    def named(self, identifier: str) -> "TrustedIssuerQuerySet":
        """The entries of all organisations about one issuer."""
        return (
            self.filter(identifier=identifier).select_related("organisation").order_by("organisation__name")
        )


class TrustedIssuer(models.Model):
    """``identifier`` is what the issuer's badges name: its DID, or the https address of its profile."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="trusted_issuers")
    identifier = models.CharField(_("identifier"), max_length=MAX_IDENTIFIER)
    name = models.CharField(_("name"), max_length=200)
    note = models.CharField(_("how you know it is theirs"), max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = TrustedIssuerQuerySet.as_manager()

    class Meta:
        verbose_name = _("known partner")
        verbose_name_plural = _("known partners")
        ordering = ("name", "identifier")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "identifier"], name="trusted_issuer_once"),
        )
        indexes = (models.Index(fields=["identifier"], name="trusted_issuer_identifier"),)

    def __str__(self) -> str:
        return self.name
