"""Why somebody does not judge a piece of work: it is not offered to them again."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.submission import Submission

MAX_WORDS = 500


class Reason(models.TextChoices):
    CONFLICT = "conflict", _("conflict of interest")
    LANGUAGE = "language", _("not in a language I read")
    FIELD = "field", _("not my field")
    OTHER = "other", _("another reason")


class SkipQuerySet(models.QuerySet["Skip"]):
    def of(self, person: Any) -> "SkipQuerySet":
        return self.filter(person=person)

    def conflicts(self) -> "SkipQuerySet":
        return self.filter(reason=Reason.CONFLICT)


class Skip(models.Model):
    """``words`` are for those who oversee the programme; learners and other assessors never read them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="skips")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    words = models.CharField(_("in words"), max_length=MAX_WORDS, blank=True)
    skipped_at = models.DateTimeField(default=timezone.now)

    objects = SkipQuerySet.as_manager()

    class Meta:
        verbose_name = _("skipped work")
        verbose_name_plural = _("skipped work")
        constraints = (
            models.UniqueConstraint(fields=["submission", "person"], name="skip_once"),
            models.CheckConstraint(condition=~Q(reason="other", words=""), name="skip_other_has_words"),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.reason}"
