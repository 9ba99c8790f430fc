"""What the summary of a capture shows, laid out from the facts alone: the file itself is not opened."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.analysers.analysis import Secret
from assessments.models import Analysis
from assessments.viewing import naming
from assessments.viewing.charts import share, stacked
from assessments.viewing.opened import Opened
from assessments.viewing.summaries import (
    Bucket,
    Conversation,
    Facts,
    Login,
    Protocol,
    Ranked,
    Summary,
    Talker,
    Timeline,
)

# Protocols with a colour of their own; the others share one.
COLOURS: Final = 5
REST: Final = "rest"
_DEEPEST: Final = 5


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    """``by`` chooses what the timeline counts: packets, or bytes."""
    unit = query.get("by", "")
    return {"capture": summary_of(opened.analysis, unit=unit) if opened.analysis else None}


def summary_of(analysis: Analysis, *, unit: str) -> Summary | None:
    """The summary, its timeline in ``packets`` or ``bytes``; None when no packet was read."""
    facts = analysis.facts
    if not facts.get("packets"):
        return None
    try:
        return _laid_out(analysis, facts, "bytes" if unit == "bytes" else "packets")
    except (KeyError, TypeError, ValueError, IndexError):
        # An analyser of another version wrote it; it is about to be read again.
        return None


def _laid_out(analysis: Analysis, facts: Facts, unit: str) -> Summary:
    start = _moment(facts["start"])
    dns, tls, http = facts["dns"], facts["tls"], facts["http"]
    return Summary(
        facts=facts,
        start=start,
        end=_moment(facts["end"]),
        lasted=naming.duration(facts["seconds"]),
        timeline=_timeline(facts["timeline"], start, unit),
        protocols=tuple(_flattened(facts["protocols"], facts["packets"], 0)),
        conversations=_conversations(facts["conversations"]["largest"]),
        talkers=_talkers(facts["endpoints"]["top"]),
        ports=_ports(facts["ports"]),
        handshakes=_counts(facts["tcp"]["handshakes"], naming.state),
        states=_counts(facts["tcp"]["states"], naming.state),
        names=_ranked(
            (one["name"], max(one["queries"], one["answers"]), one["first"], bool(one["no_such_name"]))
            for one in dns["top"]
        ),
        servers=_ranked((one["name"], one["count"], one["first"], False) for one in tls["servers"]),
        versions=_counts(tls["chosen"] or tls["offered"], str),
        hosts=_ranked((one["name"], one["count"], one["first"], False) for one in http["hosts"]),
        methods=_counts(http["methods"], str),
        devices=tuple((one["address"], tuple(one["devices"]), one["first"]) for one in facts["arp"]["table"]),
        logins=_logins(analysis, facts["credentials"]),
    )


# --- Time and protocols --------------------------------------------------------------------------------


def _timeline(facts: Facts, start: datetime | None, unit: str) -> Timeline:
    column = 1 if unit == "bytes" else 0
    totals = [sum(row[1][at][column] for row in facts["rows"]) for at in range(len(facts["protocols"]))]
    largest = sorted(range(len(totals)), key=lambda at: -totals[at])
    main = [at for at in largest if totals[at] and facts["protocols"][at] != "other"][:COLOURS]
    series = {at: f"series-{place}" for place, at in enumerate(main, start=1)}
    amounts: list[dict[str, int]] = [{} for _ in range(facts["buckets"])]
    for number, values in facts["rows"]:
        for at, value in enumerate(values):
            name = series.get(at, f"series-{REST}")
            if value[column]:
                amounts[number][name] = amounts[number].get(name, 0) + value[column]
    labels = [(series[at], naming.protocol(facts["protocols"][at])) for at in main]
    if any(f"series-{REST}" in entry for entry in amounts):
        labels.append((f"series-{REST}", naming.protocol("other")))
    begun = _moment(facts["start"])
    return Timeline(
        drawing=stacked(amounts, [name for name, _label in labels]),
        series=tuple(labels),
        buckets=tuple(_buckets(amounts, labels, begun, start, facts["width"])),
        unit=unit,
        step=naming.duration(facts["width"]),
    )


def _buckets(
    amounts: list[dict[str, int]],
    labels: list[tuple[str, str]],
    begun: datetime | None,
    start: datetime | None,
    width: float,
) -> Iterator[Bucket]:
    ahead = (begun - start).total_seconds() if begun and start else 0.0
    for number, entry in enumerate(amounts):
        parts = tuple((label, entry[name]) for name, label in labels if name in entry)
        second = max(0.0, number * width + ahead)
        when = _local(start, second) if start else None
        yield Bucket(f"{second:.6f}", when, sum(entry.values()), parts)


def _flattened(nodes: Any, whole: int, depth: int) -> Iterator[Protocol]:
    for node in nodes:
        packets = node["packets"]
        yield Protocol(
            naming.protocol(node["name"]),
            min(depth, _DEEPEST),
            packets,
            node["bytes"],
            share(packets, whole),
            100 * packets / whole,
        )
        yield from _flattened(node["children"], whole, depth + 1)


# --- Who talks with whom -------------------------------------------------------------------------------


def _conversations(facts: Any) -> tuple[Conversation, ...]:
    most = max((sum(one["bytes"]) for one in facts), default=0)
    return tuple(_conversation(number, one, most) for number, one in enumerate(facts, start=1))


def _conversation(number: int, one: Facts, most: int) -> Conversation:
    sent, received = one["bytes"]
    return Conversation(
        number=number,
        a=end(one["a"], one["a_port"]),
        b=end(one["b"], one["b_port"]),
        protocol=naming.protocol(one["application"] or one["protocol"]),
        packets=sum(one["packets"]),
        sent=sent,
        received=received,
        state=naming.state(one["state"]),
        first=one["first"],
        bar_sent=share(sent, most),
        bar_received=share(received, most),
    )


def end(address: str, port: int | None) -> str:
    """An address with its port, as it is written: brackets around IPv6."""
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _talkers(facts: Any) -> tuple[Talker, ...]:
    most = max((sum(one["bytes"]) for one in facts), default=0)
    return tuple(
        Talker(
            one["address"],
            one["bytes"][0],
            one["bytes"][1],
            one["conversations"],
            share(one["bytes"][0], most),
            share(one["bytes"][1], most),
        )
        for one in facts
    )


def _ports(facts: Any) -> tuple[Ranked, ...]:
    most = max((one["conversations"] for one in facts), default=0)
    ranked = sorted(facts, key=lambda one: -one["conversations"])
    return tuple(
        Ranked(
            f"{one['port']}/{one['protocol'].upper()}",
            one["conversations"],
            0,
            share(one["conversations"], most),
            naming.protocol(one["service"]) if one["service"] else "",
        )
        for one in ranked
    )


# --- Lists ---------------------------------------------------------------------------------------------


def _ranked(rows: Iterable[tuple[str, int, int, bool]]) -> tuple[Ranked, ...]:
    """From (name, count, first packet, whether it does not exist)."""
    found = list(rows)
    most = max((count for _name, count, _first, _missing in found), default=0)
    return tuple(
        Ranked(name, count, first, share(count, most), _("does not exist") if missing else "")
        for name, count, first, missing in found
    )


def _counts(facts: Mapping[str, int], label: Callable[[str], str]) -> tuple[Ranked, ...]:
    """What there is any of, the most frequent first."""
    found = sorted(((name, count) for name, count in facts.items() if count), key=lambda one: -one[1])
    return _ranked((label(name), count, 0, False) for name, count in found)


def _logins(analysis: Analysis, facts: Mapping[str, int]) -> tuple[Login, ...]:
    first: dict[str, int] = {}
    for secret in map(Secret.from_json, analysis.secrets):
        first.setdefault(secret.code, secret.place.first)
    return tuple(Login(code, packets, first.get(code, 0)) for code, packets in facts.items())


def _moment(text: str | None) -> datetime | None:
    return _local(datetime.fromisoformat(text)) if text else None


def _local(moment: datetime, seconds: float = 0.0) -> datetime | None:
    """A time so much later; None where the calendar ends, here or in the reader's time zone."""
    try:
        return timezone.localtime(moment + timedelta(seconds=seconds))
    except OverflowError:
        return None
