"""A report that a programme manager asked for, made in the background."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme


class ReportKind(models.TextChoices):
    PROGRAMME = "programme", _("programme report (PDF)")
    PROGRAMME_CSV = "programme-csv", _("learners and results (CSV)")


class ReportState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """Reports hold names and results: only who manages the programme today sees them."""
        return self.filter(programme__in=Programme.objects.managed_by(user))


class Report(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="en")
    state = models.CharField(max_length=8, choices=ReportState, default=ReportState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports")
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-requested_at",)
        constraints = (
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="report_progress_percent"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.programme}"

    @property
    def is_ready(self) -> bool:
        return self.state == ReportState.DONE

    @property
    def is_finished(self) -> bool:
        return self.state in (ReportState.DONE, ReportState.FAILED)

    @property
    def filename(self) -> str:
        suffix = "csv" if self.kind == ReportKind.PROGRAMME_CSV else "pdf"
        return f"{self.programme.slug}-{self.requested_at:%Y-%m-%d}.{suffix}"
