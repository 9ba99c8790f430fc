"""DNS messages (RFC 1035), whatever a hostile sender put into them; never raises."""

from dataclasses import dataclass
from ipaddress import ip_address
from struct import Struct
from typing import Final

TYPES: Final = {
    1: "A",
    2: "NS",
    5: "CNAME",
    6: "SOA",
    10: "NULL",
    12: "PTR",
    15: "MX",
    16: "TXT",
    28: "AAAA",
    33: "SRV",
    41: "OPT",
    43: "DS",
    46: "RRSIG",
    48: "DNSKEY",
    64: "SVCB",
    65: "HTTPS",
    252: "AXFR",
    255: "ANY",
    257: "CAA",
}
CODES: Final = {
    0: "No error",
    1: "Format error",
    2: "Server failure",
    3: "No such name",
    4: "Not implemented",
    5: "Refused",
}
NO_SUCH_NAME: Final = 3
# A name is at most 255 bytes (RFC 1035, 2.3.4), so at most 127 labels, each reached by one pointer at most.
_MOST_BYTES: Final = 255
_MOST_POINTERS: Final = 16
_MOST_ANSWERS: Final = 8

header = Struct(">HHHHHH").unpack_from
_question = Struct(">HH").unpack_from
_record = Struct(">HHIH").unpack_from
_SHOWN: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/+=")


@dataclass(frozen=True, slots=True)
class Message:
    """`answers` are (type, value) of the first records."""

    number: int
    response: bool
    opcode: int
    code: int
    name: str
    kind: int
    answers: tuple[tuple[str, str], ...]


def question_name(raw: bytes) -> str:
    """The name of uncompressed labels without their final zero; "" when they are none."""
    if len(raw) > _MOST_BYTES:
        return ""
    at, labels = 0, []
    while at < len(raw):
        length = raw[at]
        if not 0 < length < 64 or at + 1 + length > len(raw):
            return ""
        labels.append(_text(raw[at + 1 : at + 1 + length]))
        at += 1 + length
    return ".".join(labels).lower()


def name_at(data: bytes, origin: int, at: int, stop: int) -> tuple[str, int]:
    """A name that may use pointers into its message, and where reading goes on (0: it is broken)."""
    labels: list[str] = []
    after, jumps, size = 0, 0, 0
    while at < stop:
        length = data[at]
        if length >= 0xC0:
            if at + 1 >= stop:
                return "", 0
            after = after or at + 2
            target = origin + ((length & 0x3F) << 8 | data[at + 1])
            jumps += 1
            # Pointers go back; one that does not is a loop or points nowhere.
            if jumps > _MOST_POINTERS or target >= at:
                return "", 0
            at = target
            continue
        if length >= 64 or at + 1 + length > stop:
            return "", 0
        if not length:
            return ".".join(labels).lower() or ".", after or at + 1
        size += 1 + length
        if size > _MOST_BYTES:
            return "", 0
        labels.append(_text(data[at + 1 : at + 1 + length]))
        at += 1 + length
    return "", 0


def _text(label: bytes) -> str:
    """A label as it is shown: what is no letter, digit or the like is written as a number."""
    if _SHOWN.issuperset(label):
        return label.decode("ascii")
    return "".join(chr(byte) if byte in _SHOWN else f"\\{byte:03d}" for byte in label)


def message_at(data: bytes, at: int, stop: int) -> Message | None:
    """The message that starts at `at`; None when it has no header or no readable question."""
    if stop - at < 12:
        return None
    number, flags, questions, answers, _authorities, _additional = header(data, at)
    name, here, kind = "", at + 12, 0
    if questions:
        name, here = name_at(data, at, here, stop)
        if not here or here + 4 > stop:
            return None
        kind = _question(data, here)[0]
        here += 4
        for _ in range(min(questions, 4) - 1):
            _other, here = name_at(data, at, here, stop)
            if not here:
                return None
            here += 4
    found = tuple(_answers(data, at, here, stop, answers))
    return Message(number, bool(flags & 0x8000), flags >> 11 & 15, flags & 15, name, kind, found)


def _answers(data: bytes, origin: int, at: int, stop: int, count: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for _ in range(min(count, _MOST_ANSWERS)):
        _name, at = name_at(data, origin, at, stop)
        if not at or at + 10 > stop:
            break
        kind, _class, _ttl, length = _record(data, at)
        at += 10
        if at + length > stop:
            break
        value = ""
        if (kind == 1 and length == 4) or (kind == 28 and length == 16):
            value = str(ip_address(data[at : at + length]))
        elif kind in (2, 5, 12):
            value = name_at(data, origin, at, at + length)[0]
        found.append((TYPES.get(kind, f"TYPE{kind}"), value))
        at += length
    return found
