"""An issuer's key; its private half is sealed at rest, or never leaves the device that made it."""

import hashlib
import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.models import Organisation


class KeyState(models.TextChoices):
    """``pending`` is published and does not sign yet, so that others know a key before they meet it."""

    PENDING = "pending", _("made ahead")
    ACTIVE = "active", _("active")
    RETIRED = "retired", _("retired")
    COMPROMISED = "compromised", _("compromised")


class Algorithm(models.TextChoices):
    """What a key signs: embedded proofs by Ed25519, the JWT form by P-256."""

    ED25519 = "Ed25519", _("Ed25519, for embedded proofs")
    P256 = "P-256", _("P-256, for the JWT form")


class Keeper(models.TextChoices):
    """Where the private half is: sealed in this table, or inside a device behind PKCS#11."""

    LOCAL = "local", _("sealed in the database")
    PKCS11 = "pkcs11", _("in a security module")


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def active(self) -> "SigningKeyQuerySet":
        return self.filter(state=KeyState.ACTIVE)

    def pending(self) -> "SigningKeyQuerySet":
        return self.filter(state=KeyState.PENDING)

    def compromised(self) -> "SigningKeyQuerySet":
        return self.filter(state=KeyState.COMPROMISED)

    def of(self, algorithm: Algorithm) -> "SigningKeyQuerySet":
        return self.filter(algorithm=algorithm)

    def sealed_here(self) -> "SigningKeyQuerySet":
        return self.filter(keeper=Keeper.LOCAL)


class SigningKey(models.Model):
    """``public_multibase`` is the Multikey; ``sealed`` is AES-256-GCM under the key-encryption key.

    ``compromised_at`` is the moment from which others may have signed with the key: what our own records
    show as signed before it stays true.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signing_keys")
    algorithm = models.CharField(max_length=10, choices=Algorithm, default=Algorithm.ED25519)
    version = models.PositiveIntegerField(default=1)
    public_multibase = models.CharField(max_length=80, unique=True)
    keeper = models.CharField(max_length=10, choices=Keeper, default=Keeper.LOCAL)
    sealed = models.BinaryField(default=b"", blank=True)
    state = models.CharField(max_length=12, choices=KeyState, default=KeyState.ACTIVE)
    created_at = models.DateTimeField(default=timezone.now)
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    compromised_at = models.DateTimeField(null=True, blank=True)

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
            models.UniqueConstraint(
                fields=["organisation", "algorithm"],
                condition=Q(state="pending"),
                name="signing_key_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(algorithm__in=["Ed25519", "P-256"]), name="signing_key_algorithm_known"
            ),
            models.CheckConstraint(
                condition=Q(state="compromised", compromised_at__isnull=False)
                | (~Q(state="compromised") & Q(compromised_at__isnull=True)),
                name="signing_key_compromised_since",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.algorithm} {self.version}"

    @property
    def associated_data(self) -> str:
        """What the ciphertext is bound to: moved to another row, it does not open."""
        return f"{self.organisation_id}|{self.pk}|{self.version}"

    @property
    def is_pending(self) -> bool:
        return self.state == KeyState.PENDING

    @property
    def is_compromised(self) -> bool:
        return self.state == KeyState.COMPROMISED

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the Multikey's text: what a ceremony's witnesses compare."""
        return hashlib.sha256(self.public_multibase.encode()).hexdigest()

    def distrusts(self, signed_at: datetime | None) -> bool:
        """Whether a signature of that moment may be anybody's."""
        return self.compromised_at is not None and (signed_at is None or signed_at >= self.compromised_at)
