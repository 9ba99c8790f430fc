"""The drawn badge: always alike, always readable, never more than shapes and text."""

import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from badges.openbadges import design as designing
from badges.openbadges.design import PALETTES, contrast, design, initials, width
from badges.openbadges.images import draw_png, draw_svg

FIREWALL = design("Firewall management", "Université de Lille", seed="firewall", level="Level 3")


def test_the_png_is_a_square_of_512_with_a_transparent_ground():
    image = Image.open(io.BytesIO(draw_png(FIREWALL)))
    assert (image.format, image.size, image.mode) == ("PNG", (512, 512), "RGBA")
    assert image.getpixel((2, 2))[3] == 0
    assert image.getpixel((256, 280))[3] == 255
    assert image.getpixel((100, 220))[:3] != image.getpixel((100, 300))[:3]


def test_the_same_words_give_the_same_image():
    assert draw_png(FIREWALL, 96) == draw_png(FIREWALL, 96)
    assert draw_svg(FIREWALL) == draw_svg(FIREWALL)
    assert draw_svg(FIREWALL) != draw_svg(design("Firewall management", "Université de Lille", seed="other"))


def test_the_svg_holds_shapes_and_text_only():
    root = ElementTree.fromstring(draw_svg(FIREWALL))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names == {
        "svg", "title", "defs", "linearGradient", "stop", "clipPath", "polygon", "g", "rect", "circle", "text"
    }  # fmt: skip
    assert not any(re.match(r"on|href|style", name) for element in root.iter() for name in element.attrib)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["UL", "Firewall", "management", "Level 3"]
    assert root.find("{http://www.w3.org/2000/svg}title").text == "Firewall management · Université de Lille"


@pytest.mark.parametrize("palette", PALETTES)
def test_white_text_is_readable_on_every_ground(palette):
    for ground in (palette.deep, palette.bright, palette.ribbon):
        assert contrast("#ffffff", ground) >= 4.5
    assert contrast(palette.accent, palette.ribbon) >= 3


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Université de Lille", "UL"),
        ("Technocité", "TEC"),
        ("CITC", "CITC"),
        ("UMons", "UMO"),
        ("", "OB"),
        ("… —", "OB"),
        ("Centre d'Innovation des Technologies sans Contact", "CIT"),
        ("de la", "DL"),
    ],
)
def test_initials_are_those_a_reader_expects(name, letters):
    assert initials(name) == letters


def test_a_long_title_takes_three_lines_at_most():
    long = design("Gestion d'un pare-feu et analyse des journaux " * 6, "IDETA", seed="x")
    assert len(long.title) == 3
    assert long.title[-1].text.endswith("…")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=40))
def test_any_words_can_be_drawn_inside_the_hexagon(title, issuer, level):
    made = design(title, issuer, seed=title, level=level)
    assert all(width(line.text, line.size) <= designing.TITLE_WIDTH for line in made.title)
    assert made.level is None or width(made.level.text, made.level.size) <= designing.LEVEL_WIDTH
    ElementTree.fromstring(draw_svg(made))
    draw_png(made, 32)


def test_words_cannot_break_out_of_the_svg():
    drawn = draw_svg(design('</text><script>alert("1")</script>', "&lt;\x00\ufffe", seed="x")).decode()
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


@pytest.mark.parametrize("size", [16, 64, 256])
def test_the_png_comes_in_any_size(size):
    assert Image.open(io.BytesIO(draw_png(FIREWALL, size))).size == (size, size)
