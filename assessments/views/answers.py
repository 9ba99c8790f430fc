"""Answer CASE objects with the headers that let programs read, keep and check them."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

# An identifier stands for the latest version, which may be a new one in a few minutes.
KEEP = "public, max-age=300"


def case_answer(request: HttpRequest, content: dict[str, Any], *, private: bool = False) -> HttpResponseBase:
    """JSON that any origin may read, with a validator; 304 when the reader has it already."""
    body = json.dumps(content, ensure_ascii=False).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache" if private else KEEP
    if not private:
        response["Access-Control-Allow-Origin"] = "*"
    answered: HttpResponseBase = get_conditional_response(request, etag=etag, response=response)  # type: ignore[assignment]
    return answered
