"""Decides how a drawn badge looks: colours from a seed, initials of the issuer, title in lines that fit."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

MAX_TITLE_LINES = 3
TITLE_SIZES = (44, 40, 36, 32, 28, 25, 22)
TITLE_WIDTH, TITLE_HEIGHT = 350.0, 122.0
LINE_HEIGHT = 1.18
LEVEL_SIZES = (24, 21, 18, 16)
LEVEL_WIDTH = 158.0

# How much of the font size a character of DejaVu Sans Bold takes: a guess, so that SVG and PNG agree.
NARROW, WIDE = "iIljt!|.,:;'()[] -f", "mMwWQO%@ÆŒ&"


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb: two of the field, ribbon, accent. White is readable on all but the accent."""

    deep: str
    bright: str
    ribbon: str
    accent: str


PALETTES = (
    Palette("#123a63", "#1d6fb8", "#0c2743", "#7fd1ff"),
    Palette("#0f4a45", "#15807a", "#0a302d", "#7ce8d5"),
    Palette("#3b1f6b", "#6f42c1", "#271449", "#cdb4ff"),
    Palette("#6b1f3a", "#b5325f", "#471325", "#ffb3cc"),
    Palette("#5a3306", "#a8620c", "#3b2104", "#ffd28a"),
    Palette("#17431f", "#2c7d3c", "#0e2b14", "#a5ecb0"),
    Palette("#2c3440", "#576579", "#1b212a", "#b9c9de"),
    Palette("#0b3c5d", "#0f7c99", "#07273d", "#86e3f7"),
)


@dataclass(frozen=True)
class Line:
    """One line of the title and its font size in units of a 512-unit square."""

    text: str
    size: int


@dataclass(frozen=True)
class Design:
    """What both drawings are made from."""

    initials: str
    title: tuple[Line, ...]
    level: Line | None
    palette: Palette
    description: str
    turn: int


def design(title: str, issuer: str, *, seed: str, level: str = "") -> Design:
    """The look of a badge, always the same for the same words and seed."""
    digest = sha256(seed.encode("utf-8", errors="replace")).digest()
    clean_title = _clean(title) or "Open Badge"
    clean_issuer = _clean(issuer)
    return Design(
        initials=initials(clean_issuer),
        title=_fit(clean_title),
        level=_fit_level(_clean(level)),
        palette=PALETTES[digest[0] % len(PALETTES)],
        description=f"{clean_title} · {clean_issuer}" if clean_issuer else clean_title,
        turn=digest[1] % 12,
    )


def initials(name: str) -> str:
    """Up to three letters: the short name if the name is one, else the first letters of its capitals."""
    words = [word for word in re.split(r"[\s'’.-]+", name) if word and word[0].isalnum()]
    if not words:
        return "OB"
    if len(words) == 1:
        return words[0][:3].upper() if len(words[0]) > 4 else words[0].upper()
    weighty = [word for word in words if word[0].isupper() or word[0].isdigit()] or words
    return "".join(word[0] for word in weighty[:3]).upper()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def width(text: str, size: int) -> float:
    """About how wide a text in bold DejaVu Sans is."""
    return size * sum(
        0.40 if c in NARROW else 1.00 if c in WIDE else 0.77 if c.isupper() else 0.66 for c in text
    )


def _fit(title: str) -> tuple[Line, ...]:
    """The title in at most three lines, as large as they can be; what still does not fit is cut."""
    for size in TITLE_SIZES:
        lines = _wrap(title, size)
        fits = len(lines) <= MAX_TITLE_LINES and len(lines) * size * LINE_HEIGHT <= TITLE_HEIGHT
        if fits and all(width(line, size) <= TITLE_WIDTH for line in lines):
            return tuple(Line(line, size) for line in lines)
    size = TITLE_SIZES[-1]
    lines = [_cut(line, size, TITLE_WIDTH) for line in _wrap(title, size)]
    kept = lines[:MAX_TITLE_LINES]
    if len(lines) > MAX_TITLE_LINES:
        kept[-1] = _cut(kept[-1].rstrip("…") + "…", size, TITLE_WIDTH)
    return tuple(Line(line, size) for line in kept)


def _fit_level(level: str) -> Line | None:
    if not level:
        return None
    size = next((size for size in LEVEL_SIZES if width(level, size) <= LEVEL_WIDTH), LEVEL_SIZES[-1])
    return Line(_cut(level, size, LEVEL_WIDTH), size)


def _wrap(title: str, size: int) -> list[str]:
    lines = [""]
    for word in title.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size) > TITLE_WIDTH:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(line: str, size: int, room: float) -> str:
    if width(line, size) <= room:
        return line
    kept = line.rstrip("…")
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _clean(text: str) -> str:
    """Printable text on one line: no control, format or half characters, since SVG is XML."""
    allowed = (
        " " if character.isspace() else character for character in unicodedata.normalize("NFC", text[:400])
    )
    shown = "".join(character for character in allowed if unicodedata.category(character) not in _INVISIBLE)
    return " ".join(shown.split())


_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Co"}


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
