"""A key to the REST API, of which only the digest is kept."""

import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PREFIX = "obw_"


def digest(secret: str) -> str:
    """SHA-256 in hex; enough for secrets that are 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self) -> "TokenQuerySet":
        now = timezone.now()
        return self.filter(user__is_active=True, revoked_at=None).exclude(expires_at__lte=now)

    def for_secret(self, secret: str) -> "Token | None":
        return self.usable().select_related("user").filter(digest=digest(secret)).first()


class Token(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    label = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.label

    @classmethod
    def issue(cls, user: models.Model, *, label: str) -> tuple["Token", str]:
        """A new token with its secret, which is shown once and never again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        return cls.objects.create(user=user, label=label, digest=digest(secret)), secret


class IdempotentReply(models.Model):
    """The answer to a POST that carried an ``Idempotency-Key``, so that asking again changes nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    media_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="idempotent_reply_once"),)

    def __str__(self) -> str:
        return self.key
