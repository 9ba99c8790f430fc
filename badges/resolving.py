"""Find the keys, lists and badges of our own that a verification needs, without the network."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext_lazy as _

from badges.listing import current_text
from badges.models import Credential, SigningKey, StatusList
from badges.models.signing_key import Algorithm
from badges.openbadges import did, jwk, parsing
from badges.publishing import current_issuer_id, did_document, key_record
from workbench.errors import DomainError, invalid
from workbench.models import Organisation

UUID_AT_END = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")


class Resolver:
    """Finds keys without the network and remembers which of our organisations signed."""

    def __init__(self) -> None:
        self.owner: Organisation | None = None

    def resolve(self, method: str, issuer: str) -> did.KeyRecord:
        for prefix, find in FINDERS.items():
            if method.startswith(prefix):
                record, self.owner = find(method)
                return record
        raise did.KeyNotFound("issuer-kind", "neither a did:key, did:jwk, did:web nor an address")


Found = tuple[did.KeyRecord, Organisation | None]


def _in_did_key(method: str) -> Found:
    record = did.resolve_key_did(method)
    key = SigningKey.objects.filter(public_multibase=record.multikey).select_related("organisation").first()
    return record, key.organisation if key else None


def _in_did_jwk(method: str) -> Found:
    """No issuer of ours has such a DID."""
    return did.resolve_jwk_did(method), None


def _in_did_web(method: str) -> Found:
    organisation = own_issuer(method.partition("#")[0])
    if organisation is None:
        raise did.KeyNotFound("issuer-unreachable", "a did:web of another host")
    return did.find_in_document(did_document(organisation), method), organisation


def _in_jwks(method: str) -> Found:
    """A key of ours by the address of its issuer's JWKS, the fragment being the key's thumbprint."""
    address, _, fragment = method.partition("#")
    match = _own_page(address)
    if match is None or match.url_name != "issuer-jwks":
        raise did.KeyNotFound("issuer-unreachable", "a key on another website")
    organisation = Organisation.objects.filter(slug=match.kwargs["slug"]).first()
    identifier = current_issuer_id(organisation) if organisation else ""
    for key in organisation.signing_keys.of(Algorithm.P256) if organisation else ():
        record = key_record(key, identifier)
        if jwk.thumbprint(record.jwk or {}) == fragment:
            return replace(record, verification_method=method), organisation
    raise did.KeyNotFound("key-not-found", "the JWKS does not hold this key")


FINDERS: Mapping[str, Callable[[str], Found]] = {
    did.KEY_PREFIX: _in_did_key,
    did.JWK_PREFIX: _in_did_jwk,
    did.WEB_PREFIX: _in_did_web,
    "https://": _in_jwks,
    "http://": _in_jwks,
}


def own_issuer(identifier: str) -> Organisation | None:
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
    found = StatusList.objects.filter(pk=pk).first()
    text = current_text(found) if found else None
    return parsing.parse(text) if text else None


def own_badge(address: str) -> uuid.UUID | None:
    match = _own_page(address)
    return match.kwargs["pk"] if match and match.url_name in ("badge", "badge-file") else None


def asks_for_jwt(address: str) -> bool:
    """Whether the address of a badge of ours asks for its JWT form."""
    match = _own_page(address)
    if match is None:
        return False
    form = parse_qsl(urlsplit(address).query[:200])
    return match.kwargs.get("suffix") == "jwt" or ("form", "jwt") in form


def text_at(address: str) -> str:
    """The badge at an address of our own, in the signed form that the address asks for."""
    badge = badge_at(address)
    if not asks_for_jwt(address):
        return badge.signed
    if not badge.jwt:
        raise invalid("jwt-waiting", _("The JWT form of this badge is being signed. Try again in a minute."))
    return badge.jwt


def badge_at(address: str) -> Credential:
    """The published badge at an address of our own, in whatever form the address asks for."""
    pk = own_badge(address)
    if pk is None:
        raise invalid(
            "foreign-address",
            _("This page contacts no other website. Download the badge from there, and give its file here."),
        )
    found = Credential.objects.published().filter(pk=pk).first()
    if found is None:
        raise DomainError("unknown-badge", _("There is no badge at this address."), status=422)
    return found


def _own_page(address: str) -> ResolverMatch | None:
    path = _own_path(address)
    if path is None:
        return None
    try:
        return resolve(path)
    except Resolver404:
        return None


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
