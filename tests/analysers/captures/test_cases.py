"""Each capture of the table is told as its author meant it."""

import io

import pytest

from assessments.analysers.analysis import Analysis
from assessments.analysers.captures.analysing import analyse
from assessments.analysers.captures.findings.finding import CODES
from assessments.analysers.operations import recognised
from tests.analysers.captures.building import gz, pcap, pcapng
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
