"""Options of pcapng blocks, as far as times and names need them."""

from struct import Struct
from typing import Final

# No tool writes as many; of several of one code the first counts.
_MOST_OPTIONS: Final = 200
_MICROSECONDS: Final = 1_000_000


def options(data: bytes, position: int, limit: int, order: str) -> dict[int, bytes]:
    """Options by their code; reading stops without a word at the first that does not fit."""
    header = Struct(order + "HH").unpack_from
    found: dict[int, bytes] = {}
    for _ in range(_MOST_OPTIONS):
        if position + 4 > limit:
            break
        code, length = header(data, position)
        start = position + 4
        if code == 0 or start + length > limit:
            break
        found.setdefault(code, data[start : start + length])
        position = start + (length + 3 & ~3)
    return found


def resolution(option: bytes) -> int:
    """Ticks a second of an interface (if_tsresol): a power of ten, or of two with the high bit set."""
    if not option:
        return _MICROSECONDS
    power = option[0] & 0x7F
    ticks: int = 2**power if option[0] & 0x80 else 10**power
    return ticks
