"""Tell binary files by their first bytes."""

import zlib

import puremagic

_INFLATE_LIMIT = 4096
_PCAP_MAGICS = (
    b"\xa1\xb2\xc3\xd4",  # microseconds, big-endian
    b"\xd4\xc3\xb2\xa1",  # microseconds, little-endian
    b"\xa1\xb2\x3c\x4d",  # nanoseconds, big-endian
    b"\x4d\x3c\xb2\xa1",  # nanoseconds, little-endian
)
_PCAPNG_SECTION = b"\x0a\x0d\x0d\x0a"
_PCAPNG_BYTE_ORDERS = (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a")
_PREFIXES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xce\xfa\xed\xfe", "mach-o"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"\xca\xfe\xba\xbe", "java-class"),
    (b"\0asm", "wasm"),
    (b"L\0\0\0\x01\x14\x02\0", "windows-shortcut"),
)
# What our own code judges is never named by a guess.
_OURS_ALONE = (
    "text/",
    "image/svg",
    "application/pdf",
    "application/xhtml",
    "application/xml",
    "application/javascript",
)
_LEAST_CONFIDENCE = 0.4


def binary_label(head: bytes) -> str | None:
    """Name a binary format by the label code of `recognising`, or None."""
    by_prefix = next((label for prefix, label in _PREFIXES if head.startswith(prefix)), None)
    return capture_label(head) or by_prefix or _label_by_more_than_a_prefix(head)


def _label_by_more_than_a_prefix(head: bytes) -> str | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\f")[:5] == b"%PDF-":
        return "pdf"
    if head.startswith(b"MZ") and b"\0" in head:
        return "windows-program"
    if head.startswith(b"\x1f\x8b"):
        inner = capture_label(_inflate(head))
        return f"{inner}-gzip" if inner else "gzip"
    return None


def capture_label(head: bytes) -> str | None:
    """Return `pcap` or `pcapng` for a packet capture (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng)."""
    if head[:4] in _PCAP_MAGICS:
        return "pcap"
    if head[:4] == _PCAPNG_SECTION and head[8:12] in _PCAPNG_BYTE_ORDERS:
        return "pcapng"
    return None


def guessed_media_type(head: bytes) -> str | None:
    """Ask puremagic for the media type of a binary that is none of ours; only ever used as information."""
    if not head:
        return None
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        media_type = str(match.mime_type)
        if (
            match.confidence >= _LEAST_CONFIDENCE
            and "/" in media_type
            and not media_type.startswith(_OURS_ALONE)
        ):
            return media_type
    return None


def _inflate(head: bytes) -> bytes:
    """The first bytes inside a gzip stream; a bomb costs no more than the limit."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _INFLATE_LIMIT)
    except zlib.error:
        return b""
