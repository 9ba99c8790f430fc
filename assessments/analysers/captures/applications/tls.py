"""The first message of either side of TLS (RFC 8446, RFC 5246): names, versions; never raises."""

from dataclasses import dataclass
from itertools import product
from struct import Struct
from typing import Final

VERSIONS: Final = {
    0x0200: "SSL 2.0",
    0x0300: "SSL 3.0",
    0x0301: "TLS 1.0",
    0x0302: "TLS 1.1",
    0x0303: "TLS 1.2",
    0x0304: "TLS 1.3",
}
# RFC 7568 and RFC 8996 forbid them.
DEPRECATED: Final = frozenset(("SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1"))
CLIENT_HELLO: Final = 1
SERVER_HELLO: Final = 2
CONTENTS: Final = {20: "Change Cipher Spec", 21: "Alert", 22: "Handshake", 23: "Application Data"}
HANDSHAKES: Final = {
    0: "Hello Request",
    1: "Client Hello",
    2: "Server Hello",
    4: "New Session Ticket",
    8: "Encrypted Extensions",
    11: "Certificate",
    12: "Server Key Exchange",
    13: "Certificate Request",
    14: "Server Hello Done",
    15: "Certificate Verify",
    16: "Client Key Exchange",
    20: "Finished",
}
# How a handshake record begins: type, version, and the higher byte of a length of at most 16 KiB.
LEADS: Final = frozenset(bytes((22, 3, minor, high)) for minor, high in product(range(5), range(65)))

_half = Struct(">H").unpack_from
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Hello:
    """`version` is the highest that a client offers or the one that a server chose; 0 when it is cut off."""

    kind: int
    version: int
    server_name: str = ""


def hello_at(data: bytes, at: int = 0) -> Hello | None:
    """The hello that stands at `at`; what the end of the data cuts off is left out."""
    stop = len(data)
    if stop - at < 11 or data[at] != 22 or data[at + 5] not in (CLIENT_HELLO, SERVER_HELLO):
        return None
    kind = data[at + 5]
    version: int = _half(data, at + 9)[0]
    here = at + 9 + 2 + 32
    if here >= stop:
        return Hello(kind, version)
    here += 1 + data[here]
    if kind == SERVER_HELLO:
        here += 3
    else:
        if here + 2 > stop:
            return Hello(kind, version)
        here += 2 + _half(data, here)[0]
        if here >= stop:
            return Hello(kind, version)
        here += 1 + data[here]
    name, supported = _extensions(data, here + 2, kind)
    return Hello(kind, supported or version, name)


def _extensions(data: bytes, here: int, kind: int) -> tuple[str, int]:
    """(server name, version) as extensions tell them; empty and 0 where they do not."""
    name, version, stop = "", 0, len(data)
    while here + 4 <= stop:
        extension, length = _half(data, here)[0], _half(data, here + 2)[0]
        here += 4
        end = min(here + length, stop)
        if extension == 0 and kind == CLIENT_HELLO and end - here > 5:
            size: int = _half(data, here + 3)[0]
            name = _host(data[here + 5 : min(here + 5 + size, end)])
        elif extension == 43:
            version = _supported(data, here, end, kind)
        here += length
    return name, version


def _supported(data: bytes, here: int, end: int, kind: int) -> int:
    """The highest real version of a client's list, or the server's choice."""
    if kind == SERVER_HELLO:
        return int(_half(data, here)[0]) if end - here >= 2 else 0
    offered = [int(_half(data, at)[0]) for at in range(here + 1, end - 1, 2)]
    return max((one for one in offered if one in VERSIONS), default=0)


def _host(raw: bytes) -> str:
    """A host name as it is shown: printable ASCII, in lower case."""
    text = raw[:_LONGEST_NAME].decode("ascii", errors="replace").lower()
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if " " < letter < "\x7f" else "?" for letter in text)
