"""A file of any firewall is recognised by its content and analysed as a whole."""

import io
import json

import pytest

from assessments.analysers.analysis import Analysis, Place
from assessments.analysers.configurations.analysing import analyse
from assessments.analysers.recognising import recognise
from tests.analysers.configurations.telling import fixture
from tests.analysers.configurations.test_hostile_files import FILES


def analysed(data: bytes) -> Analysis:
    return analyse(io.BytesIO(data), recognise(data, len(data)))


@pytest.mark.parametrize(("dialect", "name"), FILES)
def test_a_fixture_is_recognised_as_what_it_is(dialect: str, name: str) -> None:
    data = fixture(name).encode()
    assert recognise(data, len(data)).dialect == dialect


@pytest.mark.parametrize(
    ("name", "rules", "disabled", "logged"),
    [
        ("junos/branch.conf", 13, 1, 5),
        ("junos-set/branch.conf", 13, 1, 5),
        ("fortios/office.conf", 7, 1, 2),
        ("panos-set/dmz.txt", 5, 1, 4),
        ("panos-xml/dmz.xml", 5, 1, 4),
        ("pfsense/office.xml", 9, 1, 2),
        ("opnsense/branch.xml", 7, 2, 2),
        ("windows-json/powershell5.json", 6, 1, 0),
        ("windows-netsh/dutch.txt", 6, 1, 0),
    ],
)
def test_the_summary_counts_what_the_file_holds(name: str, rules: int, disabled: int, logged: int) -> None:
    found = analysed(fixture(name).encode())
    assert (found.facts["rules"], found.facts["disabled"], found.facts["logged"]) == (rules, disabled, logged)
    assert Analysis.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("name", ["windows-json/powershell5.json", "windows-netsh/french.txt"])
def test_what_windows_writes_in_utf_16_is_read(name: str) -> None:
    data = fixture(name).replace("\n", "\r\n").encode("utf-16")
    assert analysed(data).facts["rules"] == 6


@pytest.mark.parametrize("name", ["panos-xml/dmz.xml", "pfsense/office.xml", "opnsense/branch.xml"])
def test_a_document_type_is_said_and_nothing_of_the_file_is_read(name: str) -> None:
    text = fixture(name)
    first, rest = text.split("\n", 1)
    root = rest.lstrip("<").split(">")[0].split()[0]
    found = analysed(f'{first}\n<!DOCTYPE {root} [<!ENTITY a "b">]>\n{rest}'.encode())
    assert found.facts["rules"] == 0
    assert found.findings == ()
    assert [(one.reason, one.place) for one in found.skipped] == [("dtd-refused", Place("line", 2, 2))]
