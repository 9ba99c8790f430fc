"""Base64url without padding, each byte string in its one spelling (RFC 7515 §2, RFC 4648 §3.5)."""

import base64
import re

SPELLING = re.compile(r"[A-Za-z0-9_-]*\Z")


class BadBase64(ValueError):
    """The text is not base64url without padding, or a second spelling of the same bytes."""


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes written in `text`; raises `BadBase64`."""
    if not SPELLING.match(text) or len(text) % 4 == 1:
        raise BadBase64("not base64url without padding")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(data) != text:
        raise BadBase64("unused bits are set, so the same bytes have another spelling")
    return data
