"""What the confined child does with a file: read it whole, or make one window or picture of it."""

import gzip
import importlib
import json
import os
import re
from typing import Any, BinaryIO, Final, Protocol, cast

from assessments.analysers.analysis import Analysis
from assessments.analysers.recognising import HEAD_BYTES, TAIL_BYTES, Recognised, recognise
from assessments.analysers.table import Analyser, analyser_for

# Escapes as they follow each other, so that a backslash that stands for itself is not taken for one.
_ESCAPE: Final = re.compile(r"\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(u0000|ud[89a-f][0-9a-f]{2})|.)")


class Seekable(Protocol):
    """Any open file."""

    def seek(self, offset: int, whence: int = ..., /) -> int: ...

    def read(self, size: int = ..., /) -> bytes: ...


def recognised(content: Seekable) -> Recognised:
    """What an open file is, by its two ends; it stands at its beginning afterwards."""
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - TAIL_BYTES))
    tail = content.read(TAIL_BYTES)
    content.seek(0)
    head = content.read(HEAD_BYTES)
    content.seek(0)
    return recognise(head, size, tail)


def read(content: BinaryIO, analyser: Analyser, found: Recognised) -> Analysis:
    module = importlib.import_module(analyser.module)
    return cast(Analysis, module.analyse(content, found))


def storable(data: Any) -> bytes:
    """JSON without what no database or page can hold: the character NUL and halves of surrogate pairs.

    A file may well name a rule so.
    """
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    if "\\u0000" in text or "\\ud" in text:
        text = _ESCAPE.sub(lambda escape: "\\ufffd" if escape[1] else escape[0], text)
    return text.encode()


def analyse(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write the analysis without its detail as one line of JSON, then the detail as gzip of JSON."""
    found = recognised(content)
    answer = read(content, analyser_for(found), found).to_json()
    detail = answer.pop("detail")
    out.write(storable(answer))
    out.write(b"\n")
    if detail is not None:
        packed = storable(detail)
        # Without a time in its header the same bytes give the same file, which is then stored once.
        out.write(gzip.compress(packed, compresslevel=5, mtime=0))
