"""One piece of background work that must be finished, whatever crashes."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DEAD = "dead", _("given up")


class JobQuerySet(models.QuerySet["Job"]):
    def due(self) -> "JobQuerySet":
        """Work nobody holds: waiting past its time, or running under a lease that ended."""
        return self.filter(
            Q(state=JobState.WAITING, available_at__lte=Now())
            | Q(state=JobState.RUNNING, lease_until__lt=Now())
        )

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])

    def dead(self) -> "JobQuerySet":
        return self.filter(state=JobState.DEAD)


class Job(models.Model):
    """Unique per kind and subject: asking twice for the same work is asking once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    available_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = (models.UniqueConstraint(fields=["kind", "subject_id"], name="job_once"),)
        indexes = (
            models.Index(
                fields=["available_at"], name="job_unfinished", condition=Q(state__in=["waiting", "running"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
