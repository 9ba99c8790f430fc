"""Compact JSON Web Signatures with a fixed list of algorithms (RFC 7515 §7.1, RFC 7518 §3, RFC 8037 §3.1)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from badges.openbadges import base64url, parsing
from badges.openbadges.jwk import PublicKey
from badges.openbadges.keys import SignsJwt

MAX_CHARACTERS = 4 * parsing.MAX_BYTES // 3 + 16 * 1024
MAX_HEADER_CHARACTERS = 8 * 1024
MAX_SIGNATURE_CHARACTERS = 2 * 1024
# What a badge's header may hold (Open Badges 3.0 §8.2.4.1; `cty` by VC-JOSE-COSE §3.1.1), and no more.
HEADER_MEMBERS = frozenset({"alg", "kid", "jwk", "typ", "cty"})
TYPES = ("jwt", "vc+jwt", "vc-ld+jwt")
CONTENT_TYPES = ("vc", "jwt")
HALF = 32  # of an ES256 signature: r, then s
# The first character of `{"`, and of a brace followed by white space, in base64.
JSON_OBJECT = re.compile(r"e[wy]")


class JwsError(ValueError):
    """The text is no signed badge in compact form; `code` names the reason."""

    code = "jwt-malformed"


class Detached(JwsError):
    """The payload is somewhere else (RFC 7515 appendix F)."""

    code = "jwt-detached"


class Encrypted(JwsError):
    """Five parts make a JWE: it is encrypted, not signed."""

    code = "jwt-encrypted"


class Selective(JwsError):
    """Disclosures follow the signature: an SD-JWT, of which nobody here knows the whole."""

    code = "jwt-selective"


class JwsTooLarge(JwsError):
    """The text, its header or its signature is longer than any badge needs."""

    code = "jwt-too-large"


class HeaderRefused(JwsError):
    """The header holds what Open Badges 3.0 does not allow, `crit` among others."""

    code = "jwt-header"


class AlgorithmRefused(JwsError):
    """The algorithm is none of `ALGORITHMS`."""

    code = "jwt-algorithm"


@dataclass(frozen=True)
class Jws:
    """A compact JWS taken apart; nothing of it is verified."""

    header: dict[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes


def looks_like_one(text: str) -> bool:
    """Whether a text is, or was meant to be, a JOSE object in compact form."""
    cleaned = text.strip()
    return bool(JSON_OBJECT.match(cleaned)) and not re.search(r"[\s{}<>]", cleaned) and "." in cleaned


def is_in_json(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a JWS in the general or flattened serialisation (RFC 7515 §7.2)."""
    return "payload" in document and ("signatures" in document or "signature" in document)


def sign(payload: bytes, header: Mapping[str, Any], private: SignsJwt) -> str:
    """A compact JWS by ES256; each signing gives another signature, so what is kept is the text."""
    head = parsing.COMPACT.encode({"alg": "ES256", **header}).encode()
    signed = f"{base64url.encode(head)}.{base64url.encode(payload)}"
    r, s = utils.decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")
    return f"{signed}.{base64url.encode(signature)}"


def read(text: str) -> Jws:
    """The parts of a compact JWS with an allowed header; raises a `JwsError` or a `ParseError`."""
    head, payload, signature = _parts(text.strip())
    try:
        header = parsing.parse(base64url.decode(head))
        _check_header(header)
        signing_input = f"{head}.{payload}".encode("ascii")
        return Jws(header, base64url.decode(payload), base64url.decode(signature), signing_input)
    except base64url.BadBase64 as error:
        raise JwsError(str(error)) from error


def verify(jws: Jws, key: PublicKey) -> bool:
    """Whether the owner of `key` signed exactly this, by the algorithm that the header names."""
    kind, holds = ALGORITHMS[jws.header["alg"]]
    return isinstance(key, kind) and holds(key, jws.signature, jws.signing_input)


def _parts(text: str) -> tuple[str, str, str]:
    if len(text) > MAX_CHARACTERS:
        raise JwsTooLarge(f"longer than {MAX_CHARACTERS} characters")
    if "~" in text:
        raise Selective("disclosures follow the signature")
    parts = text.split(".", 5)
    if len(parts) == 5:
        raise Encrypted("five parts: it is encrypted")
    if len(parts) != 3:
        raise JwsError(f"{len(parts)} parts where there must be three")
    head, payload, signature = parts
    if len(head) > MAX_HEADER_CHARACTERS or len(signature) > MAX_SIGNATURE_CHARACTERS:
        raise JwsTooLarge("the header or the signature is too long")
    if not payload:
        raise Detached("the payload is missing")
    return head, payload, signature


def _check_header(header: dict[str, Any]) -> None:
    surplus = sorted(header.keys() - HEADER_MEMBERS)
    if surplus:
        raise HeaderRefused(f"the header holds {', '.join(surplus)[:80]}")
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise AlgorithmRefused(f"the algorithm is {str(algorithm)[:40]}")
    for member, allowed in (("typ", TYPES), ("cty", CONTENT_TYPES)):
        value = header.get(member, allowed[0])
        if not isinstance(value, str) or value.lower().removeprefix("application/") not in allowed:
            raise HeaderRefused(f"{member} is {str(value)[:40]}")
    if not isinstance(header.get("kid", ""), str) or not isinstance(header.get("jwk", {}), dict):
        raise HeaderRefused("kid is no text, or jwk is no object")


def _es256(key: Any, signature: bytes, signed: bytes) -> bool:
    if len(signature) != 2 * HALF or not isinstance(key.curve, ec.SECP256R1):
        return False
    numbers = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
    return _holds(lambda: key.verify(utils.encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256())))


def _eddsa(key: Any, signature: bytes, signed: bytes) -> bool:
    return _holds(lambda: key.verify(signature, signed))


def _rs256(key: Any, signature: bytes, signed: bytes) -> bool:
    return _holds(lambda: key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256()))


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except InvalidSignature:
        return False
    return True


# The specification asks for RS256 and permits others; `none` and shared secrets are never among them.
ALGORITHMS: Mapping[str, tuple[type, Callable[[Any, bytes, bytes], bool]]] = {
    "ES256": (ec.EllipticCurvePublicKey, _es256),
    "EdDSA": (Ed25519PublicKey, _eddsa),
    "RS256": (RSAPublicKey, _rs256),
}
