"""DIDs of issuers: did:web where the product is served over https, did:key elsewhere."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.openbadges import base64url, contexts, jwk, keys, p256, parsing
from badges.openbadges.proof import timestamp

KEY_PREFIX = "did:key:"
WEB_PREFIX = "did:web:"
JWK_PREFIX = "did:jwk:"
MAX_JWK_CHARACTERS = 8 * 1024
JSON_WEB_KEYS = ("JsonWebKey", "JsonWebKey2020")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\Z")
SEGMENT = re.compile(r"[A-Za-z0-9._-]+\Z")


class BadDid(ValueError):
    """The address or identifier cannot be a DID of the kind asked for."""


class KeyNotFound(LookupError):
    """No key can be had for a verification method; `code` says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class KeyRecord:
    """A public key, its owner, and whether the owner still lets it vouch for credentials.

    It is spelled as `multikey` or, where that is empty, as `jwk`. `revoked` is the moment from which nothing
    may be verified with it (W3C Controlled Identifiers v1.0 §2.2).
    """

    verification_method: str
    controller: str
    multikey: str
    may_assert: bool = True
    jwk: Mapping[str, Any] | None = None
    revoked: datetime | None = None


def key_did(public: Ed25519PublicKey | EllipticCurvePublicKey) -> str:
    """The did:key of a public key."""
    if isinstance(public, EllipticCurvePublicKey):
        return KEY_PREFIX + p256.encode_public(public)
    return KEY_PREFIX + keys.encode_public(public)


def web_did(base_url: str, slug: str) -> str:
    """`did:web:HOST:issuers:SLUG`, a port as in `%3A8443`; raises `BadDid` unless the base URL is https."""
    parts = urlsplit(base_url)
    if parts.scheme != "https" or parts.query or parts.fragment or parts.username is not None:
        raise BadDid("a did:web needs an https address without query or credentials")
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
        netloc = f"{host}:{parts.port}" if parts.port not in (None, 443) else host
    except (UnicodeError, ValueError) as error:
        raise BadDid("the address has no usable host") from error
    if not HOST.match(netloc):
        raise BadDid("the address has no usable host")
    path = [quote(unquote(segment), safe="") for segment in parts.path.split("/") if segment]
    return WEB_PREFIX + ":".join([quote(netloc, safe=""), *path, "issuers", quote(slug, safe="")])


def issuer_did(base_url: str, slug: str, public: Ed25519PublicKey | EllipticCurvePublicKey) -> str:
    """The DID of an issuer: did:web when the base URL is https, else the did:key of `public`."""
    return web_did(base_url, slug) if base_url.startswith("https://") else key_did(public)


def verification_method(did: str, public: Ed25519PublicKey) -> str:
    """The DID URL of a key: the multikey as fragment, which every verifier measured accepts."""
    return f"{did}#{keys.encode_public(public)}"


def jwk_record(did: str, public: EllipticCurvePublicKey) -> KeyRecord:
    """A P-256 key of a DID. The fragment is the multikey in a did:key, elsewhere the thumbprint."""
    if did.startswith(KEY_PREFIX):
        fragment = p256.encode_public(public)
    else:
        fragment = jwk.thumbprint(jwk.encode(public))
    return KeyRecord(f"{did}#{fragment}", did, "", jwk=jwk.encode(public))


def document_url(did: str) -> str:
    """Where the document of a did:web is served; raises `BadDid` (did:web method, §3.2)."""
    if not did.startswith(WEB_PREFIX):
        raise BadDid("not a did:web")
    host, *path = did.removeprefix(WEB_PREFIX).split(":")
    netloc = unquote(host)
    if not HOST.match(netloc):
        raise BadDid("the did:web names no usable host")
    for segment in path:
        if not SEGMENT.match(unquote(segment)) or unquote(segment) in (".", ".."):
            raise BadDid("the did:web names no usable path")
    return f"https://{netloc}/" + "/".join([*(path or [".well-known"]), "did.json"])


def document(did: str, records: Iterable[KeyRecord]) -> dict[str, Any]:
    """The DID document: every key ever used is in it, `assertionMethod` lists those that may still vouch."""
    listed = list(records)
    with_jwk = [contexts.JSON_WEB_KEY] if any(record.jwk for record in listed) else []
    built: dict[str, Any] = {
        "@context": [contexts.DID, contexts.MULTIKEY, *with_jwk],
        "id": did,
        "verificationMethod": [
            {"id": record.verification_method, "controller": did, **_spelled(record), **_revoked(record)}
            for record in listed
        ],
        "assertionMethod": [record.verification_method for record in listed if record.may_assert],
    }
    return {member: value for member, value in built.items() if value}


def resolve_key_did(method: str) -> KeyRecord:
    """The key that a did:key verification method is; raises `KeyNotFound`."""
    did, _, fragment = method.partition("#")
    multikey = did.removeprefix(KEY_PREFIX)
    if not did.startswith(KEY_PREFIX) or fragment != multikey:
        raise KeyNotFound("key-not-found", "not the key of a did:key")
    return KeyRecord(method, did, multikey)


def resolve_jwk_did(method: str) -> KeyRecord:
    """The key that a did:jwk verification method holds; raises `KeyNotFound` (did:jwk method, §2.2)."""
    did, _, fragment = method.partition("#")
    encoded = did.removeprefix(JWK_PREFIX)
    if not did.startswith(JWK_PREFIX) or fragment != "0" or len(encoded) > MAX_JWK_CHARACTERS:
        raise KeyNotFound("key-not-found", "not the key of a did:jwk")
    try:
        held = parsing.parse(base64url.decode(encoded))
    except (base64url.BadBase64, parsing.ParseError) as error:
        raise KeyNotFound("key-not-found", "the did:jwk holds no JWK") from error
    return KeyRecord(method, did, "", jwk=held)


def find_in_document(did_document: dict[str, Any], method: str) -> KeyRecord:
    """The key that a DID document holds under `method`; raises `KeyNotFound`."""
    did = method.partition("#")[0]
    if did_document.get("id") != did:
        raise KeyNotFound("did-document-mismatch", "the DID document is about another DID")
    for entry in _objects(did_document.get("verificationMethod")):
        if _absolute(did, entry.get("id")) == method:
            controller = entry.get("controller")
            multikey, held = _key_in(entry)
            if not isinstance(controller, str) or not (multikey or held):
                raise KeyNotFound("key-unsupported", "the key is neither a Multikey nor a JsonWebKey")
            asserted = did_document.get("assertionMethod")
            allowed = [_absolute(did, item) for item in asserted] if isinstance(asserted, list) else []
            may_assert = method in allowed and not _is_over(entry)
            return KeyRecord(method, controller, multikey, may_assert=may_assert, jwk=held)
    raise KeyNotFound("key-not-found", "the DID document does not hold this key")


def _key_in(entry: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """The multikey or the JWK of a verification method, as its type says; neither when it has none."""
    multikey, held = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk")
    if entry.get("type") == "Multikey" and isinstance(multikey, str):
        return multikey, None
    if entry.get("type") in JSON_WEB_KEYS and isinstance(held, dict):
        return "", held
    return "", None


def _spelled(record: KeyRecord) -> dict[str, Any]:
    if record.jwk is None:
        return {"type": "Multikey", "publicKeyMultibase": record.multikey}
    return {"type": "JsonWebKey", "publicKeyJwk": {**record.jwk, "kid": jwk.thumbprint(record.jwk)}}


def _revoked(record: KeyRecord) -> dict[str, str]:
    return {"revoked": timestamp(record.revoked)} if record.revoked else {}


def _is_over(entry: dict[str, Any]) -> bool:
    """Whether the owner withdrew the key, or gave it an end that is past; what cannot be read counts as past.

    Who signs can write any date into a proof, so a withdrawn key vouches for nothing, whatever that says.
    """
    if entry.get("revoked") is not None:
        return True
    end = entry.get("expires")
    if end is None:
        return False
    try:
        return datetime.fromisoformat(end) <= datetime.now(UTC)
    except (TypeError, ValueError):
        return True


def _absolute(did: str, reference: Any) -> str | None:
    if not isinstance(reference, str):
        return None
    return did + reference if reference.startswith("#") else reference


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
