"""What a badge was signed with before it was signed again: the holder's older copies are known by it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from badges.models.credential import Credential
from badges.models.signing_key import SigningKey
from badges.models.status_list import StatusList


class FormerSignature(models.Model):
    """One of the two signed forms, byte for byte as it was served until ``replaced_at``.

    A badge whose issuer is a did:key got another issuer with its new key, so another list: its former place
    stays taken, and stays marked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="former_signatures")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    text = models.TextField()
    signed_at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    status_list = models.ForeignKey(
        StatusList, models.PROTECT, null=True, blank=True, related_name="former_places"
    )
    status_index = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("former signature")
        verbose_name_plural = _("former signatures")
        constraints = (
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="former_signature_place_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id} {self.replaced_at:%Y-%m-%d}"
