"""Decode the first bytes of a text in whatever encoding a learner's tool wrote it."""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
# A redirected Windows console writes code page 850, an editor writes 1252:
# an accented letter inside a word tells them apart.
_ACCENT_850 = re.compile(rb"[A-Za-z][\x81-\x8c\x93-\x97\xa0-\xa5][a-z]")
_ACCENT_1252 = re.compile(rb"[A-Za-z][\xc0-\xff][a-z]")
_MOST_CONTROLS = 0.02
_MOST_HIGH_BYTES = 0.3


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the Python name of the encoding it was written in."""

    text: str
    encoding: str


def decode(data: bytes, *, cut: bool) -> Decoded | None:
    """Read `data` as text, or return None when it is none; `cut` says that the file goes on after `data`."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _readable(_lenient(data[len(bom) :], encoding), encoding)
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return _readable(_lenient(data, unmarked), unmarked)
    if b"\0" in data:
        return None
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data, final=not cut)
    except UnicodeDecodeError:
        return _eight_bit(data)
    return _readable(text, "utf-8")


def _lenient(data: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(data, final=False)


def _unmarked_utf16(data: bytes) -> str | None:
    """Some editors write UTF-16 without a mark: Latin text then has a NUL in every other place."""
    pairs = len(data) // 2
    if pairs < 4:
        return None
    even, odd = data[0 : pairs * 2 : 2].count(0), data[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.7 and even < pairs * 0.02:
        return "utf-16-le"
    if even > pairs * 0.7 and odd < pairs * 0.02:
        return "utf-16-be"
    return None


def _eight_bit(data: bytes) -> Decoded | None:
    high = len(data) - len(data.translate(None, delete=bytes(range(0x80, 0x100))))
    if high > len(data) * _MOST_HIGH_BYTES:
        return None
    is_console = len(_ACCENT_850.findall(data)) > len(_ACCENT_1252.findall(data))
    encoding = "cp850" if is_console else "cp1252"
    return _readable(data.decode(encoding, errors="replace"), encoding)


def _readable(text: str, encoding: str) -> Decoded | None:
    if len(_CONTROLS.findall(text)) > len(text) * _MOST_CONTROLS:
        return None
    return Decoded(text, encoding)
