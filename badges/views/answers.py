"""Answer public documents with the headers that let others read, keep and check them."""

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag

CREDENTIAL = "application/vc+ld+json"
JWT = "application/vc+jwt"
KEY_SET = "application/jwk-set+json"
JSON = (CREDENTIAL, "application/vc", "application/ld+json", "application/json")
# Kept by anyone, but asked about at each use: a revocation counts at once.
ASK_AGAIN = "public, no-cache"
# The same bytes until the badge is signed again, should others ever get its key.
KEEP = "public, max-age=300"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def document(
    request: HttpRequest,
    content: bytes,
    content_type: str,
    *,
    modified: datetime | None = None,
    cache: str = ASK_AGAIN,
    filename: str = "",
    sandbox: bool = False,
) -> HttpResponseBase:
    """A public document with validators, readable from any origin; 304 when the reader has it already."""
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = cache
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    if filename:
        response["Content-Disposition"] = f'inline; filename="{filename}"'
    if sandbox:
        response["Content-Security-Policy"] = SANDBOX
    seconds = int(modified.timestamp()) if modified else None
    answered: Any = get_conditional_response(request, etag=etag, last_modified=seconds, response=response)
    return answered  # type: ignore[no-any-return]


def prefers_json(request: HttpRequest) -> bool:
    """Whether the Accept header ranks a JSON form above the page; with */* or without one it does not."""
    return request.get_preferred_type(["text/html", *JSON]) in JSON


def varied(response: HttpResponseBase) -> HttpResponseBase:
    """Say that the answer depends on the Accept header."""
    patch_vary_headers(response, ["Accept"])
    return response
