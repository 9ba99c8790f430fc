"""What the confined child reads out of a capture for a viewer: a window of packets, and one packet."""

import json
from typing import Any, BinaryIO, Final

from assessments.analysers.captures.reading.records import MARK_EVERY
from assessments.analysers.captures.windows import (
    BadConversation,
    NoSuchPacket,
    PacketRow,
    flow_packets,
    packet_layers,
    packet_rows,
)
from workbench.confined import Refused

_SECOND: Final = 1_000_000_000


def packets(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write ``rows`` from packet ``first`` on, or from ``second`` on when that is given."""
    detail, first, count = arguments["detail"], arguments["first"], arguments["count"]
    if arguments["second"] is None:
        rows = packet_rows(content, detail, first, count)
    else:
        rows = _since(content, detail, arguments["second"], count)
    _answer(out, content, arguments, rows)


def flow(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write ``rows`` of the conversation ``key``, from packet ``first`` on."""
    detail, first, count = arguments["detail"], arguments["first"], arguments["count"]
    try:
        rows = flow_packets(content, detail, arguments["key"], first, count)
    except BadConversation as error:
        raise Refused("bad-conversation") from error
    _answer(out, content, arguments, rows)


def _since(content: BinaryIO, detail: dict[str, Any], second: float, count: int) -> list[PacketRow]:
    """Rows from the first packet that is not before a time: near the mark that was noted last before it."""
    moments, sought = detail["moments"], detail["start"] + round(second * _SECOND)
    mark = max((at for at, moment in enumerate(moments) if moment <= sought), default=0)
    rows = packet_rows(content, detail, mark * MARK_EVERY + 1, MARK_EVERY + count)
    # Times are written with nanoseconds and compared with what was rounded to microseconds.
    ahead = next((at for at, row in enumerate(rows) if row.seconds >= second - 1e-6), 0)
    return rows[ahead : ahead + count]


def _answer(out: BinaryIO, content: BinaryIO, arguments: dict[str, Any], rows: list[PacketRow]) -> None:
    """The rows, and packet ``opened`` layer by layer unless that is 0."""
    answer: dict[str, Any] = {"rows": [row.to_json() for row in rows], "opened": None}
    if arguments["opened"]:
        content.seek(0)
        try:
            answer["opened"] = packet_layers(content, arguments["detail"], arguments["opened"]).to_json()
        except NoSuchPacket as error:
            raise Refused("no-packet") from error
    out.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode())
