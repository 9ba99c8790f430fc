"""Clean the name a stranger gave to a file so that it can be shown; it is never used as a path."""

import unicodedata
from typing import Final

_MOST_BYTES: Final = 150
_LONGEST_EXTENSION: Final = 16
_FALLBACK: Final = "file"
# Controls, format characters (bidirectional, zero-width), surrogates, private use, unassigned, separators.
_REMOVED_CATEGORIES: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# Blank without being spaces: joiner, Hangul fillers, Khmer vowels, Braille blank, variation selectors.
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
_FORBIDDEN_ON_WINDOWS: Final = frozenset('<>:"|?*')
_RESERVED_ON_WINDOWS: Final = frozenset(
    (
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"),
    )
)


def clean_filename(raw: str) -> str:
    """Return `raw` without folders, hidden characters or reserved names: NFC, 1 to 150 bytes of UTF-8.

    The extension survives shortening. Cleaning a clean name changes nothing.
    """
    parts = [part for part in raw.replace("\\", "/").split("/") if part.strip()]
    name = parts[-1] if parts else ""
    if len(name) > 1000:  # normalising costs the square of a run of combining marks
        name = name[:800] + name[-100:]
    name = unicodedata.normalize("NFC", "".join(map(_shown, name)))
    name = " ".join(name.split()).lstrip(". ").rstrip(". ")
    if not name:
        return _FALLBACK
    if name.split(".", 1)[0].strip().upper() in _RESERVED_ON_WINDOWS:
        name = "_" + name
    return _shortened(name)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\r\n" or category in _REMOVED_CATEGORIES or character in _INVISIBLE:
        return ""
    if category == "Zs":
        return " "
    return "_" if character in _FORBIDDEN_ON_WINDOWS else character


def _shortened(name: str) -> str:
    if len(name.encode()) <= _MOST_BYTES:
        return name
    stem, extension = _split(name)
    room = _MOST_BYTES - len(extension.encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return stem + extension


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    if not dot or not suffix.isalnum() or len(suffix.encode()) > _LONGEST_EXTENSION:
        return name, ""
    if suffix.lower() in ("gz", "xz", "bz2", "zst"):
        outer, inner_dot, inner = stem.rpartition(".")
        if inner_dot and inner.isalnum() and len(inner.encode()) <= _LONGEST_EXTENSION:
            return outer, f".{inner}.{suffix}"
    return stem, f".{suffix}"
