"""An issuer's key; the private half is encrypted at rest."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.models import Organisation


class KeyState(models.TextChoices):
    ACTIVE = "active", _("active")
    RETIRED = "retired", _("retired")


class Algorithm(models.TextChoices):
    """What a key signs: embedded proofs by Ed25519, the JWT form by P-256."""

    ED25519 = "Ed25519", _("Ed25519, for embedded proofs")
    P256 = "P-256", _("P-256, for the JWT form")


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def active(self) -> "SigningKeyQuerySet":
        return self.filter(state=KeyState.ACTIVE)

    def of(self, algorithm: Algorithm) -> "SigningKeyQuerySet":
        return self.filter(algorithm=algorithm)


class SigningKey(models.Model):
    """``public_multibase`` is the Multikey; ``sealed`` is AES-256-GCM under the key-encryption key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signing_keys")
    algorithm = models.CharField(max_length=10, choices=Algorithm, default=Algorithm.ED25519)
    version = models.PositiveIntegerField(default=1)
    public_multibase = models.CharField(max_length=80, unique=True)
    sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=KeyState, default=KeyState.ACTIVE)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ("organisation", "version", "algorithm")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "algorithm", "version"], name="signing_key_version_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "algorithm"],
                condition=Q(state="active"),
                name="signing_key_one_active",
            ),
            models.CheckConstraint(
                condition=Q(algorithm__in=["Ed25519", "P-256"]), name="signing_key_algorithm_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.algorithm} {self.version}"

    @property
    def associated_data(self) -> str:
        """What the ciphertext is bound to: moved to another row, it does not open."""
        return f"{self.organisation_id}|{self.pk}|{self.version}"
