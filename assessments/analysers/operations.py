"""What the confined child does with a file: read it whole, or make one window or picture of it."""

import gzip
import importlib
import json
import os
from typing import Any, BinaryIO, Protocol, cast

from assessments.analysers.analysis import Analysis
from assessments.analysers.recognising import HEAD_BYTES, TAIL_BYTES, Recognised, recognise
from assessments.analysers.table import Analyser, analyser_for


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


def analyse(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write the analysis without its detail as one line of JSON, then the detail as gzip of JSON."""
    found = recognised(content)
    answer = read(content, analyser_for(found), found).to_json()
    detail = answer.pop("detail")
    out.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode())
    out.write(b"\n")
    if detail is not None:
        packed = json.dumps(detail, ensure_ascii=True, separators=(",", ":")).encode()
        # Without a time in its header the same bytes give the same file, which is then stored once.
        out.write(gzip.compress(packed, compresslevel=5, mtime=0))
