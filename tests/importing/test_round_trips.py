"""Writing a referential and reading it again gives the same one, whatever it holds."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.importing.case import read_case, write_case
from assessments.importing.csv_pair import read_csv, write_csv
from assessments.importing.csv_pair.tables import escaped, unescaped
from assessments.importing.difference import difference
from assessments.importing.records import ReferentialRecord
from tests.importing.samples import record_of
from tests.importing.strategies import referentials, tabular

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(
    referentials(), st.sampled_from(("", "https://badges.example/ims/case/v1p1", "https://badges.example/"))
)
def test_a_case_export_reads_as_the_same_record(record: ReferentialRecord, base: str) -> None:
    written = json.dumps(write_case(record, base)).encode()

    assert record_of(read_case(written)) == record


@quick
@given(referentials().map(tabular))
def test_a_csv_export_reads_as_the_same_record(record: ReferentialRecord) -> None:
    assert record_of(read_csv(write_csv(record))) == record


@quick
@given(referentials())
def test_a_referential_does_not_differ_from_itself(record: ReferentialRecord) -> None:
    found = difference(record, record)

    assert found.is_empty
    assert found.unchanged > len(record.competencies)


@given(st.text())
def test_no_escaped_cell_is_a_formula_and_every_text_comes_back(text: str) -> None:
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescaped(escaped(text)) == text
