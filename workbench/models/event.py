"""One row of the audit trail: append-only, each row holding the hash of the row before it."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, subject: models.Model) -> "EventQuerySet":
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def in_order(self) -> "EventQuerySet":
        return self.order_by("sequence")


class Event(models.Model):
    """``hash`` is SHA-256 over the canonical JSON of every other field, ``previous_hash`` included.

    Actors are named by id only, so a person's row can be pseudonymised while the chain still verifies.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = (models.Index(fields=["subject_type", "subject_id", "sequence"], name="event_subject"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.subject_type}"

    def digest(self) -> str:
        content: dict[str, Any] = {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "actor": str(self.actor_id) if self.actor_id else None,
            "verb": self.verb,
            "subject": [self.subject_type, self.subject_id],
            "data": self.data,
            "previous": self.previous_hash,
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()
