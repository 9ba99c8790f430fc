"""Find the keys, lists and badges of our own that a verification needs, without the network."""

import re
import uuid
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from badges.models import Credential, SigningKey, StatusList
from badges.openbadges import did, parsing
from badges.publishing import did_document, signed_status_list
from workbench.models import Organisation

UUID_AT_END = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")


class Resolver:
    """Finds keys without the network and remembers which of our organisations signed."""

    def __init__(self) -> None:
        self.owner: Organisation | None = None

    def resolve(self, method: str, issuer: str) -> did.KeyRecord:
        if method.startswith(did.KEY_PREFIX):
            record = did.resolve_key_did(method)
            key = SigningKey.objects.filter(public_multibase=record.multikey).select_related("organisation")
            self.owner = next((one.organisation for one in key), None)
            return record
        if not method.startswith(did.WEB_PREFIX):
            raise did.KeyNotFound("issuer-kind", "neither did:key nor did:web")
        organisation = _own_issuer(method.partition("#")[0])
        if organisation is None:
            raise did.KeyNotFound("issuer-unreachable", "a did:web of another host")
        record = did.find_in_document(did_document(organisation), method)
        self.owner = organisation
        return record


def _own_issuer(identifier: str) -> Organisation | None:
    if not settings.HTTPS:
        return None
    prefix = did.web_did(settings.BASE_URL, "")
    if not identifier.startswith(prefix):
        return None
    return Organisation.objects.filter(slug=unquote(identifier.removeprefix(prefix))).first()


def own_status_list(url: str) -> dict[str, Any] | None:
    path = _own_path(url)
    if path is None or not path.startswith("/status/"):
        return None
    try:
        pk = uuid.UUID(path.removeprefix("/status/"))
    except ValueError:
        return None
    found = StatusList.objects.select_related("organisation").filter(pk=pk).first()
    return parsing.parse(signed_status_list(found).signed) if found else None


def own_badge(address: str) -> uuid.UUID | None:
    path = _own_path(address)
    if path is None:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.kwargs["pk"] if match.url_name in ("badge", "badge-file") else None


def _own_path(address: str) -> str | None:
    """The path of an address under our own base address, else None."""
    if not is_ours(address):
        return None
    try:
        return urlsplit(address[len(settings.BASE_URL) :]).path or None
    except ValueError:
        return None


def is_ours(address: str) -> bool:
    return address.startswith((f"{settings.BASE_URL}/",)) or address == settings.BASE_URL


def record_of(credential: dict[str, Any], owner: Organisation) -> Credential | None:
    """Our row of a badge that our own key signed, found by the badge's id."""
    identifier = credential.get("id")
    named = UUID_AT_END.search(identifier) if isinstance(identifier, str) else None
    if named is None:
        return None
    found = Credential.objects.published().filter(pk=named[1], organisation=owner)
    record = found.select_related("organisation", "achievement").first()
    return record if record and record.award["credential_url"] == identifier else None
