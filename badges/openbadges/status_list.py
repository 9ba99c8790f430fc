"""Who was revoked or suspended, as bits in one shared list (W3C Bitstring Status List v1.0)."""

import base64
import binascii
import gzip
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges.openbadges import contexts
from badges.openbadges.proof import timestamp

MIN_BITS = 131_072
MAX_BYTES = 16 * 1024 * 1024 // 8
PURPOSES = ("revocation", "suspension")
# Milliseconds for which a list may be used without asking again (§2.2): a revocation counts at once.
TIME_TO_LIVE = 1000


class BadStatusList(ValueError):
    """The list cannot be read, is too short to hide anyone in, or inflates beyond reason."""


@dataclass(frozen=True)
class StatusListDefinition:
    """One list: address, issuer, purpose, size in bits, the indexes that are set and how long it holds."""

    url: str
    issuer_id: str
    purpose: str
    issued_at: datetime
    indexes: frozenset[int]
    length: int = MIN_BITS
    valid_until: datetime | None = None


def encode(indexes: Collection[int], length: int = MIN_BITS) -> str:
    """`u` and the base64url of the gzipped bits, bit 0 being the leftmost bit of the first byte (§3.3).

    The same indexes always give the same text: the gzip header carries no time.
    """
    if length < MIN_BITS or length % 8:
        raise BadStatusList(f"a list needs at least {MIN_BITS} bits and whole bytes")
    bits = bytearray(length // 8)
    for index in indexes:
        if not 0 <= index < length:
            raise BadStatusList(f"index {index} lies outside the list")
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode("ascii").rstrip("=")


def decode(encoded: str) -> bytes:
    """The bits of an `encodedList`; raises `BadStatusList`."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise BadStatusList("the list is not multibase base64url")
    try:
        packed = base64.b64decode(
            encoded[1:] + "=" * (-(len(encoded) - 1) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise BadStatusList("the list is not base64url") from error
    inflater = zlib.decompressobj(wbits=31)
    try:
        bits = inflater.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadStatusList("the list is not gzip") from error
    if len(bits) > MAX_BYTES:
        raise BadStatusList("the list is larger than any list should be")
    if not inflater.eof or inflater.unused_data:
        raise BadStatusList("the list is cut short or followed by something else")
    if len(bits) * 8 < MIN_BITS:
        raise BadStatusList(f"the list has fewer than {MIN_BITS} bits")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit at `index` is set; raises `BadStatusList` outside the list."""
    if not 0 <= index < len(bits) * 8:
        raise BadStatusList(f"index {index} lies outside the list")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def build(definition: StatusListDefinition) -> dict[str, Any]:
    """The unsigned BitstringStatusListCredential (§2.2)."""
    if definition.purpose not in PURPOSES:
        raise BadStatusList(f"{definition.purpose!r} is not a purpose of a status list")
    end = {"validUntil": timestamp(definition.valid_until)} if definition.valid_until else {}
    return {
        "@context": [contexts.CREDENTIALS],
        "id": definition.url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": definition.issuer_id,
        "validFrom": timestamp(definition.issued_at),
        **end,
        "credentialSubject": {
            "id": f"{definition.url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": definition.purpose,
            "ttl": TIME_TO_LIVE,
            "encodedList": encode(definition.indexes, definition.length),
        },
    }
