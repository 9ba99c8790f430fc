"""Whatever is done to a file, its reader answers with what it could read, and says the rest."""

import random
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.analysers.configurations.lines import count_lines
from assessments.analysers.configurations.reading import READERS
from assessments.analysers.configurations.refusing import RefusedContent
from assessments.analysers.configurations.rules import Ruleset
from tests.analysers.configurations.telling import fixture

FILES = [
    ("junos", "junos/branch.conf"),
    ("junos", "junos/dmz_messy.conf"),
    ("junos-set", "junos-set/branch.conf"),
    ("fortios", "fortios/office.conf"),
    ("fortios", "fortios/domains.conf"),
    ("panos-set", "panos-set/dmz.txt"),
    ("panos-set", "panos-set/panorama.txt"),
    ("panos-xml", "panos-xml/dmz.xml"),
    ("pfsense", "pfsense/office.xml"),
    ("panos-xml", "panos-xml/two_systems.xml"),
    ("pfsense", "pfsense/tunnel.xml"),
    ("opnsense", "opnsense/branch.xml"),
    ("windows-json", "windows-json/powershell5.json"),
    ("windows-json", "windows-json/powershell7.json"),
    ("windows-json", "windows-json/plain.json"),
    ("windows-netsh", "windows-netsh/english.txt"),
    ("windows-netsh", "windows-netsh/french.txt"),
]
DIALECTS = list(dict.fromkeys(dialect for dialect, _ in FILES))
XML = ("panos-xml", "pfsense", "opnsense")
ROOTS = {"panos-xml": "config", "pfsense": "pfsense", "opnsense": "opnsense"}


def read(text: str, dialect: str) -> Ruleset | None:
    """What the reader answers, checked; None when it refuses the text."""
    try:
        found = READERS[dialect](text, dialect)
    except RefusedContent as refusal:
        assert dialect in XML
        assert refusal.code == "dtd-refused"
        return None
    total = count_lines(text)
    assert found.lines == total
    places = [(one.first_line, one.last_line) for one in (*found.rules, *found.objects, *found.management)]
    places += [(one.first_line, one.last_line) for one in found.unread]
    for first, last in places:
        assert 1 <= first <= last <= max(1, total)
    assert [rule.number for rule in found.rules] == list(range(1, len(found.rules) + 1))
    names = {scope.name for scope in found.scopes}
    for name in names:
        orders = [rule.order for rule in found.rules if rule.scope == name]
        assert sorted(orders) == list(range(1, len(orders) + 1))
    assert {rule.scope for rule in found.rules} <= names
    return found


@pytest.mark.parametrize(("dialect", "name"), FILES)
def test_a_file_cut_anywhere_gives_no_rule_that_the_whole_does_not_have(dialect: str, name: str) -> None:
    text = fixture(name)
    whole = read(text, dialect)
    assert whole is not None
    known = {(rule.scope, rule.name, rule.first_line, rule.action) for rule in whole.rules}
    for size in range(0, len(text), 50):
        found = read(text[:size], dialect)
        assert found is not None
        assert {(rule.scope, rule.name, rule.first_line, rule.action) for rule in found.rules} <= known


@pytest.mark.parametrize(("dialect", "name"), FILES)
def test_a_file_with_flipped_bytes_is_read_all_the_same(dialect: str, name: str) -> None:
    whole = fixture(name).encode()
    chance = random.Random(name)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        read(data.decode("utf-8", "replace"), dialect)


@pytest.mark.parametrize(("dialect", "name"), FILES)
def test_a_file_that_lacks_words_here_and_there_is_read_all_the_same(dialect: str, name: str) -> None:
    words = re.split(r"(\s+)", fixture(name))
    chance = random.Random(name)
    for part in (0.002, 0.01, 0.05, 0.2):
        for _ in range(25):
            read("".join(word for word in words if word.isspace() or chance.random() > part), dialect)


@pytest.mark.parametrize(("dialect", "name"), FILES)
def test_lines_in_any_order_are_read_all_the_same(dialect: str, name: str) -> None:
    rows = fixture(name).split("\n")
    chance = random.Random(name)
    for _ in range(20):
        chance.shuffle(rows)
        read("\n".join(rows), dialect)


SIGNS = tuple('{};[]"\\\n \t<>/&=:,\0é\ud800')
KEYWORDS = (
    "set",
    "edit",
    "config",
    "next",
    "end",
    "security",
    "policies",
    "rule",
    "entry",
    "rules",
    "insert",
)
MORE = ("deactivate", "before", "term", "filter", "firewall", "Rule Name:", "-" * 30, "null", "1e999", "any")
WORDS = st.sampled_from((*SIGNS, *KEYWORDS, *MORE))


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.lists(WORDS, max_size=80))
def test_words_without_sense_are_read_all_the_same(dialect: str, words: list[str]) -> None:
    read("".join(words), dialect)
    read(" ".join(words), dialect)


DEEP = {
    "junos": "a { " * 10_000,
    "junos-set": "set " + "a " * 10_000,
    "fortios": "config a\nedit b\n" * 10_000,
    "panos-set": "set " + "a " * 10_000,
    "panos-xml": "<config>" + "<a>" * 10_000,
    "pfsense": "<pfsense>" + "<filter>" * 10_000,
    "opnsense": "<opnsense>" + "<filter>" * 10_000,
    "windows-json": '[{"a":' * 10_000,
    "windows-netsh": "Rule Name: a\n" + "-" * 30 + "\n" + " a\n" * 10_000,
}
CLOSED = {
    "junos": "a { " * 10_000 + "}" * 10_000,
    "fortios": "config a\nedit b\n" * 10_000 + "next\nend\n" * 10_000,
    "panos-xml": "<config>" + "<a>" * 10_000 + "</a>" * 10_000 + "</config>",
    "windows-json": "[" + '{"a":' * 10_000 + "1" + "}" * 10_000 + "]",
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nesting_of_ten_thousand_levels_is_cut_and_said(dialect: str) -> None:
    found = read(DEEP[dialect], dialect)
    assert found is not None
    assert found.rules == ()
    assert {one.reason for one in found.unread} & {"limit", "damaged-tail"}


@pytest.mark.parametrize("dialect", CLOSED)
def test_deep_nesting_that_ends_well_is_cut_too(dialect: str) -> None:
    found = read(CLOSED[dialect], dialect)
    assert found is not None
    assert {one.reason for one in found.unread} & {"limit", "damaged-tail"}


LONG = {
    "junos": [
        "a " * 2_500_000,
        '"' + "\\" * 5_000_000,
        "{" * 5_000_000,
        "/*" + "*" * 5_000_000,
        "]" * 5_000_000,
    ],
    "junos-set": ["set " + "a " * 2_500_000, 'set "' + '\\"' * 2_500_000],
    "fortios": ["set a " + "b " * 2_500_000, 'set a "' + "\\" * 5_000_000],
    "panos-set": ["set address [ " + "b " * 2_500_000 + "]", 'set a "' + '\\"' * 2_500_000],
    "panos-xml": [
        "<config>" + "a" * 5_000_000,
        '<config a="' + "b" * 5_000_000,
        "<config>" + "<" * 5_000_000,
    ],
    "pfsense": ["<pfsense><aliases><alias><address>" + "1.1.1.1 " * 600_000, "<pfsense>" + "&" * 5_000_000],
    "opnsense": ["<opnsense>" + "<a/>" * 1_250_000],
    "windows-json": [
        '["' + "a" * 5_000_000,
        "[" + '"' * 5_000_000,
        "[" + "9" * 5_000_000,
        "[" + "{}," * 100_000,
    ],
    "windows-netsh": ["a:" * 2_500_000, ": " * 2_500_000 + "\n" + "-" * 5_000_000],
}


@pytest.mark.parametrize(
    ("dialect", "at"), [(d, at) for d, texts in LONG.items() for at in range(len(texts))]
)
def test_a_line_of_five_megabytes_takes_seconds_at_most(dialect: str, at: int) -> None:
    text = LONG[dialect][at]
    started = time.process_time()
    assert read(text, dialect) is not None
    assert time.process_time() - started < 8


@pytest.mark.parametrize("dialect", ["junos", "junos-set", "panos-set"])
def test_words_without_end_are_read_up_to_the_limit(dialect: str) -> None:
    sign = "" if dialect == "junos" else "set "
    end = ";" if dialect == "junos" else ""
    rows = (f"{sign}{at} " + " ".join("abcdefghijklmnopqrstuvwxyzabcdef") + end for at in range(35_000))
    found = read("\n".join(rows) + "\n", dialect)
    assert found is not None
    assert {one.reason for one in found.unread} == {"limit"}


@pytest.mark.parametrize("dialect", XML)
def test_an_xml_bomb_is_refused_before_it_grows(dialect: str) -> None:
    root = ROOTS[dialect]
    entities = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10)
    )
    bombs = [
        f"<!DOCTYPE {root} [{entities}]><{root}>&l9;</{root}>",
        f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/hostname">]><{root}>&x;</{root}>',
        f'<!DOCTYPE {root} [<!ENTITY % p SYSTEM "http://192.0.2.1/p.dtd"> %p;]><{root}/>',
        f'<!DOCTYPE {root} PUBLIC "-//X//Y" "http://192.0.2.1/p.dtd"><{root}/>',
        f"<!DOCTYPE {root} [<!ATTLIST {root} a CDATA 'b'>]><{root}/>",
    ]
    for bomb in bombs:
        started = time.process_time()
        with pytest.raises(RefusedContent):
            READERS[dialect](bomb, dialect)
        assert time.process_time() - started < 1


@pytest.mark.parametrize("dialect", XML)
def test_an_entity_that_nothing_declares_is_damage_and_no_more(dialect: str) -> None:
    root = ROOTS[dialect]
    found = read(f"<{root}>\n<a>&nothing;</a>\n</{root}>", dialect)
    assert found is not None
    assert [one.reason for one in found.unread] == ["damaged-tail"]


@pytest.mark.parametrize("dialect", XML)
def test_the_encoding_that_a_file_declares_does_not_matter_once_it_is_text(dialect: str) -> None:
    root = ROOTS[dialect]
    for encoding in ("iso-8859-1", "utf-16", "no-such-encoding"):
        text = f'<?xml version="1.0" encoding="{encoding}"?>\n<{root}><a>é</a></{root}>'
        found = read(text, dialect)
        assert found is not None
        assert found.unread == ()
