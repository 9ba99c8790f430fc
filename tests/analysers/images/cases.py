"""Which picture is read how, by hand: its facts and what else is in its file.

`docs/analysers.md` is written from this table.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tests.analysers.images.making import exif, gif, picture, png_with_text


class Case(NamedTuple):
    """A picture, its label, its facts and the secrets in its file."""

    name: str
    label: str
    content: bytes
    facts: Mapping[str, Any]
    secrets: frozenset[str] = frozenset()


CASES: Final = (
    Case(
        "PNG",
        "png",
        picture("PNG"),
        {"format": "PNG", "width": 40, "height": 20, "frames": 1, "metadata": []},
    ),
    Case(
        "PNG with words about its author",
        "png",
        png_with_text(Author="Ada", Comment="my desk"),
        {"format": "PNG", "metadata": ["text"]},
        frozenset(("image-metadata",)),
    ),
    Case("PNG that names only the program", "png", png_with_text(Software="shot 1.0"), {"metadata": []}),
    Case("JPEG", "jpeg", picture("JPEG"), {"format": "JPEG", "width": 40, "height": 20, "metadata": []}),
    Case(
        "JPEG with a position and a camera",
        "jpeg",
        picture("JPEG", exif=exif(position=True, camera="Camera 7")),
        {"format": "JPEG", "metadata": ["exif"]},
        frozenset(("gps-position", "image-metadata")),
    ),
    Case(
        "JPEG that lies on its side",
        "jpeg",
        picture("JPEG", exif=exif(orientation=6)),
        {"width": 40, "height": 20, "metadata": ["exif"]},
    ),
    Case(
        "JPEG with a comment",
        "jpeg",
        picture("JPEG", comment=b"taken at home"),
        {"metadata": ["text"]},
        frozenset(("image-metadata",)),
    ),
    Case("GIF with three frames", "gif", gif(3), {"format": "GIF", "width": 2, "height": 2, "frames": 3}),
    Case("WebP", "webp", picture("WEBP", lossless=True), {"format": "WEBP", "width": 40, "height": 20}),
    Case(
        "WebP with a position",
        "webp",
        picture("WEBP", exif=exif(position=True)),
        {"format": "WEBP", "metadata": ["exif"]},
        frozenset(("gps-position",)),
    ),
)
