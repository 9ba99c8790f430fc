"""Hardware address and host name in a DHCP message (RFC 2131, RFC 2132)."""

from typing import Final

_COOKIE: Final = b"\x63\x82\x53\x63"
_HOST_NAME: Final = 12
_KIND: Final = 53
KINDS: Final = {
    1: "Discover",
    2: "Offer",
    3: "Request",
    4: "Decline",
    5: "ACK",
    6: "NAK",
    7: "Release",
    8: "Inform",
}


def hardware_address(data: bytes) -> bytes:
    """The Ethernet address of the client; empty when there is none."""
    if len(data) < 34 or data[1] != 1 or data[2] != 6:
        return b""
    return data[28:34]


def options_of(data: bytes) -> tuple[int, bool]:
    """(kind of message, whether it tells a host name)."""
    kind, named = 0, False
    if data[236:240] != _COOKIE:
        return kind, named
    here, stop = 240, len(data)
    while here + 1 < stop and data[here] != 255:
        if data[here] == 0:
            here += 1
            continue
        code, length = data[here], data[here + 1]
        if here + 2 + length > stop:
            break
        if code == _KIND and length:
            kind = data[here + 2]
        named = named or (code == _HOST_NAME and length > 0)
        here += 2 + length
    return kind, named
