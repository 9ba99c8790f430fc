"""What the page of findings shows: all of them, or those of one severity."""

from collections.abc import Mapping
from typing import Any

from assessments.viewing.opened import Opened
from assessments.viewing.remarks import SEVERITIES, counts, grouped


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    """``severity`` chooses; one that does not exist shows all."""
    chosen = query.get("severity", "")
    chosen = chosen if chosen in SEVERITIES else ""
    remarks = [one for one in opened.remarks if not chosen or one.severity == chosen]
    return {"groups": grouped(remarks), "chosen": chosen, "counts": counts(opened.remarks)}
