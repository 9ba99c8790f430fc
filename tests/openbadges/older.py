"""Open Badges 2.0 of our own making: Mons hosts some and signs others, and each can be spoiled."""

import copy
import hashlib
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.openbadges import base64url, jws, p256, parsing
from badges.openbadges.v2.checks import Unreachable
from badges.openbadges.v2.documents import CONTEXT

SITE = "https://badges.mons.example"
ASSERTION = f"{SITE}/assertions/1"
BADGE = f"{SITE}/badges/routing"
ISSUER = f"{SITE}/issuer"
KEY = f"{SITE}/keys/1"
REVOCATIONS = f"{SITE}/revoked"
EMAIL = "ada@demo.example"
SALT = "kosher"

EC_KEY = ec.derive_private_key(5_500_550_055, p256.CURVE)
OTHER_EC_KEY = ec.derive_private_key(6_600_660_066, p256.CURVE)


@cache
def rsa_key(name: str = "mons") -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: Any) -> str:
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def assertion(kind: str = "hosted", **changes: Any) -> dict[str, Any]:
    verification: dict[str, Any] = (
        {"type": "hosted"} if kind == "hosted" else {"type": "signed", "creator": KEY}
    )
    return {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": ASSERTION if kind == "hosted" else "urn:uuid:6d2a6a67-0d4d-4a5e-8a86-5e6b0f6f8a01",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": SALT,
            "identity": "sha256$" + hashlib.sha256((EMAIL + SALT).encode()).hexdigest(),
        },
        "badge": BADGE,
        "verification": verification,
        "issuedOn": "2024-05-01T09:00:00Z",
        "expires": "2090-05-01T09:00:00+02:00",
        "evidence": f"{SITE}/evidence/1",
        "narrative": "Routes between **three** networks.",
    } | changes


def badge_class(**changes: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": BADGE,
        "name": "Routing",
        "description": "Configures static and dynamic routes.",
        "image": f"{SITE}/badges/routing.png",
        "criteria": {"narrative": "Shows a working topology."},
        "issuer": ISSUER,
    } | changes


def issuer(**changes: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": ISSUER,
        "name": "Université de Mons",
        "url": SITE,
        "email": "badges@mons.example",
        "publicKey": KEY,
        "revocationList": REVOCATIONS,
    } | changes


def key_document(key: Any = EC_KEY, **changes: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "CryptographicKey",
        "id": KEY,
        "owner": ISSUER,
        "publicKeyPem": pem(key),
    } | changes


def revocations(*entries: Any, **changes: Any) -> dict[str, Any]:
    listed = {
        "type": "RevocationList",
        "id": REVOCATIONS,
        "issuer": ISSUER,
        "revokedAssertions": list(entries),
    }
    return {"@context": CONTEXT} | listed | changes


def website(**changes: Any) -> dict[str, Any]:
    """What Mons serves. A change replaces a document: None takes it away, an exception is raised."""
    documents: dict[str, Any] = {
        ASSERTION: assertion(),
        BADGE: badge_class(),
        ISSUER: issuer(),
        KEY: key_document(),
        REVOCATIONS: revocations(),
    }
    return documents | changes


def fetch_from(documents: dict[str, Any]) -> Callable[[str], Any]:
    def fetch(address: str) -> Any:
        found = documents.get(address)
        if isinstance(found, Exception):
            raise found
        if found is None:
            raise Unreachable("v2-absent")
        return copy.deepcopy(found)

    return fetch


def signed(document: dict[str, Any] | None = None, key: Any = EC_KEY, **header: Any) -> str:
    """The JWS of an assertion, by ES256 or RS256 as the key is."""
    payload = parsing.serialise(assertion("signed") if document is None else document).encode()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return jws.sign(payload, header, key)
    head = parsing.serialise({"alg": "RS256", **header}).encode()
    text = f"{base64url.encode(head)}.{base64url.encode(payload)}"
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64url.encode(signature)}"


def baked_png(image: bytes, text: str, *, kind: bytes = b"iTXt") -> bytes:
    """An image with an older badge right after its header, as bakers of that time made it."""
    data = b"openbadges\0" + (b"\0\0\0\0" if kind == b"iTXt" else b"") + text.encode()
    chunk = len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    return image[:33] + chunk + image[33:]


def baked_svg(image: bytes, text: str = "", *, verify: str = "") -> bytes:
    body = f"<![CDATA[{text}]]>" if text else ""
    attribute = f' verify="{verify}"' if verify else ""
    element = f'<ob:assertion xmlns:ob="http://openbadges.org"{attribute}>{body}</ob:assertion>'
    end = image.index(b">") + 1
    return image[:end] + element.encode() + image[end:]
