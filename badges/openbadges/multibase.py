"""Base58btc with its multibase prefix, the spelling of keys and signatures."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUES = {character: value for value, character in enumerate(ALPHABET)}


class BadMultibase(ValueError):
    """The text is not `z` followed by base58btc of the expected length."""


def encode(data: bytes) -> str:
    """`data` as multibase base58btc, starting with `z`."""
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def decode(text: str, length: int) -> bytes:
    """The `length` bytes written in `text`; raises `BadMultibase`."""
    if not isinstance(text, str) or not text.startswith("z") or not len(text) <= 2 * length + 1:
        raise BadMultibase("not base58btc with the prefix z, or of the wrong length")
    number = 0
    for character in text[1:]:
        if character not in VALUES:
            raise BadMultibase(f"{character!r} is not a base58btc character")
        number = number * 58 + VALUES[character]
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    data = b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(data) != length:
        raise BadMultibase(f"{len(data)} bytes where {length} are expected")
    return data
