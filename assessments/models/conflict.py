"""A conflict of interest between a learner and an assessor: the one never judges the other's work."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_WORDS = 500


class Tie(models.TextChoices):
    """What binds the two."""

    TAUGHT = "taught", _("taught this learner")
    FAMILY = "family", _("family or friends")
    WORK = "work", _("work together")
    FORMER = "former", _("worked for the same employer")
    OTHER = "other", _("another tie")


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def in_force(self) -> "ConflictQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def of(self, person: Any) -> "ConflictQuerySet":
        """Those of a person on either side."""
        return self.filter(Q(learner=person) | Q(assessor=person))


def bound_to(submission: Any) -> Q:
    """Which people may not judge an attempt: a tie with its learner, a skip for one, or the same employer."""
    ties = Conflict.objects.in_force().filter(learner=submission.learner_id)
    bound = Q(pk__in=ties.values("assessor"))
    bound |= Q(pk__in=submission.skips.conflicts().values("person"))
    key = submission.learner.employer_key
    return (bound | Q(employer_key=key) if key else bound) & ~Q(pk=submission.learner_id)


class Conflict(models.Model):
    """Declared by either side or by who manages the programme.

    ``words`` are for whoever declared it and for managers who are on neither side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts_to_judge")
    tie = models.CharField(_("tie"), max_length=6, choices=Tie)
    words = models.CharField(_("in words"), max_length=MAX_WORDS, blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = (
            models.UniqueConstraint(
                fields=["learner", "assessor", "declared_by", "tie"],
                condition=Q(withdrawn_at__isnull=True),
                name="conflict_once",
            ),
            models.CheckConstraint(condition=~Q(learner=F("assessor")), name="conflict_between_two"),
            models.CheckConstraint(condition=~Q(tie="other", words=""), name="conflict_other_has_words"),
        )

    def __str__(self) -> str:
        return f"{self.learner_id} – {self.assessor_id}: {self.tie}"
