"""Say from the kinds of segment seen each way how far a TCP conversation came."""

from functools import lru_cache
from typing import Final, NamedTuple

from assessments.analysers.captures.tallies.flows import (
    ACK,
    DATA,
    FIN,
    FIN_ALONE,
    NULL,
    RST,
    SYN,
    SYN_ACK,
    XMAS,
)

UNANSWERED: Final = "unanswered"
REFUSED: Final = "refused"
HALF_OPEN: Final = "half-open"
OPEN: Final = "open"
CLOSED: Final = "closed"
RESET: Final = "reset"
MIDSTREAM: Final = "midstream"
ONE_SIDED: Final = "one-sided"
ODD: Final = "odd"
ANSWERED: Final = "answered"
NO_ANSWER: Final = "no-answer"


class Judgement(NamedTuple):
    """`handshake` is complete, refused, unanswered, half-open or empty (its beginning was not seen).

    `probe` names the kind of scan that such conversations are made of when there are many (empty: none).
    """

    state: str
    handshake: str
    probe: str


@lru_cache(maxsize=4096)
def judged(up: int, down: int) -> Judgement:
    """`up` are the marks of who began, `down` those of the other side, 0 when it was not seen."""
    if up & SYN:
        return _begun(up, down)
    alone = {NULL: "null", FIN_ALONE: "fin", XMAS: "xmas"}.get(up & ~RST)
    if alone and not down & DATA:
        return Judgement(ODD, "", alone)
    if down == 0:
        return Judgement(ONE_SIDED if up & (ACK | SYN_ACK | FIN) else RESET if up & RST else ODD, "", "")
    return Judgement(RESET if (up | down) & RST else _ended(up, down) or MIDSTREAM, "", "")


def _begun(up: int, down: int) -> Judgement:
    nothing_said = not (up | down) & DATA
    if down & SYN_ACK:
        if not up & (ACK | FIN | DATA):
            return Judgement(HALF_OPEN, "half-open", "syn")
        state = RESET if (up | down) & RST else _ended(up, down) or OPEN
        return Judgement(state, "complete", "connect" if nothing_said else "")
    if down & RST and not down & DATA:
        return Judgement(REFUSED, "refused", "syn")
    if down == 0 and not up & (ACK | DATA):
        return Judgement(UNANSWERED, "unanswered", "syn")
    return Judgement(ONE_SIDED if down == 0 else MIDSTREAM, "", "")


def _ended(up: int, down: int) -> str:
    return CLOSED if up & FIN and down & FIN else ""
