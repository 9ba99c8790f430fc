"""The files inside a ZIP from a stranger, taken out within limits."""

import io
import lzma
import zipfile
import zlib

from assessments.importing.problems import MAX_BYTES, MAX_FILES, RefusedError

ZIP_START = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


def is_zip(data: bytes) -> bool:
    return data.startswith((ZIP_START, _EMPTY_ZIP))


def unzip(name: str, data: bytes) -> dict[str, bytes]:
    """Base name → content of each file; RefusedError if damaged, encrypted, a spreadsheet or a bomb.

    Names are labels only: nothing is written to disk, so a path that climbs out climbs nowhere.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(name, archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
    ):
        raise RefusedError(name, "bad-zip") from None


def _members(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise RefusedError(name, "spreadsheet")
    infos = [info for info in infos if not _is_clutter(info.filename)]
    if len(infos) > MAX_FILES:
        raise RefusedError(name, "too-many-files", {"limit": MAX_FILES})
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    for info in infos:
        base = info.filename.replace("\\", "/").rsplit("/", 1)[-1][:100]
        if info.flag_bits & 1:
            raise RefusedError(f"{name}: {base}", "encrypted")
        if base in found:
            raise RefusedError(f"{name}: {base}", "repeated-file")
        with archive.open(info) as member:
            content = member.read(left + 1)  # the declared size may lie, so what comes out is what is counted
        left -= len(content)
        if left < 0:
            raise RefusedError(name, "too-large-unpacked", {"limit": MAX_BYTES // (1024 * 1024)})
        found[base] = content
    return found


def _is_clutter(path: str) -> bool:
    """What file managers add by themselves."""
    parts = path.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1].lower() == "thumbs.db"
