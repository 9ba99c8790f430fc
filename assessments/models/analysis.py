"""What the program read in a stored file: of the bytes alone, so evidence that is carried over shares it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.evidence import Blob, Evidence

# The kind of job that reads a file.
EXAMINE = "examine"


class AnalysisState(models.TextChoices):
    WAITING = "waiting", _("being read")
    DONE = "done", _("read")
    FAILED = "failed", _("could not be read")


class Failure(models.TextChoices):
    """Why a file could not be read: what a limit of the child process stopped, or what it is."""

    OUT_OF_TIME = "out-of-time", _("reading it took too long")
    OUT_OF_MEMORY = "out-of-memory", _("reading it took too much memory")
    TOO_MUCH = "too-much", _("there is too much in it to keep")
    CRASHED = "crashed", _("the reader stopped on its content")
    QUARANTINED = "quarantined", _("the malware scanner did not clear it")


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    def older_than(self, versions: dict[str, int]) -> "AnalysisQuerySet":
        """Readings by an analyser that has learned more since."""
        outdated = Q(pk=None)
        for analyser, version in versions.items():
            outdated |= Q(analyser=analyser, version__lt=version)
        return self.filter(outdated)


class Analysis(models.Model):
    """One row a stored file, written again when its analyser has a new version.

    ``facts``, ``findings``, ``secrets`` and ``skipped`` are what ``assessments.analysers.analysis.Analysis``
    holds, as JSON; ``detail`` is the stored file (gzip of JSON) that the viewers window over. ``secrets`` say
    where something stands and never what.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.OneToOneField(Blob, models.CASCADE, related_name="analysis")
    state = models.CharField(max_length=8, choices=AnalysisState, default=AnalysisState.WAITING)
    failure = models.CharField(max_length=16, choices=Failure, blank=True)
    analyser = models.CharField(max_length=24, blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    dialect = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    findings_left_out = models.PositiveIntegerField(default=0)
    secrets = models.JSONField(default=list)
    secrets_left_out = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=list)
    detail = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="details")
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                name="analysis_failed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(analyser="") & Q(version__gt=0, finished_at__isnull=False),
                name="analysis_done_complete",
            ),
        )
        indexes = (
            models.Index(fields=["analyser", "version"], name="analysis_by_version"),
            models.Index(fields=["requested_at"], condition=Q(state="waiting"), name="analysis_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.analyser} {self.blob_id}"

    @property
    def is_done(self) -> bool:
        return self.state == AnalysisState.DONE

    @property
    def is_waiting(self) -> bool:
        return self.state == AnalysisState.WAITING


class Dismissal(models.Model):
    """The learner looked at a marked secret and says why it is none; the assessor reads the reason."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="dismissals")
    code = models.CharField(max_length=40)
    unit = models.CharField(max_length=6)
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    reason = models.TextField(_("reason"), max_length=500)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("dismissed warning")
        verbose_name_plural = _("dismissed warnings")
        constraints = (
            models.UniqueConstraint(
                fields=["evidence", "code", "unit", "first", "last"], name="dismissal_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.evidence}: {self.code}"

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.code, self.unit, self.first, self.last)
