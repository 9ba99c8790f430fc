"""An offer to a learner to go on under a newer version of an achievement and its rubric."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.achievement import Achievement
from assessments.models.submission import Submission


class Answer(models.TextChoices):
    KEEP = "keep", _("keep the version it began with")
    MOVE = "move", _("move to the new version")


class RubricMoveQuerySet(models.QuerySet["RubricMove"]):
    def open(self) -> "RubricMoveQuerySet":
        return self.filter(answer="", lapsed_at__isnull=True)

    def visible_to(self, user: Any) -> "RubricMoveQuerySet":
        """The learner's own: who offered it sees numbers, since nobody else sees a draft."""
        return self.filter(submission__learner=user)

    def with_versions(self) -> "RubricMoveQuerySet":
        return self.select_related(
            "submission__programme", "old__rubric__referential", "new__rubric__referential", "offered_by"
        )


class RubricMove(models.Model):
    """Nothing moves without the learner's ``answer``; an offer lapses when the work is handed in first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="moves")
    old = models.ForeignKey(Achievement, models.PROTECT, related_name="+")
    new = models.ForeignKey(Achievement, models.PROTECT, related_name="+")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(_("answer"), max_length=4, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects = RubricMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered change of version")
        verbose_name_plural = _("offered changes of version")
        constraints = (
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(answer="", lapsed_at__isnull=True),
                name="rubric_move_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="rubric_move_answered_with_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.old} → {self.new}"

    @property
    def is_open(self) -> bool:
        return not self.answer and self.lapsed_at is None

    @property
    def is_move(self) -> bool:
        return self.answer == Answer.MOVE

    @property
    def in_words(self) -> str:
        return str(Answer(self.answer).label) if self.answer else ""
