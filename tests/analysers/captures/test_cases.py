"""Each capture of the table is told as its author meant it."""

import io

import pytest

from assessments.analysers.analysis import Analysis
from assessments.analysers.captures.analysing import analyse
from assessments.analysers.captures.findings.finding import CODES
from assessments.analysers.captures.rewriting import redacted
from assessments.analysers.captures.windows import packet_rows
from assessments.analysers.operations import recognised
from tests.analysers.captures.building import Talk, ethernet, gz, pcap, pcapng
from tests.analysers.captures.cases import CASES, Case

by_title = pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)


def analysed(data: bytes) -> Analysis:
    content = io.BytesIO(data)
    return analyse(content, recognised(content))


def packets_by_path(nodes, above=""):
    found = {}
    for node in nodes:
        path = f"{above}/{node['name']}" if above else node["name"]
        found[path] = node["packets"]
        found |= packets_by_path(node["children"], path)
    return found


def told(analysis: Analysis):
    return [
        (one.severity, one.code, one.values, [(place.first, place.last) for place in one.places])
        for one in analysis.findings
    ]


@by_title
def test_protocols_findings_and_secrets_are_those_meant(case: Case):
    analysis = analysed(case.data)
    found = packets_by_path(analysis.facts["protocols"])
    assert {path: found.get(path, 0) for path in case.protocols} == case.protocols
    assert told(analysis) == case.findings
    assert [(one.code, one.place.first) for one in analysis.secrets] == case.secrets
    assert analysis.facts["packets"] == len(case.frames())
    assert analysis.skipped == ()


@by_title
def test_every_container_tells_the_same(case: Case):
    frames = case.frames()
    plain = analysed(pcap(frames))
    for data in (
        pcap(frames, order=">"),
        pcap(frames, nano=True),
        pcap(frames, order=">", nano=True),
        pcapng(frames),
        pcapng(frames, order=">"),
        gz(pcap(frames)),
        gz(pcapng(frames)),
    ):
        other = analysed(data)
        assert told(other) == told(plain)
        assert other.secrets == plain.secrets
        same = (
            "packets",
            "bytes",
            "start",
            "end",
            "seconds",
            "protocols",
            "conversations",
            "tcp",
            "timeline",
            "dns",
        )
        assert {name: other.facts[name] for name in same} == {name: plain.facts[name] for name in same}


@by_title
def test_an_analysis_survives_its_json(case: Case):
    analysis = analysed(case.data)
    assert Analysis.from_json(analysis.to_json()) == analysis


@by_title
def test_no_credential_is_part_of_any_answer(case: Case):
    text = repr(analysed(case.data).to_json())
    for value in ("zebra", "YWRhOnplYnJhLTk", "emVicmEtOQ", "0123456789abcdef", "public", "abcd'"):
        assert value not in text


def test_all_codes_but_those_of_the_capture_itself_have_a_case():
    of_the_file = {"packets-cut", "time-backwards", "malformed-packets", "tls-keys-included"}
    assert {
        code for case in CASES for _severity, code, _values, _places in case.findings
    } == CODES - of_the_file


def test_of_very_many_ethernet_addresses_some_are_named_and_the_others_counted():
    frames = [ethernet(b"\x45", source=b"\0\x1b\x21" + number.to_bytes(3, "big")) for number in range(1, 301)]
    analysis = analysed(pcap(frames))
    assert analysis.facts["mac_addresses"] == 301
    assert (len(analysis.secrets), analysis.secrets_left_out) == (60, 241)


def test_addresses_without_a_maker_are_nobodys():
    frames = [ethernet(b"\x45", source=bytes.fromhex("02001b21aa01"), target=bytes.fromhex("01005e000001"))]
    assert analysed(pcap(frames)).secrets == ()


def test_a_port_of_no_meaning_is_named_by_what_is_said_there():
    talk = Talk("10.0.0.1", "10.0.0.2", (50000, 4444)).open()
    talk.down(b"220 hello\r\n").up(b"USER ada\r\n").down(b"331\r\n").up(b"PASS zebra-9\r\n")
    analysis = analysed(pcap(talk.frames))
    assert [one.code for one in analysis.findings] == ["clear-text-credentials", "clear-text-protocol"]
    assert packets_by_path(analysis.facts["protocols"])["ethernet/ipv4/tcp/ftp"] == 3
    assert "zebra" not in repr(packet_rows(io.BytesIO(pcap(talk.frames)), analysis.detail, 1, 20))
    out = io.BytesIO()
    redacted(io.BytesIO(pcap(talk.frames)), out)
    assert b"zebra" not in out.getvalue()


def test_the_arp_table_names_devices_without_their_addresses():
    arp = analysed(next(case for case in CASES if case.title == "ARP poisoning").data).facts["arp"]
    assert (arp["requests"], arp["replies"], arp["addresses"]) == (1, 21, 2)
    assert [(row["address"], row["devices"]) for row in arp["table"]] == [
        ("10.0.0.1", ["00:1b:21 #2", "00:1b:21 #3"]),
        ("10.0.0.11", ["00:1b:21 #1"]),
    ]


def test_conversations_tell_sides_state_and_packets():
    facts = analysed(next(case for case in CASES if case.title == "FTP login").data).facts
    (one,) = facts["conversations"]["largest"]
    assert one == {
        "key": "6|10.0.0.11|203.0.113.80|50000|21",
        "protocol": "tcp",
        "application": "ftp",
        "a": "10.0.0.11",
        "b": "203.0.113.80",
        "a_port": 50000,
        "b_port": 21,
        "packets": [6, 5],
        "bytes": [348, 300],  # 54 bytes of headers each, and what was said
        "first": 1,
        "last": 11,
        "state": "closed",
        "retransmissions": 0,
    }
