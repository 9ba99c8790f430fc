"""Recognises a badge file, whatever its form, and finds the credential in it."""

import re
from dataclasses import dataclass

from badges.openbadges import png, svg
from badges.openbadges.baking_errors import BakingError

MAX_BYTES = 10 * 1024 * 1024
JWT = re.compile(rb"\s*[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\s*\Z")

__all__ = ["BakingError", "Extracted", "bake_png", "bake_svg", "extract"]


class EmptyFile(BakingError):
    """There is nothing in the file."""

    code = "file-empty"


class FileTooLarge(BakingError):
    """The file is larger than `MAX_BYTES`."""

    code = "file-too-large"


class JwtBadge(BakingError):
    """The file is a badge in JWT form, which is not read here."""

    code = "jwt-unsupported"


class NotABadge(BakingError):
    """The file is neither PNG, SVG nor JSON."""

    code = "not-a-badge"


@dataclass(frozen=True)
class Extracted:
    """A credential as found: `form` is png, svg or json, the text is untouched."""

    form: str
    credential_text: str


def bake_png(image: bytes, credential_text: str) -> bytes:
    """The PNG with the credential in it, every other byte kept; raises a `BakingError`."""
    _within_limit(image)
    return png.insert(image, credential_text)


def bake_svg(image: bytes, credential_text: str) -> bytes:
    """The SVG with the credential in it, every other byte kept; raises a `BakingError`."""
    _within_limit(image)
    return svg.insert(image, credential_text)


def extract(data: bytes) -> Extracted:
    """The credential in a PNG, SVG or JSON file; raises a `BakingError` that names what is wrong."""
    _within_limit(data)
    if data.startswith(png.SIGNATURE):
        return _readable("png", png.extract(data))
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return _readable("svg", svg.extract(data))
    if start.startswith(b"{"):
        try:
            return Extracted("json", start.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise NotABadge("the JSON is not UTF-8") from error
    if JWT.match(start):
        raise JwtBadge("the file is a badge in JWT form")
    raise NotABadge("the file is neither PNG, SVG nor JSON")


def _readable(form: str, text: str) -> Extracted:
    if JWT.match(text.encode("utf-8")):
        raise JwtBadge(f"the {form.upper()} holds a badge in JWT form")
    return Extracted(form, text)


def _within_limit(data: bytes) -> None:
    if not data:
        raise EmptyFile("the file is empty")
    if len(data) > MAX_BYTES:
        raise FileTooLarge(f"the file is larger than {MAX_BYTES} bytes")
