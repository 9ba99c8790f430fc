"""The public CASE 1.1 addresses: packages, documents and items of adopted referentials."""

import json
import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from assessments.importing.case.service import status_info
from assessments.publishing import (
    case_document,
    case_item,
    case_package,
    published_competency,
    published_referential,
)
from assessments.views.answers import case_answer
from workbench.access import public


@public
@require_safe
def package(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    referential = published_referential(pk)
    return case_answer(request, case_package(referential)) if referential else _unknown("CFPackage", pk)


@public
@require_safe
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    referential = published_referential(pk)
    return case_answer(request, case_document(referential)) if referential else _unknown("CFDocument", pk)


@public
@require_safe
def item(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    competency = published_competency(pk)
    return case_answer(request, case_item(competency)) if competency else _unknown("CFItem", pk)


def _unknown(kind: str, pk: uuid.UUID) -> HttpResponse:
    """In English, as every CASE service answers: the text is for the log of a program."""
    body = json.dumps(status_info(f"No {kind} with the identifier {pk} is published here."))
    response = HttpResponse(body, content_type="application/json", status=404)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"
    return response
