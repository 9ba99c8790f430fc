"""Ask for a report, watch it being made, fetch it."""

import uuid

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Programme
from reviews.models import Report
from reviews.models.report import ReportKind
from reviews.reporting import request_report as ask
from workbench.access import signed_in
from workbench.requests import Request
from workbench.storage import open_blob

SHOWN = 50


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    reports = Report.objects.visible_to(request.user).select_related("programme", "requested_by")
    return render(
        request,
        "reviews/reports.html",
        {
            "programmes": Programme.objects.managed_by(request.user).select_related("organisation"),
            "kinds": ReportKind.choices,
            "reports": reports[:SHOWN],
            "chosen": request.GET.get("programme", ""),
        },
    )


@signed_in
@require_POST
def request_report(request: Request) -> HttpResponse:
    programme = get_object_or_404(
        Programme.objects.visible_to(request.user), pk=_uuid(request.POST.get("programme", ""))
    )
    report = ask(programme, kind=request.POST.get("kind", ""), by=request.user)
    messages.success(request, _("The report is being made."))
    return redirect("report", report.pk)


@signed_in
@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The state of a report; the part asks again by itself until the report is finished."""
    report = get_object_or_404(
        Report.objects.visible_to(request.user).select_related("programme__organisation", "requested_by"),
        pk=pk,
    )
    template = "reviews/_report.html" if request.htmx else "reviews/report.html"
    return render(request, template, {"report": report})


@signed_in
@require_safe
def download(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    report = get_object_or_404(Report.objects.visible_to(request.user).select_related("programme"), pk=pk)
    if not report.is_ready:
        return redirect("report", report.pk)
    media_type = "text/csv; charset=utf-8" if report.kind == ReportKind.PROGRAMME_CSV else "application/pdf"
    response = FileResponse(
        open_blob(report.sha256), as_attachment=True, filename=report.filename, content_type=media_type
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
