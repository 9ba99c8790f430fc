"""Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), private ones refused."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from badges.openbadges import base64url, keys, p256
from badges.openbadges.keys import BadKey

PublicKey = EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey

PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
RSA_BITS = range(2048, 8193)
RSA_EXPONENTS = range(65537, 2**32)
# Members of each kind that make its thumbprint (RFC 7638 §3.2, RFC 8037 §2).
REQUIRED = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}


def encode(key: EllipticCurvePublicKey) -> dict[str, Any]:
    """A P-256 key as JWK, only with what makes it a key."""
    numbers = key.public_numbers()
    x, y = (base64url.encode(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def decode(jwk: Mapping[str, Any]) -> PublicKey:
    """The key in a JWK of somebody; raises `BadKey`, also for a private key or one for another use."""
    if any(member in jwk for member in PRIVATE_MEMBERS):
        raise BadKey("the key is a private or secret one")
    if jwk.get("use", "sig") != "sig" or "verify" not in _list(jwk.get("key_ops", ["verify"])):
        raise BadKey("the key is not for signatures")
    read = KINDS.get(str(jwk.get("kty")))
    if read is None:
        raise BadKey("the key is of a kind that is not used here")
    return read(jwk)


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a public key (RFC 7638)."""
    members = {name: jwk[name] for name in REQUIRED[jwk["kty"]]}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return base64url.encode(hashlib.sha256(text.encode()).digest())


def _elliptic(jwk: Mapping[str, Any]) -> EllipticCurvePublicKey:
    if jwk.get("crv") != "P-256":
        raise BadKey("the key is of a curve that is not used here")
    x, y = (_bytes(jwk.get(name), p256.COORDINATE_BYTES) for name in ("x", "y"))
    return p256.from_point(b"\x04" + x + y)


def _edwards(jwk: Mapping[str, Any]) -> Ed25519PublicKey:
    if jwk.get("crv") != "Ed25519":
        raise BadKey("the key is of a curve that is not used here")
    raw = _bytes(jwk.get("x"), 32)
    keys.refuse_weak(raw)
    return Ed25519PublicKey.from_public_bytes(raw)


def _rsa(jwk: Mapping[str, Any]) -> RSAPublicKey:
    modulus, exponent = (int.from_bytes(_bytes(jwk.get(name)), "big") for name in ("n", "e"))
    if modulus.bit_length() not in RSA_BITS:
        raise BadKey("an RSA key has 2048 to 8192 bits")
    if exponent not in RSA_EXPONENTS or exponent % 2 == 0 or modulus % 2 == 0:
        raise BadKey("the numbers of the RSA key are not those of a sound key")
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise BadKey("the numbers of the RSA key are not those of a sound key") from error


KINDS: Mapping[str, Callable[[Mapping[str, Any]], PublicKey]] = {
    "EC": _elliptic,
    "OKP": _edwards,
    "RSA": _rsa,
}


def _bytes(value: Any, length: int | None = None) -> bytes:
    try:
        data = base64url.decode(value) if isinstance(value, str) and len(value) <= 2048 else b""
    except base64url.BadBase64 as error:
        raise BadKey(str(error)) from error
    if not data or (length is not None and len(data) != length):
        raise BadKey("a number of the key is missing or of the wrong length")
    return data


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
