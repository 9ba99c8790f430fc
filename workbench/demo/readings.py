"""Let the analysers read in this process what the demo world hands in: these bytes are the program's own."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assessments import analysing
from assessments.analysers import operations
from assessments.analysers.analysis import Analysis


@contextmanager
def without_children() -> Iterator[None]:
    """Within this block nobody waits for a child to start: more than a hundred files are read in seconds."""
    before = analysing.read
    analysing.read = _read
    try:
        yield
    finally:
        analysing.read = before


def _read(content: Any) -> tuple[Analysis, bytes]:
    out = io.BytesIO()
    operations.analyse(content, out, {})
    return analysing.parsed(out.getvalue())
