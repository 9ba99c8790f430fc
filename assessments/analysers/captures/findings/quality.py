"""How far the capture itself can be trusted, and how well the network did."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place
from assessments.analysers.captures.settled import Profile, Settled
from assessments.analysers.captures.surveying import Survey
from assessments.analysers.captures.tallies.flows import RST

# Browsers end a few connections by RST; below ten nothing can be said.
LEAST_RESETS: Final = 10
RESET_SHARE: Final = 0.2
# Some loss is ordinary on any network; from one segment in a hundred on people notice it.
LEAST_LOST: Final = 10
LOST_SHARE: Final = 0.01
# Conversations cut off at either end of the capture look one-sided too.
LEAST_ONE_SIDED: Final = 10
ONE_SIDED_SHARE: Final = 0.3


def quality(survey: Survey) -> Iterator[Finding]:
    tally = survey.tally
    if tally.cut[0]:
        snaplen = max((interface.snaplen for interface in survey.layout.interfaces), default=0)
        yield _low("packets-cut", tally.cut, {"packets": tally.cut[0], "snaplen": snaplen})
    if tally.backwards[0]:
        yield _low("time-backwards", tally.backwards, {"packets": tally.backwards[0]})
    if tally.malformed[0]:
        yield _low("malformed-packets", tally.malformed, {"packets": tally.malformed[0]})
    settled = survey.settled
    resets, total = _resets(settled), _with(list(settled.profiles.values()))[0]
    if resets[0] >= LEAST_RESETS and resets[0] >= RESET_SHARE * total:
        yield _low("many-resets", resets, {"conversations": resets[0], "total": total})
    yield from _losses(survey)
    one_sided = _with([one for one in settled.profiles.values() if one.judgement.state == "one-sided"])
    if one_sided[0] >= LEAST_ONE_SIDED and one_sided[0] >= ONE_SIDED_SHARE * total:
        yield _low("one-direction", one_sided, {"conversations": one_sided[0], "total": total})


def _low(code: str, seen: list[int], values: dict[str, str | int]) -> Finding:
    return Finding(code, "low", (Place("packet", seen[1], seen[2]),), values)


def _losses(survey: Survey) -> Iterator[Finding]:
    again, gaps, segments = survey.settled.again, survey.settled.gaps, sum(survey.tally.flags)
    if again[0] >= LEAST_LOST and again[0] >= LOST_SHARE * segments:
        yield _low("retransmissions", again, {"count": again[0], "segments": segments})
    if gaps[0] >= LEAST_LOST and gaps[0] >= LOST_SHARE * segments:
        yield _low("packets-missing", gaps, {"count": gaps[0], "segments": segments})


def _with(profiles: list[Profile]) -> list[int]:
    """[conversations, first packet, last packet] of some profiles."""
    return [
        sum(profile.count for profile in profiles),
        min((profile.first for profile in profiles), default=0),
        max((profile.last for profile in profiles), default=0),
    ]


def _resets(settled: Settled) -> list[int]:
    """Conversations that ended by a reset after they had begun; a refused one did not begin."""
    return _with(
        [
            profile
            for marks, profile in settled.profiles.items()
            if (marks >> 9 | marks) & RST and profile.judgement.handshake in ("", "complete")
        ]
    )
