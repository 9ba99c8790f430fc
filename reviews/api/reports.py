"""Reports: ask for one, follow it, fetch it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Field, Router, Schema

from assessments.models import Programme
from reviews.models import Report
from reviews.models.report import ReportKind, ReportState
from reviews.reporting import request_report
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.storage import open_blob

router = Router(tags=["reports"])

MEDIA_TYPES = {ReportKind.PROGRAMME: "application/pdf", ReportKind.PROGRAMME_CSV: "text/csv; charset=utf-8"}
FILE = {"schema": {"type": "string", "format": "binary"}}
FILE_ANSWER = {
    "responses": {200: {"content": {kind.split(";")[0]: FILE for kind in MEDIA_TYPES.values()}}},
}


class ReportIn(Schema):
    kind: Text = Field(description="one of " + ", ".join(ReportKind.values), examples=["programme"])
    programme: UUID = Field(examples=[EXAMPLE_ID])


class ReportOut(Schema):
    id: UUID
    kind: ReportKind
    programme: UUID
    state: ReportState
    progress: int = Field(description="in percent")
    requested_at: datetime
    url: str | None = Field(description="where this token fetches the file; null until it is done")


def report_shape(report: Report) -> dict[str, Any]:
    path = reverse("api:report_file", args=[report.pk])
    return {
        "id": report.pk,
        "kind": report.kind,
        "programme": report.programme_id,
        "state": report.state,
        "progress": report.progress,
        "requested_at": report.requested_at,
        "url": f"{settings.BASE_URL}{path}" if report.is_ready else None,
    }


@router.post(
    "/reports",
    response={202: ReportOut},
    operation_id="request-report",
    summary="Ask for a report; the worker makes it",
)
def create(request: ApiRequest, body: ReportIn) -> dict[str, Any]:
    """Code: `unknown-report`."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=body.programme)
    return report_shape(request_report(programme, kind=body.kind, by=request.user))


@router.get(
    "/reports/{uuid:id}",
    response=ReportOut,
    operation_id="get-report",
    summary="How far a report is, and where it can be fetched",
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    return report_shape(get_object_or_404(Report.objects.visible_to(request.user), pk=id))


@router.get(
    "/reports/{uuid:id}/file",
    response={200: None},
    operation_id="get-report-file",
    summary="The report itself, once it is done",
    openapi_extra=FILE_ANSWER,
)
def report_file(request: ApiRequest, id: UUID) -> FileResponse:
    rows = Report.objects.visible_to(request.user).select_related("programme")
    report = get_object_or_404(rows, pk=id)
    if not report.is_ready:
        raise Http404
    return FileResponse(
        open_blob(report.sha256),
        as_attachment=True,
        filename=report.filename,
        content_type=MEDIA_TYPES[ReportKind(report.kind)],
    )
