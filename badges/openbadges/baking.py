"""Recognises a badge file, whatever its form, and finds the credential in it."""

from dataclasses import dataclass

from badges.openbadges import jws, png, svg
from badges.openbadges.baking_errors import BakingError, Held

MAX_BYTES = 10 * 1024 * 1024

__all__ = ["BakingError", "Extracted", "bake_png", "bake_svg", "extract"]


class EmptyFile(BakingError):
    """There is nothing in the file."""

    code = "file-empty"


class FileTooLarge(BakingError):
    """The file is larger than `MAX_BYTES`."""

    code = "file-too-large"


class NotABadge(BakingError):
    """The file is neither PNG, SVG, JSON nor JWT."""

    code = "not-a-badge"


@dataclass(frozen=True)
class Extracted:
    """A credential as found: `form` is png, svg, json or jwt, the text is untouched.

    `is_jwt` says that the text is meant to be a JWT, also when it stood in an image. `version` is that of an
    image's place for badges: in that of version 2 may stand an address instead.
    """

    form: str
    credential_text: str
    is_jwt: bool = False
    version: int = 3


def bake_png(image: bytes, credential_text: str) -> bytes:
    """The PNG with the credential in it, every other byte kept; raises a `BakingError`."""
    _within_limit(image)
    return png.insert(image, credential_text)


def bake_svg(image: bytes, credential_text: str) -> bytes:
    """The SVG with the credential in it, every other byte kept; raises a `BakingError`."""
    _within_limit(image)
    return svg.insert(image, credential_text)


def extract(data: bytes) -> Extracted:
    """The credential in a PNG, SVG, JSON or JWT file; raises a `BakingError` that names what is wrong."""
    _within_limit(data)
    if data.startswith(png.SIGNATURE):
        return _readable("png", png.extract(data))
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return _readable("svg", svg.extract(data))
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotABadge("the file is no text in UTF-8") from error
    if text.startswith("{"):
        return Extracted("json", text)
    if jws.looks_like_one(text):
        return Extracted("jwt", text, is_jwt=True)
    raise NotABadge("the file is neither PNG, SVG, JSON nor JWT")


def _readable(form: str, held: Held) -> Extracted:
    return Extracted(form, held.text, is_jwt=jws.looks_like_one(held.text), version=held.version)


def _within_limit(data: bytes) -> None:
    if not data:
        raise EmptyFile("the file is empty")
    if len(data) > MAX_BYTES:
        raise FileTooLarge(f"the file is larger than {MAX_BYTES} bytes")
