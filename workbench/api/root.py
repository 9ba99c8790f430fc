"""The django-ninja root: every route behind the door, every refusal a problem document."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from workbench.api import problems
from workbench.api.auth import Bearer
from workbench.api.door import door
from workbench.api.openapi import TAGS, complete
from workbench.errors import DomainError


def unknown(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    return problems.not_found(request)


def unexpected(_request: HttpRequest, error: Exception) -> HttpResponse:
    """Let Django log it and answer by the project's handler500, in development too."""
    raise error


class WorkbenchAPI(NinjaAPI):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            auth=Bearer(),
            urls_namespace="api",
            docs_url=None,
            docs_decorator=require_safe,
            openapi_extra={"tags": TAGS},
            **options,
        )
        handlers: dict[type[Exception], Any] = {
            DomainError: problems.domain_error,
            PermissionDenied: problems.forbidden,
            Http404: problems.not_found,
            AuthenticationError: problems.signed_out,
            HttpError: problems.http_error,
            ValidationError: problems.invalid_fields,
            Exception: unexpected,
        }
        handlers |= dict.fromkeys(problems.UNREADABLE, problems.unreadable)
        for kind, handler in handlers.items():
            self.add_exception_handler(kind, handler)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        patterns.append(re_path(r"", unknown))
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = door(pattern.callback)
        return patterns, app, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        return complete(super().get_openapi_schema(**options))
