"""A redacted text holds no secret any more, and everything else where it was."""

from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import Place, Secret
from assessments.analysers.configurations.reading import read
from assessments.analysers.secrets.finding import find, lines_of
from assessments.analysers.secrets.redacting import freed, redacted
from tests.analysers import configurations
from tests.analysers.secrets.cases import (
    ASA,
    CASES,
    FORTIOS,
    IOS_LOGINS,
    IOS_ROUTING,
    IOS_SERVICES,
    JUNOS,
    JUNOS_SET,
    OPNSENSE,
    PANOS_SET,
    PANOS_XML,
    PFSENSE,
    Case,
)
from tests.analysers.secrets.clean import CLEAN

FRAGMENTS = sorted({line for case in CASES for line in lines_of(case.text)})
DIALECTS = sorted({case.dialect for case in CASES})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_value_is_left_and_every_line_keeps_its_number(case: Case) -> None:
    redaction = freed(case.text, case.dialect)
    before, after = lines_of(case.text), lines_of(redaction.text)
    assert find(after, case.dialect) == []
    assert len(after) == len(before)
    touched = {
        line
        for secret in find(before, case.dialect)
        for line in range(secret.place.first, secret.place.last + 1)
    }
    assert [n for n, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]] == sorted(
        touched
    )
    for _line, _code, value in case.secrets:
        assert value not in redaction.text
    assert sum(redaction.counts.values()) >= len(case.secrets)


@pytest.mark.parametrize("name", CLEAN)
def test_a_text_without_secrets_is_given_back_as_it_is(name: str) -> None:
    dialect, text = CLEAN[name]
    redaction = freed(text, dialect)
    assert (redaction.text, redaction.counts) == (text, {})


def test_equal_values_get_equal_markers_and_others_another() -> None:
    text = "username a password 0 same\nusername b password 0 other\nusername c password 0 same\n"
    assert freed(text, "cisco-ios").text == (
        "username a password 0 <removed:cisco-type-0-1>\n"
        "username b password 0 <removed:cisco-type-0-2>\n"
        "username c password 0 <removed:cisco-type-0-1>\n"
    )


def test_the_rest_of_the_line_and_every_kind_of_line_end_stay() -> None:
    text = "a\r\nsnmp-server community r3ad RO 10\rend\n\n  x "
    assert freed(text, "").text == "a\r\nsnmp-server community <removed:snmp-community-1> RO 10\rend\n\n  x "


def test_a_key_over_several_lines_leaves_as_many_lines() -> None:
    lines = lines_of(freed(FORTIOS.text, "fortios").text)
    assert lines[36:41] == ['        set private-key "<removed:private-key-1>', "", "", '"', lines[40]]
    assert lines[40] == '        set certificate "-----BEGIN CERTIFICATE-----'


@pytest.mark.parametrize("case", [PFSENSE, PANOS_XML], ids=lambda case: case.name)
def test_xml_without_its_secrets_is_still_xml(case: Case) -> None:
    text = freed(case.text, case.dialect).text
    assert [element.tag for element in fromstring(text).iter()] == [
        element.tag for element in fromstring(case.text).iter()
    ]
    assert "&lt;removed:" in text


def test_places_that_are_packets_or_outside_the_text_change_nothing() -> None:
    secrets = [Secret("mac-address", Place("packet", 1, 1)), Secret("password", Place("line", 9, 9), 0, 3)]
    assert redacted("one\ntwo", secrets) == "one\ntwo"


def test_a_secret_without_characters_is_its_whole_line() -> None:
    assert (
        redacted("one\ntwo\nthree", [Secret("password", Place("line", 2, 2))])
        == "one\n<removed:password-1>\nthree"
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=30)), max_size=25),
    st.sampled_from(DIALECTS),
    st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_the_lines_nothing_is_found_in_the_redacted_text(
    lines: list[str], dialect: str, end: str
) -> None:
    text = end.join(lines)
    redaction = freed(text, dialect)
    assert find(lines_of(redaction.text), dialect) == []
    assert len(lines_of(redaction.text)) == len(lines_of(text))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_cut_and_spliced_lines_are_freed_too(data: st.DataObject) -> None:
    first, second = data.draw(st.sampled_from(FRAGMENTS)), data.draw(st.sampled_from(FRAGMENTS))
    line = first[: data.draw(st.integers(0, len(first)))] + second[data.draw(st.integers(0, len(second))) :]
    assert find([line], "") == [] or find(lines_of(freed(line, "").text), "") == []


@pytest.mark.parametrize("case", [ASA, IOS_ROUTING], ids=lambda case: case.name)
def test_no_value_is_in_what_is_handed_on(case: Case) -> None:
    secrets = find(lines_of(case.text), case.dialect)
    assert secrets
    shown = repr(secrets) + str([secret.to_json() for secret in secrets])
    for _line, _code, value in case.secrets:
        assert value not in shown


FIXTURES = Path(configurations.__file__).parent / "fixtures"
# Each dialect's example with statements around it that hold every kind of secret.
WITH_SECRETS = {
    "cisco-ios": ("cisco-ios/branch.ios", (IOS_LOGINS, IOS_ROUTING, IOS_SERVICES)),
    "cisco-asa": ("cisco-asa/office.asa", (ASA,)),
    "fortios": ("fortios/office.conf", (FORTIOS,)),
    "junos": ("junos/branch.conf", (JUNOS,)),
    "junos-set": ("junos-set/branch.conf", (JUNOS_SET,)),
    "panos-set": ("panos-set/dmz.txt", (PANOS_SET,)),
    "pfsense": ("pfsense/office.xml", (PFSENSE,)),
    "opnsense": ("opnsense/branch.xml", (OPNSENSE,)),
}


@pytest.mark.parametrize("dialect", WITH_SECRETS)
def test_a_redacted_configuration_has_the_same_rules(dialect: str) -> None:
    name, cases = WITH_SECRETS[dialect]
    text, extra = (FIXTURES / name).read_text(), "\n".join(case.text for case in cases)
    if dialect in ("pfsense", "opnsense"):
        # The parts of the other file before the end of this one.
        inner = extra[extra.index(f"<{dialect}>") + len(dialect) + 2 : extra.rindex(f"</{dialect}>")]
        text = text.replace(f"</{dialect}>", f"{inner}</{dialect}>")
    else:
        text = f"{text}\n{extra}"
    before = read(text, dialect)
    redaction = freed(text, dialect)
    after = read(redaction.text, dialect)
    assert sum(redaction.counts.values()) >= sum(len(case.secrets) for case in cases)
    assert before.rules and after == before


@pytest.mark.parametrize(
    ("name", "dialect"), [("panos-xml/dmz.xml", "panos-xml"), ("fortios/office.conf", "fortios")]
)
def test_an_example_with_secrets_of_its_own_has_the_same_rules_without(name: str, dialect: str) -> None:
    text = (FIXTURES / name).read_text()
    redaction = freed(text, dialect)
    assert redaction.counts
    assert read(redaction.text, dialect) == read(text, dialect)
