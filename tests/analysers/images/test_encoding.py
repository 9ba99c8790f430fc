"""A picture drawn anew looks the same and holds nothing else."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assessments.analysers.analysis import Analysis
from assessments.analysers.images.analysing import analyse
from assessments.analysers.images.encoding import encoded_again, without_metadata
from assessments.analysers.recognising import recognise
from tests.analysers.images.cases import CASES, Case
from tests.analysers.images.making import exif, gif, noise, picture, png
from workbench.confined import Refused


def drawn(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def again(data: bytes, side: int = 1000) -> Image.Image:
    return drawn(encoded_again(io.BytesIO(data), side))


def analysed(data: bytes) -> Analysis:
    return analyse(io.BytesIO(data), recognise(data, len(data)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_metadata_is_left(case: Case) -> None:
    for copy in (encoded_again(io.BytesIO(case.content), 1000), without_metadata(io.BytesIO(case.content))):
        analysis = analysed(copy)
        assert analysis.secrets == () and analysis.skipped == ()
        assert analysis.facts["metadata"] == []
        assert analysis.facts["frames"] == 1
        for value in (b"Ada", b"desk", b"Camera 7", b"home", b"Exif"):
            assert value not in copy


@pytest.mark.parametrize(
    ("kind", "copied"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "WEBP"), ("GIF", "PNG")]
)
def test_a_clean_copy_has_the_size_and_the_format_of_the_picture(kind: str, copied: str) -> None:
    copy = drawn(without_metadata(io.BytesIO(picture(kind))))
    assert (copy.format, copy.size) == (copied, (40, 20))
    red, green, blue = copy.convert("RGB").getpixel((5, 10))  # type: ignore[misc]
    assert red > 200 and green < 60 and blue < 60


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    assert again(picture("JPEG", (3000, 1500)), 300).size == (300, 150)
    assert again(picture("PNG", (40, 20)), 300).size == (40, 20)
    assert max(again(picture("PNG", (400, 20)), -1).size) == 16


def test_a_picture_that_lies_on_its_side_is_turned() -> None:
    for copy in (
        again(picture("JPEG", exif=exif(orientation=6))),
        drawn(without_metadata(io.BytesIO(picture("JPEG", exif=exif(orientation=6))))),
    ):
        assert copy.size == (20, 40)
        top = copy.convert("RGB").getpixel((10, 5))
        assert top[0] > 200 and top[2] < 60  # type: ignore[index]


def test_of_an_animation_the_first_frame_is_drawn() -> None:
    copy = again(gif(5))
    assert (copy.size, getattr(copy, "n_frames", 1)) == ((2, 2), 1)


def test_what_is_transparent_stays_so() -> None:
    copy = again(_transparent())
    assert copy.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def _transparent() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png(100_000, 100_000), "too-many-pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-an-image"),
        (noise("PNG")[:9000], "damaged-image"),
    ],
    ids=["huge", "svg", "cut"],
)
def test_what_cannot_be_drawn_is_refused(data: bytes, reason: str) -> None:
    for draw in (lambda content: encoded_again(content, 100), without_metadata):
        with pytest.raises(Refused, match=reason):
            draw(io.BytesIO(data))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_mutated_picture_is_drawn_or_refused(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(CASES)).content)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for draw in (lambda stream: encoded_again(stream, 64), without_metadata):
        try:
            copy = draw(io.BytesIO(bytes(content)))
        except Refused as refusal:
            assert str(refusal)
        else:
            assert drawn(copy).size
