"""One line of an issuer's key register: what was done with a key, when, by whom, before which witnesses."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from badges.models.signing_key import SigningKey
from workbench.models import Organisation


class Act(models.TextChoices):
    MADE = "made", _("made")
    ACTIVATED = "activated", _("put into service")
    RETIRED = "retired", _("retired")
    COMPROMISED = "compromised", _("reported as compromised")
    REWRAPPED = "rewrapped", _("sealed under a new key-encryption key")
    RESIGNED = "resigned", _("its badges signed again")


class KeyAct(models.Model):
    """``event`` is the sequence number in the audit trail, which nobody can change.

    Witnesses' names and the note may have to be taken out one day, so the trail holds only their digest with
    ``salt``: while they stand here it proves them, and without the salt it says nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="key_acts")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="acts")
    act = models.CharField(max_length=12, choices=Act)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    event = models.BigIntegerField(unique=True)
    witnesses = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    salt = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("entry of the key register")
        verbose_name_plural = _("entries of the key register")
        ordering = ("event",)

    def __str__(self) -> str:
        return f"{self.event} {self.act} {self.key_id}"

    @property
    def digest(self) -> str:
        """What the trail holds of witnesses and note; empty where nothing was written."""
        if not self.salt:
            return ""
        told = "\0".join((self.salt, self.witnesses, self.note))
        return hashlib.sha256(told.encode()).hexdigest()
