"""Refusals as problem documents (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views import defaults
from ninja import Field, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from workbench.errors import DomainError
from workbench.limits import TooManyRequestsError

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:problem:open-badges-workbench:"
PATH = "/api/"

# What Django raises while it reads a request, before any rule of ours is asked.
UNREADABLE = (SuspiciousOperation, MultiPartParserError, UnreadablePostError)


class FieldProblem(Schema):
    """One field that cannot be taken as it is."""

    location: str = Field(
        description="where it stood: body, form, file, query, header or path", examples=["body"]
    )
    field: str = Field(
        description="its name with dots into lists and objects, or its line or JSON path in a file",
        examples=["scores.0.level"],
    )
    code: str = Field(examples=["missing"])
    detail: str = Field(examples=["This field is required."])


class Problem(Schema):
    """What was refused, why, and what to do now; some codes add members of their own."""

    type: str = Field(description="an address that names the kind of problem", examples=[f"{TYPE}stale"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(description="a sentence in the reader's language")
    code: str = Field(description="stable; programs may rely on it", examples=["stale"])
    errors: list[FieldProblem] | None = Field(None, description="with code `invalid`: each field in question")


def problem(status: int, code: str, detail: Any, extra: Mapping[str, Any] | None = None) -> HttpResponse:
    """An answer that refuses; members of ``extra`` stand beside the standard ones."""
    body = {
        **(extra or {}),
        "type": f"{TYPE}{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
    }
    content = json.dumps(body, cls=DjangoJSONEncoder)
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE)


# --- From exceptions ------------------------------------------------------------------------------------


def domain_error(_request: HttpRequest, error: DomainError) -> HttpResponse:
    response = problem(error.status, error.code, error.message, error.extra)
    if isinstance(error, TooManyRequestsError):
        response["Retry-After"] = str(error.seconds)
    return response


def forbidden(_request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    return problem(403, "forbidden", _("Your roles do not allow this."))


def not_found(_request: HttpRequest, _error: Http404 | None = None) -> HttpResponse:
    return problem(404, "not-found", _("There is nothing here, or nothing that you may see."))


def signed_out(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    detail = _("Send “Authorization: Bearer TOKEN” with a token that is still valid.")
    response = problem(401, "unauthorized", detail)
    response["WWW-Authenticate"] = 'Bearer realm="workbench"'
    return response


def method_not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    detail = _("This address does not answer %(method)s. It answers: %(allow)s.")
    response = problem(405, "method-not-allowed", detail % {"method": request.method, "allow": allow})
    response["Allow"] = allow
    return response


def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja refuses by itself: a body that is no JSON."""
    if error.status_code == 400:
        return problem(400, "malformed", _("The body of the request is not JSON that can be read."))
    return problem(error.status_code, "refused", str(error))


def unreadable(_request: HttpRequest, error: Exception) -> HttpResponse:
    """A request that Django could not read to its end."""
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too-large", _("The request is too large. Send large content as a file."))
    return problem(400, "malformed", _("The request cannot be read: its form or its fields are broken."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever nobody expected: a problem to programs, the page to people."""
    if not request.path.startswith(PATH):
        return defaults.server_error(request)
    return problem(500, "server-error", _("Something went wrong on our side. Try again in a moment."))


# --- From fields ----------------------------------------------------------------------------------------


def invalid_fields(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [_field(one) for one in error.errors]
    return problem(422, "invalid", _("Some fields cannot be taken as they are."), {"errors": errors})


def _field(error: Mapping[str, Any]) -> dict[str, str]:
    location, *path = (str(step) for step in error["loc"])
    # A JSON body is one parameter of the view, whose name means nothing to the caller.
    names = path[1:] if location == "body" else path
    return {
        "location": location,
        "field": ".".join(names),
        "code": error["type"].replace("_", "-"),
        "detail": _sentence(error),
    }


def _sentence(error: Mapping[str, Any]) -> str:
    """The reader's language for what happens often; pydantic's English for the rest."""
    limits = error.get("ctx", {})
    sentences = {
        "missing": _("This field is required."),
        "uuid_parsing": _("This is not an id."),
        "uuid_type": _("This is not an id."),
        "enum": _("Choose one of: %(expected)s.") % {"expected": limits.get("expected")},
        "literal_error": _("Choose one of: %(expected)s.") % {"expected": limits.get("expected")},
        "string_too_long": _("At most %(limit)s characters.") % {"limit": limits.get("max_length")},
        "too_long": _("At most %(limit)s entries.") % {"limit": limits.get("max_length")},
        "less_than_equal": _("At most %(limit)s.") % {"limit": limits.get("le")},
        "greater_than_equal": _("At least %(limit)s.") % {"limit": limits.get("ge")},
        "value_error": str(limits.get("error")),
    }
    return sentences.get(error["type"], str(error["msg"]))
