"""What a person is told: one row each time, and how they want to be told of each kind."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.models.mail import Mail


class Delivery(models.TextChoices):
    AT_ONCE = "at-once", _("Email at once")
    DIGEST = "digest", _("Daily summary by email")
    PAGE = "page", _("Only on the page")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def for_digest(self) -> "NotificationQuerySet":
        """What no summary holds yet; what was read on the page meanwhile needs none."""
        return self.unread().filter(delivery=Delivery.DIGEST, mail=None)

    def about(self, subject: models.Model) -> "NotificationQuerySet":
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def newest_first(self) -> "NotificationQuerySet":
        return self.order_by("-created_at", "-id")


class Notification(models.Model):
    """``data`` holds the names that the sentence needs, in every language; never evidence or scores.

    ``delivery`` is what the person had chosen when it happened; ``due_at`` is when a summary may take it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    delivery = models.CharField(max_length=8, choices=Delivery)
    due_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(Mail, models.RESTRICT, null=True, blank=True, related_name="notifications")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = (
            models.Index(fields=["recipient", "created_at", "id"], name="notification_of_person"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["due_at"],
                condition=Q(delivery="digest", mail=None, read_at=None),
                name="notification_for_digest",
            ),
            models.Index(fields=["read_at"], name="notification_read"),
            models.Index(fields=["subject_id", "kind", "created_at"], name="notification_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


class NotificationChoice(models.Model):
    """One person's own choice for one kind; without a row the default of the kind holds."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=40)
    delivery = models.CharField(max_length=8, choices=Delivery)

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        constraints = (models.UniqueConstraint(fields=["person", "kind"], name="notification_choice_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.delivery}"
