"""Ask for a report on a programme, and make it in the background."""

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme
from reviews.models import Report
from reviews.models.report import ReportKind, ReportState
from reviews.notices import REPORT_READY
from reviews.permissions import can_report
from reviews.reports.collecting import collect
from reviews.reports.writing import write_csv, write_pdf
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.jobs import enqueue
from workbench.models import User
from workbench.notifying import notify
from workbench.storage import keep_blob

MAKE = "make-report"
WRITERS = {ReportKind.PROGRAMME: write_pdf, ReportKind.PROGRAMME_CSV: write_csv}


@transaction.atomic
def request_report(programme: Programme, *, kind: str, by: User, language: str | None = None) -> Report:
    """Ask for a report; the worker makes it, and the page shows how far it is."""
    require(can_report, by, programme)
    if kind not in ReportKind.values:
        raise invalid(
            "unknown-report",
            _("Choose one of these reports: %(kinds)s.") % {"kinds": ", ".join(ReportKind.values)},
        )
    report = Report.objects.create(
        programme=programme, kind=kind, requested_by=by, language=language or by.language
    )
    enqueue(MAKE, report.pk)
    record(by, "report-requested", report, kind=kind, programme=str(programme.pk))
    return report


def make(report_id: uuid.UUID) -> Report:
    """Collect, write and store; making a finished report again changes nothing."""
    report = Report.objects.select_related("programme__organisation").get(pk=report_id)
    if report.is_ready:
        return report
    _tell(report, 1)
    with translation.override(report.language):
        figures = collect(report.programme, tell=lambda percent: _tell(report, percent))
    content = WRITERS[ReportKind(report.kind)](figures, language=report.language)
    _tell(report, 95)
    digest = hashlib.sha256(content).hexdigest()
    keep_blob(ContentFile(content), digest)
    with transaction.atomic():
        unfinished = Report.objects.filter(pk=report.pk).exclude(state=ReportState.DONE)
        if unfinished.update(
            state=ReportState.DONE, progress=100, sha256=digest, size=len(content), finished_at=timezone.now()
        ):
            notify(report.requested_by, REPORT_READY.code, report, programme=report.programme.names)
    report.refresh_from_db()
    return report


def give_up(report_id: uuid.UUID) -> None:
    """The job was given up: say so on the page instead of waiting for ever."""
    Report.objects.filter(pk=report_id).exclude(state=ReportState.DONE).update(
        state=ReportState.FAILED, finished_at=timezone.now()
    )


def _tell(report: Report, percent: int) -> None:
    Report.objects.filter(pk=report.pk).exclude(state=ReportState.DONE).update(
        state=ReportState.RUNNING, progress=percent
    )
