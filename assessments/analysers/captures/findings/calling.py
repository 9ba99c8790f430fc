"""Connections that come as regularly as only programs make them."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Final

from assessments.analysers.analysis import Finding, Place
from assessments.analysers.captures.summary import address
from assessments.analysers.captures.surveying import Survey

# Fewer may be regular by chance.
LEAST_CALLS: Final = 12
# What comes closer together is one visit to a page, or a program at work.
LEAST_SECONDS: Final = 5
# Most such programs vary their interval a little, so as not to be noticed.
TOLERANCE: Final = 0.3
REGULAR_SHARE: Final = 0.8
_SECOND: Final = 1_000_000_000


def calling(survey: Survey) -> Iterator[Finding]:
    for ends, calls in sorted(survey.settled.calls.items()):
        if len(calls) < LEAST_CALLS:
            continue
        interval = _regular([when for when, _first, _last in calls])
        if interval:
            half = (len(ends) - 2) // 2
            first, last = min(call[1] for call in calls), max(call[2] for call in calls)
            yield Finding("beaconing", "medium", (Place("packet", first, last),), {
                "source": address(ends[:half]), "target": address(ends[half:-2]),
                "port": int.from_bytes(ends[-2:], "big"), "calls": len(calls), "seconds": interval,
            })  # fmt: skip


def _regular(moments: list[int]) -> int:
    """The usual number of seconds between moments; 0 when there is no such thing."""
    gaps = [after - before for before, after in pairwise(sorted(moments))]
    usual = median(gaps)
    alike = sum(abs(gap - usual) <= TOLERANCE * usual for gap in gaps)
    if usual < LEAST_SECONDS * _SECOND or alike < REGULAR_SHARE * len(gaps):
        return 0
    return round(usual / _SECOND)
