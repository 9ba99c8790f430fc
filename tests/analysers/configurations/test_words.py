"""Every finding has words, and every place in them has a value."""

import ast
import inspect
import re
from string import Formatter
from types import ModuleType

import pytest

from assessments.analysers.analysis import Finding
from assessments.analysers.configurations.findings import habits, openness, shadowing
from assessments.analysers.configurations.findings.codes import CODES
from assessments.analysers.configurations.findings.table import FINDINGS, look
from assessments.explaining.configurations import WORDS
from assessments.explaining.findings import words_of
from tests.analysers.configurations.seeing import seen
from tests.analysers.configurations.test_round_trips import fixtures

PLACE = re.compile(r"%\((\w+)\)s")


def test_codes_and_words_are_the_same() -> None:
    assert set(WORDS) == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_place_in_the_words_is_a_value(code: str) -> None:
    words = WORDS[code]
    for text in (words.title, words.why, words.advice):
        assert set(PLACE.findall(str(text))) <= CODES[code].values
        assert "%" not in PLACE.sub("", str(text))
        assert not any(field for _, field, _, _ in Formatter().parse(str(text)))
        assert str(text)[0].isupper() or str(text)[0] == "“"


@pytest.mark.parametrize("module", [openness, habits, shadowing])
def test_a_function_names_only_codes_of_the_table(module: ModuleType) -> None:
    named = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "-" in node.value
    }
    codes = {name for name in named if re.fullmatch(r"[a-z]+[0-9]?(-[a-z0-9]+)+", name)}
    others = {
        *("comparison-limit", "cisco-asa", "windows-json", "windows-netsh", "iptables-save"),
        *("ftp-data", "http-alt", "https-alt"),
    }
    assert codes - others <= set(CODES)


def test_every_code_is_named_by_some_function() -> None:
    source = "".join(inspect.getsource(module) for module in (openness, habits, shadowing))
    assert [code for code in CODES if f'"{code}"' not in source] == []


@pytest.mark.parametrize(("dialect", "name"), fixtures())
def test_what_is_found_fills_its_words(dialect: str, name: str) -> None:
    findings, _ = look(seen(name, dialect))
    for one in findings:
        assert set(one.values) <= CODES[one.code].values
        filled = WORDS[one.code].filled(one.values)
        assert "%(" not in f"{filled.title}{filled.why}{filled.advice}"


def test_each_function_of_the_table_says_what_it_looks_for() -> None:
    assert all(inspect.getdoc(looking) for looking in FINDINGS)


def test_a_door_without_an_interface_is_told_in_words() -> None:
    finding = Finding("management-access-open", "high", values={"service": "telnet", "interface": "*"})
    assert words_of("firewall-configuration", finding).advice.endswith("offered on: every interface.")
    assert finding.values["interface"] == "*"
