"""Draw a picture anew: the same pixels in a new file, and nothing else of the old one."""

import io
from typing import BinaryIO, Final

from PIL import Image, ImageOps

from assessments.analysers.images.opening import BROKEN_IMAGE, NoPicture, opened
from workbench.confined import Refused

MAX_LONGEST: Final = 4_000
MIN_LONGEST: Final = 16
# Where Pillow keeps what it knows of a picture, the format of the file is kept until the end.
_KIND: Final = "kind of the file"


def encoded_again(content: BinaryIO, longest_side: int) -> bytes:
    """The first frame, upright, at most `longest_side` pixels long, as WebP, or as PNG with few colours.

    Raises `Refused` with the reason.
    """
    side = max(MIN_LONGEST, min(longest_side, MAX_LONGEST))
    picture = _upright(content, side)
    few_colours = picture.mode in ("1", "P") or picture.getcolors(256) is not None
    picture = _bare(picture)
    if max(picture.size) > side:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _saved(picture, "PNG" if few_colours else "WEBP")


def without_metadata(content: BinaryIO) -> bytes:
    """The first frame in full size and in its own format, nothing but its pixels; raises `Refused`.

    A GIF becomes a PNG: drawing it anew would cost colours.
    """
    picture = _upright(content)
    kind = str(picture.info.get(_KIND))
    return _saved(_bare(picture), "PNG" if kind == "GIF" else kind)


def _upright(content: BinaryIO, side: int | None = None) -> Image.Image:
    """The first frame as it is to be looked at; with `side`, a JPEG may be read at a lower resolution."""
    try:
        picture = opened(content)
        kind = picture.format
        if side:
            picture.draft(None, (side, side))
        picture.load()
        turned = ImageOps.exif_transpose(picture)
    except NoPicture as refusal:
        raise Refused(refusal.reason) from refusal
    except BROKEN_IMAGE as error:
        raise Refused("damaged-image") from error
    turned.info[_KIND] = kind
    return turned


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels alone, in one of two modes."""
    transparent = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    bare = picture.convert("RGBA" if transparent else "RGB")
    bare.info.clear()
    return bare


def _saved(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "PNG":
        picture.save(out, "PNG", compress_level=6)
    elif kind == "JPEG":
        picture.save(out, "JPEG", quality=95)
    else:
        picture.save(out, "WEBP", quality=90, method=3)
    return out.getvalue()
