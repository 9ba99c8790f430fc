"""Every pair of colours in use reaches WCAG 2.2 AA, in the light and in the dark theme."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parent.parent / "workbench/static/workbench/css/tokens.css"
TEXT, CONTROL = 4.5, 3.0  # success criteria 1.4.3 and 1.4.11
OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
TOKEN = re.compile(rf"--([a-z0-9-]+): (?:light-dark\({OKLCH}, {OKLCH}\)|{OKLCH});")

THEMES = ("light", "dark")
Colour = tuple[float, float, float]

SURFACES = ("page", "surface", "raised", "sunken", "hover")
TONES = ("neutral", "info", "success", "warning", "danger", "violet")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-muted", "ink-subtle") for ground in SURFACES),
    *(("link", ground, TEXT) for ground in SURFACES),
    *(("brand", ground, TEXT) for ground in ("page", "surface", "sunken")),
    *((f"{tone}-ink", f"{tone}-soft", TEXT) for tone in TONES),
    *((f"{tone}-ink", ground, TEXT) for tone in TONES for ground in ("page", "surface", "sunken")),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT),
    ("on-brand-soft", "brand-soft", TEXT),
    ("on-brand-soft", "surface", TEXT),
    ("ink", "brand-soft", TEXT),
    ("ink-subtle", "neutral-soft", TEXT),
    ("ink", "danger-soft", TEXT),
    ("on-danger", "danger", TEXT),
    ("band-ink", "band", TEXT),
    ("band-muted", "band", TEXT),
    *(("line-strong", ground, CONTROL) for ground in ("page", "surface", "raised", "sunken")),
    *(("focus", ground, CONTROL) for ground in (*SURFACES, "brand-soft")),
    *(("danger", ground, CONTROL) for ground in ("page", "surface", "danger-soft")),
    ("brand", "brand-soft", CONTROL),
    ("earned", "band", CONTROL),
]


def read_tokens(theme: str, written: str | None = None) -> dict[str, Colour]:
    """The solid colours of a theme: lightness, chroma, hue."""
    colours = {}
    for match in TOKEN.finditer(TOKENS.read_text() if written is None else written):
        numbers = [float(group) for group in match.groups()[1:] if group is not None]
        start = 3 * THEMES.index(theme) if len(numbers) == 6 else 0
        colours[match[1]] = (numbers[start], numbers[start + 1], numbers[start + 2])
    return colours


def luminance(colour: Colour) -> float:
    """Relative luminance of an OKLCH colour, clipped to sRGB as a screen does (CSS Color 4, section 18)."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_agrees_with_known_colours() -> None:
    black, white, red = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.62796, 0.25768, 29.2339)
    assert contrast(black, white) == pytest.approx(21, abs=0.01)
    assert contrast(red, white) == pytest.approx(3.998, abs=0.02)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_the_pair_is_legible(theme: str, front: str, ground: str, least: float) -> None:
    colours = read_tokens(theme)
    reached = contrast(colours[front], colours[ground])
    assert reached >= least, f"{front} on {ground}, {theme}: {reached:.2f} is less than {least}"


@pytest.mark.parametrize("theme", THEMES)
def test_a_pale_grey_on_the_page_would_be_refused(theme: str) -> None:
    page = read_tokens(theme)["page"]
    assert contrast((0.72 if theme == "light" else 0.4, 0.0, 0.0), page) < TEXT
