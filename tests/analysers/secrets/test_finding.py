"""Every kind of secret is found where it stands, and nothing else is."""

import pytest

from assessments.analysers.analysis import Secret
from assessments.analysers.secrets.finding import find, lines_of
from tests.analysers.secrets.cases import CASES, CONFIGURATION_CASES, Case
from tests.analysers.secrets.clean import CLEAN


def value_of(text: str, secret: Secret) -> str:
    lines = lines_of(text)[secret.place.first - 1 : secret.place.last]
    if len(lines) == 1:
        return lines[0][secret.first : secret.last]
    return "\n".join([lines[0][secret.first :], *lines[1:-1], lines[-1][: secret.last]])


def found_in(text: str, dialect: str) -> list[tuple[int, str, str]]:
    return [(s.place.first, s.code, value_of(text, s)) for s in find(lines_of(text), dialect)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_secret_of_a_text_is_found_and_nothing_else(case: Case) -> None:
    assert found_in(case.text, case.dialect) == list(case.secrets)


@pytest.mark.parametrize("case", CONFIGURATION_CASES, ids=lambda case: case.name)
def test_the_same_lines_quoted_in_a_report_are_found_too(case: Case) -> None:
    assert found_in(case.text, "") == list(case.secrets)


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_where_there_is_no_secret(name: str) -> None:
    dialect, text = CLEAN[name]
    assert found_in(text, dialect) == []


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_a_clean_configuration_quoted_in_a_report(name: str) -> None:
    assert found_in(CLEAN[name][1], "") == []
