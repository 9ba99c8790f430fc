"""Tell what a ZIP container holds from the names of its members (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16)."""

import struct
from collections.abc import Iterator

_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_MOST_MEMBERS = 4000
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_OFFICE_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"))
_PROGRAM_PARTS = ("META-INF/MANIFEST.MF", "AndroidManifest.xml")


def archive_label(head: bytes, size: int, tail: bytes) -> str | None:
    """Name a ZIP container, or return None when `head` does not begin one; nothing is decompressed."""
    if not head.startswith((_LOCAL, _END)):
        return None
    names = set(_central_names(head, size, tail)) or set(_local_names(head))
    if any(name in names for name in _PROGRAM_PARTS):
        return "java-archive"
    if "[Content_Types].xml" in names:
        return _office_label(names)
    # An OpenDocument begins with its media type, stored as it is, so that it can be read without unpacking.
    name_length, extra_length = struct.unpack_from("<HH", head, 26) if len(head) >= 30 else (0, 0)
    if head[30 : 30 + name_length] == b"mimetype":
        stored = head[30 + name_length + extra_length :][:80]
        for media_type, label in _OPEN_DOCUMENTS.items():
            if stored == media_type.encode() or stored.startswith(media_type.encode() + b"PK"):
                return label
    return "zip"


def _office_label(names: set[str]) -> str:
    if any(name.endswith("vbaProject.bin") for name in names):
        return "office-macros"
    for part, label in _OFFICE_PARTS:
        if part in names:
            return label
    return "zip"


def _central_names(head: bytes, size: int, tail: bytes) -> Iterator[str]:
    known, start = (tail, size - len(tail)) if tail else (head, 0)
    end = known.rfind(_END)
    if end < 0 or end + 22 > len(known):
        return
    length, offset = struct.unpack_from("<II", known, end + 12)
    if tail and offset < start and offset + length <= len(head):
        known, start = head, 0
    at = offset - start
    for _ in range(_MOST_MEMBERS):
        # A directory that begins before what we hold is read from its first whole entry on.
        at = at if at >= 0 else known.find(_CENTRAL)
        if at < 0 or known[at : at + 4] != _CENTRAL or at + 46 > len(known):
            return
        name, extra, comment = struct.unpack_from("<HHH", known, at + 28)
        yield _text(known[at + 46 : at + 46 + name])
        at += 46 + name + extra + comment


def _local_names(head: bytes) -> Iterator[str]:
    at = 0
    for _ in range(_MOST_MEMBERS):
        at = head.find(_LOCAL, at)
        if at < 0 or at + 30 > len(head):
            return
        packed, _, name, extra = struct.unpack_from("<IIHH", head, at + 18)
        yield _text(head[at + 30 : at + 30 + name])
        at += 30 + name + extra + packed


def _text(name: bytes) -> str:
    return name.decode("utf-8", errors="replace")
