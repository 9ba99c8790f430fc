"""Keys that an issuer publishes at an https address: a JWKS, a key of its own, or a controller document."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from badges.openbadges import did, jwk
from badges.openbadges.did import BadDid, KeyNotFound, KeyRecord


def find(document: Mapping[str, Any], method: str, issuer: str) -> KeyRecord:
    """The key that the document at the address of `method` holds under that name; raises `KeyNotFound`.

    It belongs to the issuer when it lives on the issuer's own host: what a document elsewhere says of its
    owner, anybody can write.
    """
    record = _in_keys(document, method) if "keys" in document else _alone(document, method)
    home = origin(method)
    at_home = home is not None and home == origin(issuer)
    owner = (record.controller or issuer) if at_home else (home or method)
    return KeyRecord(method, owner, record.multikey, may_assert=record.may_assert, jwk=record.jwk)


def origin(address: str) -> str | None:
    """Where an https address, or the document of a did:web, lives; None for anything else."""
    try:
        parts = urlsplit(did.document_url(address) if address.startswith(did.WEB_PREFIX) else address)
        port = parts.port
    except (BadDid, ValueError):
        return None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        return None
    return f"https://{parts.hostname}" if port in (None, 443) else f"https://{parts.hostname}:{port}"


def _in_keys(document: Mapping[str, Any], method: str) -> KeyRecord:
    """A JWKS names its keys by `kid`: the whole address, its fragment, or the key's thumbprint."""
    address, _, fragment = method.partition("#")
    listed = document["keys"] if isinstance(document["keys"], list) else []
    held = [key for key in listed if isinstance(key, dict)]
    for key in held:
        if key.get("kid") in (method, fragment or address) or (fragment and _thumbprint(key) == fragment):
            return KeyRecord(method, "", "", jwk=key)
    if len(held) == 1 and not fragment and "kid" not in held[0]:
        return KeyRecord(method, "", "", jwk=held[0])
    raise KeyNotFound("key-not-found", "the JWKS does not hold this key")


def _alone(document: Mapping[str, Any], method: str) -> KeyRecord:
    if "verificationMethod" in document:
        return did.find_in_document(dict(document), method)
    if "kty" in document:
        return KeyRecord(method, "", "", jwk=document)
    if document.get("id") == method and document.get("type") == "Multikey":
        controller, multikey = document.get("controller"), document.get("publicKeyMultibase")
        if isinstance(controller, str) and isinstance(multikey, str):
            return KeyRecord(method, controller, multikey)
    raise KeyNotFound("key-unsupported", "the document is neither a JWKS, a key nor a controller document")


def _thumbprint(key: Mapping[str, Any]) -> str | None:
    try:
        return jwk.thumbprint(key)
    except (KeyError, TypeError):
        return None
