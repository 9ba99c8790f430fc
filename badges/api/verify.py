"""Verify anyone's badge; no token needed."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from badges.openbadges import parsing
from badges.resolving import text_at
from badges.verifying import MAX_BYTES, Verification, verify
from workbench.errors import DomainError, invalid
from workbench.limits import count

router = Router(tags=["what is earned"])

JSON = "application/json"
# What is no JSON object at all is the caller's mistake; other faults are those of the badge in it.
MALFORMED = (parsing.ParseError, parsing.NotText, parsing.NotAnObject)

CREDENTIAL = {
    "oneOf": [{"type": "object"}, {"type": "string"}],
    "description": "an OpenBadgeCredential as it was signed: an object, or the text of its JWT form",
}
ADDRESS = {"type": "string", "description": "the address of a badge issued here"}
FILE = {"type": "string", "format": "binary", "description": "a PNG, SVG, JSON or JWT file"}


def _one_of(**properties: Any) -> dict[str, Any]:
    """A schema of objects with exactly one of these properties."""
    return {
        "type": "object",
        "properties": properties,
        "oneOf": [{"required": [name]} for name in properties],
    }


REQUEST = {
    "required": True,
    "content": {
        JSON: {"schema": _one_of(credential=CREDENTIAL, url=ADDRESS)},
        "multipart/form-data": {"schema": _one_of(file=FILE, url=ADDRESS)},
    },
}


class CheckOut(Schema):
    name: str = Field(description="structure, context, proof, issuer, status, dates or evidence")
    passed: bool | None = Field(description="null when it could not be checked from here")
    detail: str = Field(description="a sentence in the reader's language")


class VerificationOut(Schema):
    verified: bool
    checks: list[CheckOut]


@router.post(
    "/verify",
    auth=None,
    response=VerificationOut,
    operation_id="verify",
    summary="Check a badge from any issuer",
    openapi_extra={"requestBody": REQUEST},
)
def check(request: HttpRequest) -> dict[str, Any]:
    """Nothing is fetched: an address must be that of a badge issued here. At most 30 calls a minute.

    Codes: `one-source`, `nothing-to-verify`, `too-large`, `printed`, `foreign-address`, `unknown-badge`,
    `jwt-waiting`, `too-many-requests`.
    """
    count("verify", request, limit=30, window=60)
    if request.content_type == JSON:
        return _from_json(request.body).to_json()
    return _from_form(request).to_json()


def _from_json(content: bytes) -> Verification:
    try:
        body = parsing.parse(content)
    except parsing.ParseError as error:
        if type(error) in MALFORMED:
            raise DomainError(
                "malformed", _("The body of the request is not a JSON object that can be read."), status=400
            ) from None
        return verify(content)
    return _from_one(body.get("credential"), body.get("url"))


def _from_form(request: HttpRequest) -> Verification:
    file = request.FILES.get("file")
    if file is None:
        return _from_one(request.POST.get("credential"), request.POST.get("url"))
    if "credential" in request.POST or "url" in request.POST:
        raise _not_one()
    if (file.size or 0) > MAX_BYTES:
        raise invalid(
            "too-large",
            _("A badge is at most %(limit)s MB large.") % {"limit": MAX_BYTES // (1024 * 1024)},
        )
    return verify(file.read())


def _from_one(credential: Any, url: Any) -> Verification:
    """Verify whichever of the two is given."""
    if isinstance(url, str) and credential is None:
        return verify(text_at(url.strip()).encode())
    if isinstance(credential, dict) and url is None:
        return verify(parsing.serialise(credential).encode())
    if isinstance(credential, str) and url is None:
        return verify(credential.encode("utf-8", errors="replace"))
    raise _not_one()


def _not_one() -> DomainError:
    return invalid("one-source", _("Give one of file, credential and url."))
