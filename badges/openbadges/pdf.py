"""The child's side of reading a PDF: the badges that travel in it as attached files."""

import io
import json
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from badges.openbadges import jws, parsing
from workbench.confined import Refused

MAX_FILES = 20


def attached(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write a JSON list with the text of each attached file that is JSON or a JWT, each text once."""
    try:
        files = PdfReader(io.BytesIO(content.read()), strict=False).attachments
        found = [data for versions in list(files.values())[:MAX_FILES] for data in versions]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Refused("pdf-damaged") from error
    texts = dict.fromkeys(text for data in found if (text := _text(bytes(data))))
    out.write(json.dumps(list(texts)).encode())


def _text(data: bytes) -> str:
    if len(data) > parsing.MAX_BYTES:
        return ""
    text = data.decode("utf-8", errors="replace").strip()
    return text if text.startswith("{") or jws.looks_like_one(text) else ""
