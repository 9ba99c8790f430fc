"""The table for the documentation says what the fixtures show, no more and no less."""

import pytest

from assessments.analysers.configurations.findings.codes import CODES
from assessments.analysers.configurations.findings.table import look
from assessments.analysers.configurations.reading import READERS
from tests.analysers.configurations.cases import CASES
from tests.analysers.configurations.seeing import seen
from tests.analysers.configurations.telling import FIXTURES


@pytest.mark.parametrize("dialect", CASES)
def test_the_findings_of_the_table_are_those_of_the_fixtures(dialect: str) -> None:
    names = [path.name for path in sorted((FIXTURES / dialect).iterdir()) if path.is_file()]
    found = {
        one.code for name in names for one in look(seen(f"{dialect}/{name}", _read_as(name, dialect)))[0]
    }
    assert found == set(CASES[dialect].findings)


def _read_as(name: str, dialect: str) -> str:
    return "ip6tables-save" if name == "office6.rules" else dialect


def test_the_table_names_known_codes_and_dialects_alone() -> None:
    assert set(CASES) | {"ip6tables-save"} == set(READERS)
    assert {code for case in CASES.values() for code in case.findings} <= set(CODES)
