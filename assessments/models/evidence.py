"""Evidence: a file, a link or a text that supports criteria of the rubric."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.rubric import Criterion
from assessments.models.submission import Submission


class Kind(models.TextChoices):
    FIREWALL_CONFIGURATION = "firewall-configuration", _("firewall configuration")
    PACKET_CAPTURE = "packet-capture", _("packet capture")
    DOCUMENT = "document", _("document")
    IMAGE = "image", _("image")
    OTHER = "other", _("other")


class Form(models.TextChoices):
    FILE = "file", _("file")
    LINK = "link", _("link")
    TEXT = "text", _("text")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public: page and file")
    SUMMARY = "summary", _("summary: page without the file")
    PRIVATE = "private", _("private: not in the badge")


class Scan(models.TextChoices):
    """What the malware scanner said of the bytes."""

    NONE = "none", _("not scanned")
    CLEAN = "clean", _("clean")
    INFECTED = "infected", _("infected")
    UNSCANNABLE = "unscannable", _("could not be scanned")


class Blob(models.Model):
    """Bytes in the storage, known by their SHA-256; the row is written after the bytes."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField(default=timezone.now)
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NONE)
    scan_signature = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        indexes = (models.Index(fields=["stored_at"], condition=Q(scan="none"), name="blob_not_scanned"),)

    def __str__(self) -> str:
        return self.sha256

    @property
    def is_quarantined(self) -> bool:
        """Whether nobody may open the bytes: malware, or not yet cleared where a scanner is set up."""
        return self.scan == Scan.INFECTED or bool(settings.CLAMD_URL and self.scan != Scan.CLEAN)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def in_order(self) -> "EvidenceQuerySet":
        return self.order_by("position", "id")

    def with_supports(self) -> "EvidenceQuerySet":
        return self.prefetch_related("supports__criterion")

    def with_reading(self) -> "EvidenceQuerySet":
        """With what the program read in each file, and what its learner said of the marked secrets."""
        return self.select_related("blob__analysis", "redacted_from").prefetch_related("dismissals")

    def bytes_of(self, learner: models.Model) -> int:
        """How many bytes a learner has stored, each file counted once however often it is carried over."""
        files = (
            self.filter(submission__learner=learner)
            .exclude(blob=None)
            .order_by()  # the usual order would make every row distinct
            .values("blob", "blob__size")
            .distinct()
        )
        return sum(row["blob__size"] for row in files)


class Evidence(models.Model):
    """``filename`` is for display only; the bytes are found by ``sha256`` and never change.

    ``carried_from`` is the same item in the attempt before, ``replaces`` the item there that this new file
    is the next version of, ``redacted_from`` the item of this attempt that this one is a cleaned copy of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField(default=0)
    form = models.CharField(max_length=4, choices=Form)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    dialect = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=200)
    narrative = models.TextField(_("narrative"), max_length=10_000, blank=True)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="evidence")
    url = models.URLField(_("address"), max_length=2000, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=8, choices=Visibility, default=Visibility.PRIVATE
    )
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced_by")
    redacted_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="redacted_copies"
    )
    created_at = models.DateTimeField(default=timezone.now)
    criteria = models.ManyToManyField(Criterion, through="Support", related_name="evidence")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence item")
        verbose_name_plural = _("evidence")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(form="link", blob__isnull=True) & ~Q(url="")
                | Q(form__in=["file", "text"], blob__isnull=False, url=""),
                name="evidence_is_file_or_link",
            ),
            models.CheckConstraint(
                condition=Q(visibility="private") | Q(consent_at__isnull=False),
                name="evidence_shown_with_consent",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_private(self) -> bool:
        return self.visibility == Visibility.PRIVATE

    @property
    def is_file(self) -> bool:
        return self.blob_id is not None

    @property
    def earlier(self) -> "Evidence | None":
        """The item of the attempt before that this one continues, changed or not."""
        return self.replaces or self.carried_from


class Support(models.Model):
    """The claim that one evidence item supports one criterion, with the learner's reason."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="supports")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="supports")
    justification = models.TextField(_("justification"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("supported criterion")
        verbose_name_plural = _("supported criteria")
        ordering = ("criterion__position", "id")
        constraints = (models.UniqueConstraint(fields=["evidence", "criterion"], name="support_once"),)

    def __str__(self) -> str:
        return f"{self.evidence}: {self.criterion}"
