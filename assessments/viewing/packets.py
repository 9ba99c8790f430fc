"""What the packet list shows: one window of rows, and one packet opened, as the confined child read them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self
from urllib.parse import urlencode

from assessments.analysers.captures.windows import PacketLayers, PacketRow
from assessments.analysing import detail_of
from assessments.models import Analysis, Evidence
from assessments.viewing import naming
from assessments.viewing.captures import end
from assessments.viewing.opened import Opened
from assessments.viewing.remarks import Remark
from assessments.viewing.windows import ROWS, CannotShow, made

ROWS_SHOWN: Final = 100
# A packet that is asked for stands this far below the top of its window.
_AHEAD: Final = 10
_OPERATIONS: Final = "assessments.analysers.captures.showing"
# As the facts name a conversation: protocol, two addresses, two ports.
_KEY: Final = re.compile(r"\d{1,3}(\|[0-9a-fA-F:.]{2,45}){2}(\|\d{1,5}){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the list: from a packet or a time on, around one that is opened, or of a conversation."""

    first: int = 1
    packet: int = 0
    second: float | None = None
    flow: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """What makes no sense asks for the beginning."""
        return cls(
            first=max(1, _number(query.get("first", ""))),
            packet=_number(query.get("packet", "")),
            second=_seconds(query.get("second", "")),
            flow=query.get("flow", ""),
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation; ``number`` is its place among the largest of the capture, 0 when it is none of them.

    ``first`` is its first packet, ``packets`` how many it has, as far as the facts know (else 1, and 0).
    """

    number: int
    key: str
    name: str
    first: int = 1
    packets: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with the query that opens it, and what the analyser remarked and marked from this packet on."""

    row: PacketRow
    query: str
    is_open: bool
    remarks: tuple[Remark, ...] = ()
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """``total`` packets are in the capture; ``earlier`` and ``later`` are queries of the windows beside."""

    rows: tuple[Shown, ...]
    total: int
    flow: Flow | None
    opened: PacketLayers | None
    earlier: str
    later: str

    @property
    def first(self) -> int:
        return self.rows[0].row.number if self.rows else 0

    @property
    def last(self) -> int:
        return self.rows[-1].row.number if self.rows else 0


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    """``first``, ``packet``, ``second`` and ``flow`` choose the window. Raises DomainError."""
    asked = Asked.parse(query)
    if opened.analysis is None:
        return {"asked": asked, "packets": None}
    window = _noted(window_of(opened.item, opened.analysis, asked), opened)
    before, after = _steps(opened.remarks, asked.packet or window.first - 1)
    return {"asked": asked, "packets": window, "remark_before": before, "remark_after": after}


def window_of(item: Evidence, analysis: Analysis, asked: Asked) -> Window:
    """The window that is asked for. Raises CannotShow, or the DomainError of bytes that cannot be opened."""
    total = int(analysis.facts.get("packets", 0))
    flow = flow_of(analysis, asked.flow)
    packet = min(asked.packet, total)
    detail = detail_of(analysis)
    if not total or detail is None:
        return Window((), total, flow, None, "", "")
    first = min(asked.first, total)
    if packet and not flow:
        first = max(1, packet - _AHEAD)
    arguments = {"detail": detail, "first": first, "count": ROWS_SHOWN + 1, "opened": packet}
    if flow:
        # From the packet itself: what stands before it is a window further back.
        arguments |= {"key": flow.key, "first": packet or max(first, flow.first)}
        if flow.packets:
            # Looking for one more than there are would mean to read on to the end of the file.
            arguments["count"] = min(ROWS_SHOWN + 1, flow.packets)
        answer = _asked(item, "flow", arguments)
    else:
        answer = _asked(item, "packets", arguments | {"second": None if packet else asked.second})
    return _laid_out(answer, total, flow, packet)


def flow_of(analysis: Analysis, asked: str) -> Flow | None:
    """A conversation by its number among the largest, or by the name that the facts give it."""
    largest = analysis.facts.get("conversations", {}).get("largest", [])
    # Where the table was full, a conversation may have been counted in two parts.
    is_whole = "conversations" not in analysis.facts.get("caps", {})
    for number, one in enumerate(largest, start=1):
        if asked in (one["key"], str(number)):
            name = f"{end(one['a'], one['a_port'])} → {end(one['b'], one['b_port'])}"
            spoken = naming.protocol(one["application"] or one["protocol"])
            known = (one["first"], sum(one["packets"])) if is_whole else (1, 0)
            return Flow(number, one["key"], f"{name} ({spoken})", *known)
    if _KEY.match(asked):
        _protocol, a, b, *ports = asked.split("|")
        numbers = [int(port) for port in ports] if len(ports) == 2 else [None, None]
        return Flow(0, asked, f"{end(a, numbers[0])} → {end(b, numbers[1])}")
    return None


def _noted(window: Window, opened: Opened) -> Window:
    """The window with what begins at its packets."""
    remarks: dict[int, list[Remark]] = {}
    for remark in opened.remarks:
        for number in {place.first for place in remark.told_at if place.unit == "packet"}:
            remarks.setdefault(number, []).append(remark)
    secrets: dict[int, list[str]] = {}
    for mark in opened.secrets:
        secrets.setdefault(mark.secret.place.first, []).append(mark.secret.code)
    rows = tuple(
        replace(
            one,
            remarks=tuple(remarks.get(one.row.number, ())),
            secrets=tuple(dict.fromkeys(secrets.get(one.row.number, ()))),
        )
        for one in window.rows
    )
    return replace(window, rows=rows)


def _steps(remarks: Iterable[Remark], number: int) -> tuple[int | None, int | None]:
    """The packets of the last remark before one and of the first after it."""
    places = (place for remark in remarks for place in remark.told_at if place.unit == "packet")
    firsts = sorted({place.first for place in places})
    before = [first for first in firsts if first < number]
    after = [first for first in firsts if first > number]
    return (before[-1] if before else None, after[0] if after else None)


def _asked(item: Evidence, operation: str, arguments: dict[str, Any]) -> Any:
    answer = made(item, f"{_OPERATIONS}:{operation}", arguments, ROWS)
    try:
        return json.loads(answer)
    except ValueError as error:
        raise CannotShow.unusual() from error


def _laid_out(answer: Any, total: int, flow: Flow | None, packet: int) -> Window:
    rows = [PacketRow.from_json(row) for row in answer["rows"]]
    kept, more = rows[:ROWS_SHOWN], rows[ROWS_SHOWN:]
    base = {"flow": flow.number or flow.key} if flow else {}
    first = kept[0].number if kept else 1
    earlier = later = ""
    if flow and packet:
        earlier = _query(base)
    elif first > 1 and not flow:
        earlier = _query({"first": max(1, first - ROWS_SHOWN)})
    if more:
        later = _query(base | {"first": more[0].number})
    shown = tuple(Shown(row, _query(base | {"packet": row.number}), row.number == packet) for row in kept)
    return Window(shown, total, flow, _opened(answer["opened"]), earlier, later)


def _opened(answer: Any) -> PacketLayers | None:
    """The packet, its layers named as elsewhere on the page."""
    if not answer:
        return None
    packet = PacketLayers.from_json(answer)
    layers = tuple(replace(layer, name=_named(layer.name)) for layer in packet.layers)
    return replace(packet, layers=layers)


def _named(layer: str) -> str:
    return " / ".join(map(naming.protocol, layer.split(" / ")))


def _query(values: Mapping[str, Any]) -> str:
    return f"?{urlencode(values)}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text) else None
