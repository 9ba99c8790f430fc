"""Verify anyone's badge; no token needed."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from badges.openbadges import parsing
from badges.opening import MAX_BYTES, too_large
from badges.verdicts import Verification
from badges.verifying import verify, verify_at
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
ADDRESS = {
    "type": "string",
    "description": "the address of a badge: of one issued here, or of any if allowed",
}
FILE = {"type": "string", "format": "binary", "description": "a PNG, SVG, JSON, JWT or PDF file"}
RECIPIENT = {"type": "string", "description": "an email address, to ask whether the badge was awarded to it"}


def _one_of(**properties: Any) -> dict[str, Any]:
    """A schema of objects with exactly one of these properties, and perhaps a recipient."""
    return {
        "type": "object",
        "properties": properties | {"recipient": RECIPIENT},
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
    name: str = Field(description="structure, context, proof, issuer, status, dates, evidence or recipient")
    passed: bool | None = Field(description="null when it could not be checked from here")
    code: str = Field(description="what was found, in a stable word")
    detail: str = Field(description="a sentence in the reader's language")
    advice: str = Field(description="what to do about it; empty when it passed")


class BadgeOut(Schema):
    name: str
    version: str = Field(description="3.0 or 2.0")
    awarded: datetime | None
    valid_until: datetime | None
    url: str | None = Field(description="the page of a badge issued here")


class IssuerOut(Schema):
    trust: str = Field(description="own, partner, unknown, or unproven while no signature proves an issuer")
    id: str
    name: str
    listed_by: list[str] = Field(description="the organisations here that vouch for a partner")
    detail: str


class TracedCriterionOut(Schema):
    code: str
    title: str
    required_level: str
    achieved_level: str
    description: str
    evidence: list[str]


class TracedEvidenceOut(Schema):
    name: str
    url: str
    sha256: str
    size: int
    check: CheckOut


class TracedAchievementOut(Schema):
    name: str
    version: str


class JudgementOut(Schema):
    decision: str
    decided_at: datetime
    roles: list[str]
    moderated: bool
    manifest: CheckOut


class TraceOut(Schema):
    achievement: TracedAchievementOut
    criteria: list[TracedCriterionOut]
    evidence: list[TracedEvidenceOut]
    judgement: JudgementOut


class SourceOut(Schema):
    container: str = Field(description="png, svg, json, jwt or pdf; empty for what was no badge")
    sha256: str
    size: int


class VerificationOut(Schema):
    verified: bool
    checks: list[CheckOut]
    badge: BadgeOut | None = Field(description="what it says of itself; null when it is no badge")
    issuer: IssuerOut
    trace: TraceOut | None = Field(description="how a badge issued here was earned")
    source: SourceOut
    checked_at: datetime


@router.post(
    "/verify",
    auth=None,
    response=VerificationOut,
    operation_id="verify",
    summary="Check a badge from any issuer",
    openapi_extra={"requestBody": REQUEST},
)
def check(request: HttpRequest) -> dict[str, Any]:
    """Other websites are asked only where the operator allows it. At most 30 calls a minute.

    Codes: `one-source`, `nothing-to-verify`, `too-large`, `printed`, `foreign-address`, `not-fetched`,
    `unknown-badge`, `jwt-waiting`, `busy`, `bad-recipient`, `too-many-requests`.
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
    return _from_one(body.get("credential"), body.get("url"), _recipient(body.get("recipient")))


def _from_form(request: HttpRequest) -> Verification:
    file = request.FILES.get("file")
    recipient = _recipient(request.POST.get("recipient"))
    if file is None:
        return _from_one(request.POST.get("credential"), request.POST.get("url"), recipient)
    if "credential" in request.POST or "url" in request.POST:
        raise _not_one()
    if (file.size or 0) > MAX_BYTES:
        raise too_large()
    return verify(file.read(), recipient=recipient)


def _from_one(credential: Any, url: Any, recipient: str) -> Verification:
    """Verify whichever of the two is given."""
    if isinstance(url, str) and credential is None:
        return verify_at(url, recipient=recipient)
    if isinstance(credential, dict) and url is None:
        return verify(parsing.serialise(credential).encode(), recipient=recipient)
    if isinstance(credential, str) and url is None:
        return verify(credential.encode("utf-8", errors="replace"), recipient=recipient)
    raise _not_one()


def _recipient(given: Any) -> str:
    """An email address; empty when nobody asks."""
    if given in (None, ""):
        return ""
    try:
        validate_email(given)
    except (ValidationError, TypeError) as error:
        raise invalid("bad-recipient", _("The recipient must be an email address.")) from error
    return str(given)


def _not_one() -> DomainError:
    return invalid("one-source", _("Give one of file, credential and url."))
