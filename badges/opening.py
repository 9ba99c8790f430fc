"""Find the badge in whatever was given: a file, a text, or what a website answered."""

import io
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from badges.looking_up import Lookup
from badges.openbadges import baking, jws, parsing, vc_jwt
from badges.openbadges.v2 import documents as v2
from workbench.confining import Limits, Stopped, run_confined
from workbench.errors import DomainError, invalid

MAX_BYTES = 2 * 1024 * 1024
ENVELOPE = "EnvelopedVerifiableCredential"
ENVELOPED = ("data:application/vc+jwt,", "data:application/jwt,")
ENVELOPE_MEMBERS = {"@context", "id", "type"}
PDF_OPERATION = "badges.openbadges.pdf:attached"
PDF_LIMITS = Limits(memory=768 * 1024 * 1024, cpu=10, wall=20, output=8 * 1024 * 1024)


class Unreadable(Exception):
    """What was given is no badge, or a broken one; ``code`` is that of its only check."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Older:
    """An Open Badge 2.0: the assertion, and the JWS that it is the payload of when it is a signed one."""

    document: dict[str, Any]
    signature: jws.Jws | None


Badge = dict[str, Any] | vc_jwt.SignedJwt | Older


@dataclass(frozen=True)
class Opened:
    """A badge, the text that it was read from, and in what kind of file that text was found."""

    badge: Badge
    text: str
    container: str


def opened(data: bytes, lookup: Lookup) -> Opened:
    """The badge in a file.

    Raises Unreadable, and DomainError ``nothing-to-verify``, ``too-large`` or ``printed``.
    """
    if not data.strip():
        raise invalid("nothing-to-verify", _("Choose the badge's file, or paste its address or its text."))
    if len(data) > MAX_BYTES:
        raise too_large()
    if data.startswith(b"%PDF-"):
        return _opened(
            baking.Extracted("pdf", text := _in_pdf(data), is_jwt=jws.looks_like_one(text)), lookup
        )
    try:
        return _opened(baking.extract(data), lookup)
    except baking.BakingError as error:
        raise Unreadable(error.code) from error


def too_large() -> DomainError:
    return invalid(
        "too-large", _("A badge is at most %(limit)s MB large.") % {"limit": MAX_BYTES // (1024 * 1024)}
    )


def _opened(found: baking.Extracted, lookup: Lookup) -> Opened:
    text = found.credential_text
    if found.version == 2 and text.strip().startswith(("https://", "http://")):
        # An image of that time may hold the address alone; what stands there is read as if it had been given.
        text = lookup.content(text.strip()).decode("utf-8", errors="replace")
    try:
        badge = _signed(text) if jws.looks_like_one(text) else _read(text)
    except (parsing.ParseError, jws.JwsError) as error:
        raise Unreadable(error.code) from error
    if found.version == 2 and not isinstance(badge, Older):
        raise Unreadable("not-a-badge")
    return Opened(badge, text, found.form)


def _read(text: str) -> Badge:
    document = parsing.parse(text)
    version = v2.version_of(document)
    if version == 1:
        raise Unreadable("older-open-badge")
    if version == 2:
        return Older(document, None)
    if jws.is_in_json(document):
        raise Unreadable("jwt-in-json")
    if document.get("type") in (ENVELOPE, [ENVELOPE]):
        return _enveloped(document)
    return document


def _signed(text: str) -> Badge:
    """A JWT of version 3.0, or the JWS of an older badge: its payload says which."""
    taken = jws.read(text)
    payload = parsing.parse(taken.payload)
    version = v2.version_of(payload)
    if version == 1:
        raise Unreadable("older-open-badge")
    return Older(payload, taken) if version == 2 else vc_jwt.read(text)


def _enveloped(document: dict[str, Any]) -> Badge:
    """The JWT in a data: address (W3C VC Data Model 2.0 §4.13.2); nothing unsigned may stand beside it."""
    address = document.get("id")
    start = next((one for one in ENVELOPED if isinstance(address, str) and address.startswith(one)), None)
    if start is None or document.keys() > ENVELOPE_MEMBERS or not isinstance(address, str):
        raise Unreadable("jwt-envelope")
    return _signed(address.removeprefix(start))


def _in_pdf(data: bytes) -> str:
    """The one badge attached to a PDF, as to a certificate of ours."""
    try:
        found = json.loads(run_confined(PDF_OPERATION, io.BytesIO(data), {}, PDF_LIMITS))
    except Stopped as stopped:
        raise Unreadable("pdf-damaged") from stopped
    if not found:
        raise invalid(
            "printed",
            _("No badge is attached to this PDF. Give the badge's image, or the address on the sheet."),
        )
    if len(found) > 1:
        raise Unreadable("several-credentials")
    text: str = found[0]
    return text
