"""Ed25519 keys: made, written as Multikey, and sealed for storage."""

import os
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurveSignatureAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from badges.openbadges import multibase

PUBLIC_PREFIX: Final = b"\xed\x01"  # multicodec ed25519-pub
PRIVATE_PREFIX: Final = b"\x80\x26"  # multicodec ed25519-priv
SEAL_VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
KEK_BYTES: Final = 32

P: Final = 2**255 - 19
D: Final = -121665 * pow(121666, -1, P) % P
# The y coordinates of the eight points of small order: a key at one of them accepts signatures nobody made.
SMALL_ORDER_Y: Final = frozenset(
    {
        0,
        1,
        P - 1,
        int.from_bytes(
            bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
        ),
        int.from_bytes(
            bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
        ),
    }
)


class SignsEmbedded(Protocol):
    """What makes the signature of an embedded proof: an Ed25519 key, or a device that holds one."""

    def sign(self, data: bytes, /) -> bytes:
        """64 bytes (RFC 8032 §5.1.6)."""


class SignsJwt(Protocol):
    """What makes the signature of a JWT: a P-256 key, or a device that holds one."""

    def sign(self, data: bytes, signature_algorithm: EllipticCurveSignatureAlgorithm, /) -> bytes:
        """The two numbers as DER."""


class BadKey(ValueError):
    """The text is no Ed25519 key, or one that must not be trusted."""


class SealError(ValueError):
    """A sealed key cannot be opened: another key-encryption key, other associated data, or damaged bytes."""


def generate() -> Ed25519PrivateKey:
    """A new signing key."""
    return Ed25519PrivateKey.generate()


def encode_public(key: Ed25519PublicKey) -> str:
    """The key as a Multikey, `z6Mk…` (W3C Controlled Identifiers §2.2.2)."""
    return multibase.encode(PUBLIC_PREFIX + key.public_bytes_raw())


def decode_public(multikey: str) -> Ed25519PublicKey:
    """The key behind a Multikey; raises `BadKey`, also for a point of small order or in a second spelling."""
    raw = _decode(multikey, PUBLIC_PREFIX)
    refuse_weak(raw)
    return Ed25519PublicKey.from_public_bytes(raw)


def encode_private(key: Ed25519PrivateKey) -> str:
    """The private key as a Multikey, `z3u2…`."""
    return multibase.encode(PRIVATE_PREFIX + key.private_bytes_raw())


def decode_private(multikey: str) -> Ed25519PrivateKey:
    """The private key behind a Multikey; raises `BadKey`."""
    return Ed25519PrivateKey.from_private_bytes(_decode(multikey, PRIVATE_PREFIX))


def refuse_weak(raw: bytes) -> None:
    """Raises `BadKey` unless 32 bytes are the one form of a point not of small order (RFC 8032 §5.1.3)."""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= P:
        raise BadKey("the key is not in canonical form")
    if y in SMALL_ORDER_Y:
        raise BadKey("the key is a point of small order")
    x_squared = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    if pow(x_squared, (P - 1) // 2, P) != 1:
        raise BadKey("the key is not a point of the curve")


def seal(private: Ed25519PrivateKey, kek: bytes, associated: str) -> bytes:
    """The private key as `seal_raw` encrypts it."""
    return seal_raw(private.private_bytes_raw(), kek, associated)


def unseal(sealed: bytes, kek: bytes, associated: str) -> Ed25519PrivateKey:
    """The private key that `seal` encrypted; raises `SealError`."""
    return from_seed(unseal_raw(sealed, kek, associated))


def from_seed(raw: bytes) -> Ed25519PrivateKey:
    """The private key of 32 bytes that were sealed."""
    return Ed25519PrivateKey.from_private_bytes(raw)


def seal_raw(raw: bytes, kek: bytes, associated: str) -> bytes:
    """The 32 bytes of a private key under AES-256-GCM: version byte, random nonce, ciphertext and tag.

    `associated` (organisation, key id and the like) is authenticated: a sealed key cannot change rows.
    """
    nonce = os.urandom(NONCE_BYTES)
    return SEAL_VERSION + nonce + _cipher(kek).encrypt(nonce, raw, _associated(associated))


def unseal_raw(sealed: bytes, kek: bytes, associated: str) -> bytes:
    """The bytes that `seal_raw` encrypted; raises `SealError`."""
    if sealed[:1] != SEAL_VERSION:
        raise SealError("the sealed key is of an unknown version")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if len(nonce) != NONCE_BYTES or len(ciphertext) != 32 + 16:
        raise SealError("the sealed key has the wrong length")
    try:
        return _cipher(kek).decrypt(nonce, ciphertext, _associated(associated))
    except InvalidTag as error:
        raise SealError("the sealed key does not open with this key-encryption key and owner") from error


def _cipher(kek: bytes) -> AESGCM:
    if len(kek) != KEK_BYTES:
        raise SealError(f"the key-encryption key must be {KEK_BYTES} bytes long")
    return AESGCM(kek)


def _associated(associated: str) -> bytes:
    return SEAL_VERSION + associated.encode("utf-8")


def _decode(multikey: str, prefix: bytes) -> bytes:
    try:
        decoded = multibase.decode(multikey, len(prefix) + 32)
    except multibase.BadMultibase as error:
        raise BadKey(str(error)) from error
    if not decoded.startswith(prefix):
        raise BadKey("the key is not of the Ed25519 kind expected")
    return decoded[len(prefix) :]
