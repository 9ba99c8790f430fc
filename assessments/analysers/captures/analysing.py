"""Analyse a packet capture: facts, findings, what must not become public, and an index for windows over it.

`facts` (JSON values; packets are numbered from 1, bytes are those on the wire unless said otherwise):

``format`` pcap or pcapng · ``packets`` · ``bytes`` {captured, original} · ``start``, ``end`` (ISO 8601,
UTC; null when there is no packet or no such date) · ``seconds`` · ``untimed`` packets without a time of
their own · ``nanoseconds`` whether times are that fine · ``interfaces`` [{link, snaplen, name}] ·
``fragments`` · ``cut`` packets of which not all was captured · ``malformed`` · ``undecoded`` {link type:
packets} · ``mac_addresses``

``protocols`` [{name, packets, bytes, children}], from the link inwards; an application counts the packets
that carry data of its conversations, so acknowledgements alone stay with ``tcp``

``timeline`` {start, width (seconds), buckets (at most 120), protocols [name], rows [[bucket, [[packets,
bytes] by protocol]]]}; empty buckets have no row

``conversations`` {tcp, udp, other (how many), largest [{key, protocol, application, a, b, a_port, b_port,
packets [from a, from b], bytes [from a, from b], first, last, state, retransmissions}]}; `a` began.
States of TCP: open, closed, reset, refused, unanswered, half-open, one-sided, midstream (its beginning is
not in the capture), odd; else answered, no-answer

``endpoints`` {count, top [{address, packets [sent, received], bytes [sent, received], conversations}]} ·
``ports`` [{protocol, port, service, conversations, packets, bytes}] of the serving side

``tcp`` {flags {name: segments}, handshakes {complete, refused, unanswered, half-open}, states {state:
conversations}, retransmissions, gaps} · ``dns`` {queries, responses, no_such_name, broken, names, types,
top [{name, queries, answers, no_such_name, first}]} · ``tls`` {servers [{name, count, first}], offered,
chosen {version: hellos}} · ``http`` {requests, responses, hosts, methods, statuses {2xx: …}, paths (how
many)} · ``dhcp`` {messages, host_names} · ``arp`` {requests, replies, addresses, table [{address, devices
[maker's prefix and a number], first}]}

``credentials`` {code: packets}, never a value · ``caps`` {table: entries that did not fit}

`detail` is ``reading.records.Layout`` as JSON with ``packets``, ``start`` (nanoseconds) and ``masked``,
keys of conversations whose content is not shown; ``windows`` reads it.
"""

from typing import Any, BinaryIO, Final

from assessments.analysers.analysis import Analysis, Place, Secret, Skipped
from assessments.analysers.captures.findings.finding import findings_of
from assessments.analysers.captures.reading.records import BadCapture
from assessments.analysers.captures.summary import facts_of
from assessments.analysers.captures.surveying import Survey, survey
from assessments.analysers.recognising import Recognised

NAME: Final = "packet-capture"
VERSION: Final = 1
# Ethernet addresses that are named; a wireless network shows hundreds.
MAX_MACS_LISTED: Final = 60
# Conversations whose content is masked in windows; ``masking`` says what is masked without being listed.
MAX_MASKED: Final = 20_000
# How the readers say that the file ends within a packet.
_CUT: Final = ("bytes left", "cut short")


def analyse(content: BinaryIO, recognised: Recognised) -> Analysis:
    """Read an open capture; what cannot be read as one is an analysis that says why."""
    try:
        found = survey(content)
    except BadCapture as refusal:
        skipped = Skipped(str(refusal))
        return Analysis(NAME, VERSION, recognised.dialect, {"packets": 0}, skipped=(skipped,))
    secrets, left_out = _secrets(found)
    return Analysis(
        NAME,
        VERSION,
        found.layout.form,
        facts_of(found),
        findings_of(found),
        secrets,
        tuple(_skipped(found)),
        _detail(found),
        secrets_left_out=left_out,
    )


def _secrets(found: Survey) -> tuple[tuple[Secret, ...], int]:
    """Key logs, then logins, then Ethernet addresses."""
    tally, asides = found.tally, found.asides
    secrets = [Secret("tls-secrets", _packet(max(1, number))) for number in asides.tls_secrets]
    secrets += [Secret(code, _packet(number)) for code, number in tally.disclosures.named]
    for mac in asides.addresses:
        tally.links.mac(mac, 1)
    macs = sorted(tally.links.macs.values())
    secrets += [Secret("mac-address", _packet(number)) for number in macs[:MAX_MACS_LISTED]]
    left_out = asides.tls_secrets_left_out + tally.disclosures.left_out + max(0, len(macs) - MAX_MACS_LISTED)
    return tuple(secrets), left_out


def _packet(number: int) -> Place:
    return Place("packet", number, number)


def _skipped(found: Survey) -> list[Skipped]:
    tally, ending, asides = found.tally, found.ending, found.asides
    skipped = []
    if ending.reason:
        # A cut takes the end of the last packet; after other damage nobody knows what follows.
        is_cut = ending.reason != "damaged-tail" or not ending.detail or ending.detail.endswith(_CUT)
        reason = ending.reason if is_cut else "damaged-middle"
        skipped.append(Skipped(reason, _packet(ending.packet), detail=ending.detail))
    for name, (count, first, last) in sorted(tally.undecoded.items()):
        skipped.append(Skipped("undecoded-link", Place("packet", first, last), count, name))
    if asides.unknown_blocks:
        skipped.append(Skipped("unknown-blocks", count=asides.unknown_blocks))
    if asides.name_blocks:
        skipped.append(Skipped("name-blocks", count=asides.name_blocks))
    for table, count in sorted(tally.caps.reached.items()):
        skipped.append(Skipped("table-full", count=count, detail=table))
    return skipped


def _detail(found: Survey) -> dict[str, Any]:
    flows = found.tally.disclosures.flows()
    return {
        **found.layout.to_json(),
        "packets": found.tally.number,
        "start": found.tally.first or 0,
        "masked": [key.hex() for key in flows[:MAX_MASKED]],
    }
