"""Open a picture of the formats that evidence may have, before a single pixel is unpacked."""

import warnings
from typing import BinaryIO, Final

from PIL import GifImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin
from PIL.Image import DecompressionBombError

FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 30_000
# Plugins are loaded here: later, in the confined child, nothing may be imported any more.
_PLUGINS: Final = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
# What Pillow raises for damaged, truncated or absurd files.
BROKEN_IMAGE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)
# Pillow warns of sizes that we refuse ourselves, and of damage that we say in our own words.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


class NoPicture(Exception):
    """The bytes are no picture that is shown here; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def opened(content: BinaryIO) -> ImageFile.ImageFile:
    """The picture with its header read; raises `NoPicture` (``not-an-image``, ``too-many-pixels``)."""
    try:
        picture = Image.open(content, formats=FORMATS)
    except DecompressionBombError as error:
        raise NoPicture("too-many-pixels") from error
    except BROKEN_IMAGE as error:
        raise NoPicture("not-an-image") from error
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise NoPicture("too-many-pixels")
    return picture
