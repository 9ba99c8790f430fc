"""The pilot referential that ships with the product."""

import json
from decimal import Decimal

import pytest

from assessments.importing.case import read_case, write_case
from assessments.importing.checking import check
from assessments.importing.csv_pair import read_csv, write_csv
from assessments.importing.reading import read
from assessments.importing.records import ReferentialRecord, Texts, nodes
from tests.importing.samples import PILOT, record_of

CASE = PILOT / "cybersecurity.json"
TABLES = {path.name: path.read_bytes() for path in sorted(PILOT.glob("*.csv"))}
LANGUAGES = {"en", "fr", "nl"}


@pytest.fixture(scope="module")
def pilot() -> ReferentialRecord:
    return record_of(read({CASE.name: CASE.read_bytes()}))


def test_package_and_tables_say_the_same(pilot: ReferentialRecord) -> None:
    assert record_of(read_csv(TABLES)) == pilot
    assert json.loads(CASE.read_text(encoding="utf-8")) == write_case(pilot, "")
    assert write_csv(pilot) == TABLES


def test_it_holds_together_and_survives_an_export(pilot: ReferentialRecord) -> None:
    exported = json.dumps(write_case(pilot, "https://badges.example/ims/case/v1p1")).encode()

    assert check(pilot) == ()
    assert record_of(read_case(exported)) == pilot


def test_it_is_adopted_and_free_to_use(pilot: ReferentialRecord) -> None:
    assert (pilot.version, pilot.adoption_status) == ("1.0", "adopted")
    assert pilot.licence_url == "https://creativecommons.org/licenses/by/4.0/"


def test_every_text_is_there_in_three_languages(pilot: ReferentialRecord) -> None:
    for node in nodes(pilot):
        for name, value in vars(node.record).items():
            if name != "extra" and isinstance(value, dict):
                assert _languages(value) == LANGUAGES, (node.place, name)


def _languages(texts: Texts) -> set[str]:
    sentences = [text for text in texts.values() if len(text) > 40]  # a single word may be the same in two
    assert len(set(sentences)) == len(sentences), texts
    return set(texts)


def test_two_competencies_each_with_a_rubric_of_six_criteria(pilot: ReferentialRecord) -> None:
    tops = [item for item in pilot.competencies if item.parent is None]

    assert [item.human_code for item in tops] == ["FW", "NTA"]
    assert [len(rubric.criteria) for rubric in pilot.rubrics] == [6, 6]
    parents = {item.identifier: item.parent for item in pilot.competencies}
    for top, rubric in zip(tops, pilot.rubrics, strict=True):
        assert {parents[criterion.competency or ""] for criterion in rubric.criteria} == {top.identifier}
        assert sum(criterion.weight or 0 for criterion in rubric.criteria) == 100
        for criterion in rubric.criteria:
            assert [level.points for level in criterion.levels] == [Decimal(points) for points in range(4)]
            assert all(level.feedbacks for level in criterion.levels)


def test_it_is_aligned_with_esco_nice_and_e_cf(pilot: ReferentialRecord) -> None:
    codes = {relation.destination_identifier for relation in pilot.associations}
    uris = {relation.destination_uri for relation in pilot.associations}
    esco = "http://data.europa.eu/esco/skill/"

    assert {"T1515", "T1385", "T1386", "E.8"} <= codes
    assert {
        f"{esco}054f26ab-cfdc-4077-883c-1c4c9e9b310a",
        f"{esco}e5b5053e-0ef6-4c4e-a3f2-42f955f4322c",
        f"{esco}8fa510d0-a8a6-4932-a361-00f8442cfe23",
        f"{esco}545c80e8-7ab2-42fe-af64-242211e94709",
    } <= uris
