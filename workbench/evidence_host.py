"""Serve what strangers uploaded as attachments only, from a host that holds no session."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse

from workbench.storage import open_blob

# Types that do nothing by themselves in any reader; everything else goes out as plain bytes.
HARMLESS = frozenset(
    ("text/plain", "text/csv", "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp")
)
SANDBOX = "sandbox; default-src 'none'"
TOKEN_SECONDS = 60


def attachment(sha256: str, *, filename: str, media_type: str, size: int) -> FileResponse:
    """Stored bytes as a download that no browser runs. Raises FileNotFoundError when they are gone."""
    response = FileResponse(
        open_blob(sha256),
        as_attachment=True,
        filename=filename,
        content_type=media_type if media_type in HARMLESS else "application/octet-stream",
    )
    response["Content-Length"] = str(size)
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def is_evidence_host(request: HttpRequest) -> bool:
    return bool(settings.EVIDENCE_HOST) and request.get_host() == settings.EVIDENCE_HOST


def on_evidence_host(path: str, **query: str) -> str:
    """A path of the evidence host as a complete address."""
    scheme = "https" if settings.HTTPS else "http"
    return f"{scheme}://{settings.EVIDENCE_HOST}{path}" + (f"?{urlencode(query)}" if query else "")


def sign(salt: str, **claims: str) -> str:
    """A token that proves for a minute who may fetch what."""
    return signing.dumps(claims, salt=salt)


def read_token(token: str, salt: str) -> dict[str, str]:
    """The claims of a token. Raises SignatureExpired after a minute and BadSignature for a forgery."""
    claims: dict[str, str] = signing.loads(token, salt=salt, max_age=TOKEN_SECONDS)
    return claims


def only_evidence(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the evidence host knows the addresses of files and nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_evidence_host(request):
            request.urlconf = "workbench.evidence_urls"
        return get_response(request)

    return middleware


def nothing_here(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The evidence host's answer to every other address."""
    return HttpResponseNotFound("Not found\n", content_type="text/plain")


def main_address(view: str, *args: Any) -> str:
    """The address of a page on the main host, whatever host was asked."""
    return settings.BASE_URL + reverse(view, urlconf=settings.ROOT_URLCONF, args=args)
