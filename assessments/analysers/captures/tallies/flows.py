"""One direction of a conversation: a list of numbers, because the hot loop adds to very many of them."""

from typing import Final

Flow = list[int]

# Positions in the list. BARE and LABEL are the labels of packets without and with data; WATCH says what is
# looked into; NEXT is the sequence number expected next (-1: none yet), AGAIN and GAPS count what came again
# or is missing; BEGUN is when the first packet passed.
PACKETS: Final = 0
BYTES: Final = 1
FIRST: Final = 2
LAST: Final = 3
MARKS: Final = 4
BARE: Final = 5
LABEL: Final = 6
WATCH: Final = 7
NEXT: Final = 8
AGAIN: Final = 9
GAPS: Final = 10
BEGUN: Final = 11

# Bits of MARKS: which kinds of segment were seen.
SYN: Final = 1
SYN_ACK: Final = 2
ACK: Final = 4
FIN: Final = 8
RST: Final = 16
NULL: Final = 32
FIN_ALONE: Final = 64
XMAS: Final = 128
DATA: Final = 256


def _marks(flags: int) -> int:
    flags &= 0x3F
    if flags & 0x04:
        return RST
    if flags & 0x02:
        return SYN_ACK if flags & 0x10 else SYN
    if flags == 0:
        return NULL
    if flags == 0x01:
        return FIN_ALONE
    if flags & 0x29 == 0x29 and not flags & 0x10:
        return XMAS
    return (FIN if flags & 0x01 else 0) | (ACK if flags & 0x10 else 0)


# By the flags byte of a segment.
MARKS_OF: Final = tuple(map(_marks, range(256)))


def reversed_key(key: bytes) -> bytes:
    """The key of the other direction: addresses and ports change places."""
    if len(key) == 12:
        return key[4:8] + key[:4] + key[10:] + key[8:10]
    if len(key) == 36:
        return key[16:32] + key[:16] + key[34:] + key[32:34]
    half = len(key) // 2
    return key[half:] + key[:half]


def out_of_order(flow: Flow, sequence: int, after: int) -> None:
    """Note data that came again, or a hole before it: hints, since the capture may have lost packets."""
    expected = flow[NEXT]
    ahead = (after - expected) & 0xFFFF_FFFF
    if ahead == 0 or ahead > 0x7FFF_FFFF:
        # One byte before the expected one is how keep-alives look (RFC 9293, 3.8.4).
        if after - sequence > 1:
            flow[AGAIN] += 1
        return
    if (sequence - expected) & 0xFFFF_FFFF < 0x8000_0000:
        flow[GAPS] += 1
    flow[NEXT] = after & 0xFFFF_FFFF
