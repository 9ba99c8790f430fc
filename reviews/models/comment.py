"""Sentences that the assessors of a programme share, each for one criterion."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Programme
from assessments.models.programme import STAFF

MAX_TEXT = 2000


class BankCommentQuerySet(models.QuerySet["BankComment"]):
    def visible_to(self, user: Any) -> "BankCommentQuerySet":
        """Those of the programmes where a person assesses, moderates or manages."""
        return self.filter(programme__in=user.grants.any_of(STAFF))

    def active(self) -> "BankCommentQuerySet":
        return self.filter(retired_at__isnull=True)

    def on(self, criteria: Iterable[Criterion]) -> "BankCommentQuerySet":
        """Of these criteria in whatever version of their rubric: a new version keeps its sentences."""
        return self.filter(criterion__identifier__in=[criterion.identifier for criterion in criteria])

    def best_first(self, language: str) -> "BankCommentQuerySet":
        """Those in ``language`` first, then what is used most, then what was used last."""
        foreign = Case(When(language=language, then=Value(0)), default=Value(1))
        return self.order_by(
            foreign, "-uses", models.F("last_used_at").desc(nulls_last=True), "created_at", "id"
        )


class BankComment(models.Model):
    """``uses`` counts insertions by anybody: who used a sentence how often is kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="bank_comments")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("comment"), max_length=MAX_TEXT)
    text_sha256 = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = BankCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment of the bank")
        verbose_name_plural = _("comments of the bank")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "criterion", "text_sha256"],
                condition=Q(retired_at__isnull=True),
                name="bank_comment_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="bank_comment_has_text"),
        )
        indexes = (models.Index(fields=["programme", "created_at", "id"], name="bank_comment_of_programme"),)

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


def digest_of(text: str) -> str:
    """What makes a text the same: a unique index cannot hold two thousand characters."""
    return hashlib.sha256(text.encode()).hexdigest()
