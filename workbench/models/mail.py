"""The outbox: one row a mail, written with what it tells and sent by the worker."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("not wanted")
    FAILED = "failed", _("given up")


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> "MailQuerySet":
        """What nobody is sending: ``available_at`` is the end of the last try's lease and of its pause."""
        return self.filter(state=MailState.WAITING, available_at__lte=Now())

    def failed(self) -> "MailQuerySet":
        return self.filter(state=MailState.FAILED)


class Mail(models.Model):
    """It holds no address and no text: both are looked up when it is sent. Its id is its Message-ID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mails")
    is_digest = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True, help_text="the name of the last failure")

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = (
            models.Index(fields=["available_at"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["created_at"], name="mail_created"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="mail_sent_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
