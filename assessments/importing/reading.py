"""The files that a person uploads, read by what they contain."""

from collections.abc import Mapping
from datetime import datetime

from assessments.importing.archives import is_zip, unzip
from assessments.importing.case import read_case
from assessments.importing.checking import check
from assessments.importing.csv_pair import read_csv
from assessments.importing.problems import MAX_BYTES, MAX_FILES, Read, RefusedError

_JSON_STARTS = (b"{", b"[")
_MARKS = b"\xef\xbb\xbf \t\r\n"
_NO_TABLE = (
    b"%PDF",
    b"\x89PNG",
    b"\xd0\xcf\x11\xe0",
    b"<!",
    b"<?",
    b"<html",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)


def read(files: Mapping[str, bytes], now: datetime | None = None) -> Read:
    """One CASE package, one ZIP of CSV files, or the CSV files themselves: read, and checked as a whole.

    A record comes back only when nothing is wrong with it. ``now`` is the change time of tables without one.
    """
    try:
        unpacked = _unpacked(files)
        found = _read(unpacked, now)
    except RefusedError as refusal:
        return Read(None, (refusal.problem,))
    if found.record is None:
        return found
    problems = check(found.record, found.places)
    return Read(None if problems else found.record, problems, found.places)


def _unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    if not files:
        raise RefusedError("…", "no-file")
    if len(files) > MAX_FILES:
        raise RefusedError("…", "too-many-files", {"limit": MAX_FILES})
    if sum(map(len, files.values())) > MAX_BYTES:
        raise RefusedError("…", "too-large", {"limit": MAX_BYTES // (1024 * 1024)})
    found: dict[str, bytes] = {}
    for name, data in files.items():
        members = unzip(name, data) if is_zip(data) else {name: data}
        for member, content in members.items():
            if member in found:
                raise RefusedError(member, "repeated-file")
            found[member] = content
    if not found:
        raise RefusedError(", ".join(files), "no-file")
    return found


def _read(files: Mapping[str, bytes], now: datetime | None) -> Read:
    packages = [name for name, data in files.items() if data.lstrip(_MARKS).startswith(_JSON_STARTS)]
    for name, data in files.items():
        if not data.strip(_MARKS):
            raise RefusedError(name, "empty-file")
        if is_zip(data) or data.lstrip(_MARKS).startswith(_NO_TABLE):
            raise RefusedError(name, "unknown-format")
    if not packages:
        return read_csv(files, now)
    if len(files) > 1:
        raise RefusedError(", ".join(sorted(files)), "mixed-files")
    return read_case(files[packages[0]])
