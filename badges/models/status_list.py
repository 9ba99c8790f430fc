"""A Bitstring status list: one bit for each credential that may be revoked or suspended."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.models import Organisation

LENGTH = 131_072  # bits; the least the W3C recommendation allows, so that one badge hides among many
# A list is closed when half full: random places stay quick to find, and each badge hides among many.
CLOSE_AT = LENGTH // 2
# A list is signed anew at this age although nothing changed: verifiers distrust old lists.
REFRESH = timedelta(hours=12)


class Purpose(models.TextChoices):
    REVOCATION = "revocation", _("revocation")
    SUSPENSION = "suspension", _("suspension")


class StatusListQuerySet(models.QuerySet["StatusList"]):
    def open_for(self, organisation: Organisation, purpose: Purpose) -> "StatusListQuerySet":
        return self.filter(organisation=organisation, purpose=purpose, is_full=False)

    def due(self, now: datetime) -> "StatusListQuerySet":
        """What must be signed: changed since it was, never signed, or signed long ago."""
        return self.filter(
            Q(signed_version__lt=F("version")) | Q(signed_at__isnull=True) | Q(signed_at__lte=now - REFRESH)
        )

    def changed(self) -> None:
        """Withdraw what is signed, in the transaction of the change: nobody is served it any more."""
        self.update(version=F("version") + 1)


class StatusList(models.Model):
    """``version`` grows with each change; ``signed`` is the credential for ``signed_version``.

    ``issuer`` and ``url`` are what the badges of the list name for ever, even when the product moves.
    ``drawn`` counts the places given out; each is given once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="status_lists")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.REVOCATION)
    issuer = models.CharField(max_length=500)
    url = models.CharField(max_length=500)
    drawn = models.PositiveIntegerField(default=0)
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

    @property
    def is_current(self) -> bool:
        """Whether what is signed says all that is known."""
        return self.signed_version == self.version
