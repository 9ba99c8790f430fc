"""P-256 keys, which sign the JWT form: made, written as Multikey, and sealed for storage."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.openbadges import keys, multibase

PUBLIC_PREFIX: Final = b"\x80\x24"  # multicodec p256-pub
CURVE: Final = ec.SECP256R1()
COORDINATE_BYTES: Final = 32
POINT_BYTES: Final = 33


def generate() -> ec.EllipticCurvePrivateKey:
    """A new signing key."""
    return ec.generate_private_key(CURVE)


def encode_public(key: ec.EllipticCurvePublicKey) -> str:
    """The key as a Multikey, `zDn…`: the compressed point (W3C Controlled Identifiers §2.2.2)."""
    point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return multibase.encode(PUBLIC_PREFIX + point)


def decode_public(multikey: str) -> ec.EllipticCurvePublicKey:
    """The key behind a Multikey; raises `BadKey`. The curve has no point of small order to refuse."""
    try:
        decoded = multibase.decode(multikey, len(PUBLIC_PREFIX) + POINT_BYTES)
    except multibase.BadMultibase as error:
        raise keys.BadKey(str(error)) from error
    if not decoded.startswith(PUBLIC_PREFIX):
        raise keys.BadKey("the key is not of the P-256 kind expected")
    return from_point(decoded[len(PUBLIC_PREFIX) :])


def from_point(encoded: bytes) -> ec.EllipticCurvePublicKey:
    """The key at an encoded point of the curve; raises `BadKey`."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, encoded)
    except ValueError as error:
        raise keys.BadKey("the key is not a point of the curve P-256") from error


def seal(private: ec.EllipticCurvePrivateKey, kek: bytes, associated: str) -> bytes:
    """The private key as `keys.seal_raw` encrypts it."""
    scalar = private.private_numbers().private_value
    return keys.seal_raw(scalar.to_bytes(COORDINATE_BYTES, "big"), kek, associated)


def unseal(sealed: bytes, kek: bytes, associated: str) -> ec.EllipticCurvePrivateKey:
    """The private key that `seal` encrypted; raises `SealError`."""
    return from_scalar(keys.unseal_raw(sealed, kek, associated))


def from_scalar(raw: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key of 32 bytes that were sealed; raises `SealError`."""
    try:
        return ec.derive_private_key(int.from_bytes(raw, "big"), CURVE)
    except ValueError as error:
        raise keys.SealError("what was sealed is no P-256 key") from error
