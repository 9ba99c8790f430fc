"""A Bitstring status list: one bit for each credential that may be revoked."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.models import Organisation

LENGTH = 131_072  # bits; the least the W3C recommendation allows, so that one badge hides among many


class StatusListQuerySet(models.QuerySet["StatusList"]):
    def open_for(self, organisation: Organisation) -> "StatusListQuerySet":
        return self.filter(organisation=organisation, is_full=False)


class StatusList(models.Model):
    """``version`` grows with each revocation; ``signed`` is the credential for ``signed_version``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="status_lists")
    purpose = models.CharField(max_length=20, default="revocation")
    is_full = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    signed = models.TextField(blank=True)
    signed_version = models.PositiveIntegerField(default=0)
    signed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = StatusListQuerySet.as_manager()

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "purpose"], condition=Q(is_full=False), name="status_list_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.purpose}"
