"""A referential is saved only when it holds together."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from assessments.importing.checking import check, is_uri
from assessments.importing.records import (
    AssociationRecord,
    CompetencyRecord,
    CriterionRecord,
    LevelRecord,
    ReferentialRecord,
    RubricRecord,
)


def uuid(number: int) -> str:
    return f"44444444-4444-4444-8444-{number:012d}"


LOW = LevelRecord(uuid(21), {"en": "Low"}, {}, Decimal(0), position=1)
HIGH = LevelRecord(uuid(22), {"en": "High"}, {}, Decimal(1), position=2)
CARE = CriterionRecord(uuid(11), "C1", {"en": "Care"}, {}, uuid(1), Decimal(1), 1, (LOW, HIGH))
ALPHA = CompetencyRecord(uuid(1), "A", {"en": "Alpha"})
BETA = CompetencyRecord(uuid(2), "B", {"en": "Beta"}, parent=uuid(1))
SOUND = ReferentialRecord(
    identifier=uuid(99),
    version="1",
    titles={"en": "Small"},
    last_change=datetime(2026, 1, 1, tzinfo=UTC),
    competencies=(ALPHA, BETA),
    associations=(AssociationRecord(uuid(51), "precedes", uuid(1), destination_identifier=uuid(2)),),
    rubrics=(RubricRecord(uuid(10), {"en": "Rubric"}, criteria=(CARE,)),),
)


def codes(record: ReferentialRecord) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in check(record)]


def with_items(*items: CompetencyRecord) -> ReferentialRecord:
    return replace(SOUND, competencies=items)


def with_criterion(**changes: Any) -> ReferentialRecord:
    rubric = replace(SOUND.rubrics[0], criteria=(replace(CARE, **changes),))
    return replace(SOUND, rubrics=(rubric,))


def with_relation(**changes: Any) -> ReferentialRecord:
    return replace(SOUND, associations=(replace(SOUND.associations[0], **changes),))


CRITERION = "$.CFRubrics[0].CFRubricCriteria[0]"


def test_a_sound_referential_has_no_problem() -> None:
    assert check(SOUND) == ()


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (with_items(ALPHA, replace(BETA, identifier="b")), ("$.CFItems[1]", "bad-identifier")),
        (with_items(ALPHA, replace(BETA, identifier=uuid(10))), ("$.CFRubrics[0]", "repeated-identifier")),
        (with_items(ALPHA, replace(BETA, human_code="A")), ("$.CFItems[1]", "repeated-code")),
        (with_items(ALPHA, replace(BETA, parent=uuid(7))), ("$.CFItems[1]", "unknown-parent")),
        (with_items(replace(ALPHA, parent=uuid(2)), BETA), ("$.CFItems[0]", "parent-loop")),
        (with_items(replace(ALPHA, parent=uuid(1)), BETA), ("$.CFItems[0]", "parent-loop")),
        (with_items(ALPHA, replace(BETA, parent=None)), ("$.CFItems[1]", "positions-not-ascending")),
        (replace(SOUND, titles={}), ("$.CFDocument", "missing")),
        (replace(SOUND, adoption_status="retired"), ("$.CFDocument", "unknown-status")),
        (replace(SOUND, last_change=datetime(2026, 1, 1)), ("$.CFDocument", "bad-date")),
        (replace(SOUND, licence_url="creativecommons.org"), ("$.CFDocument", "bad-uri")),
        (replace(SOUND, official_source_url="javascript:alert(1)"), ("$.CFDocument", "bad-uri")),
        (replace(SOUND, extra={"CFDocument": {"uri": "file:///etc/passwd"}}), ("$.CFDocument", "bad-uri")),
        (with_items(ALPHA, replace(BETA, extra={"uri": 7})), ("$.CFItems[1]", "bad-uri")),
        (with_relation(type="likes"), ("$.CFAssociations[0]", "unknown-association-type")),
        (with_relation(destination_identifier="E.8"), ("$.CFAssociations[0]", "unknown-node")),
        (with_relation(destination_uri="www.example"), ("$.CFAssociations[0]", "bad-uri")),
        (with_criterion(code=""), (CRITERION, "missing")),
        (with_criterion(titles={}), (CRITERION, "missing")),
        (with_criterion(competency=uuid(7)), (CRITERION, "unknown-competency")),
        (with_criterion(weight=Decimal(0)), (CRITERION, "weight-not-positive")),
        (with_criterion(weight=Decimal("-1")), (CRITERION, "weight-not-positive")),
        (with_criterion(weight=Decimal("1e9")), (CRITERION, "number-out-of-range")),
        (with_criterion(weight=Decimal("0.1234567")), (CRITERION, "number-out-of-range")),
        (with_criterion(weight=Decimal("Infinity")), (CRITERION, "number-out-of-range")),
        (with_criterion(levels=(LOW,)), (CRITERION, "too-few-levels")),
        (
            with_criterion(levels=(LOW, replace(HIGH, position=1))),
            (f"{CRITERION}.CFRubricCriterionLevels[1]", "positions-not-ascending"),
        ),
        (
            with_criterion(levels=(replace(LOW, points=Decimal(2)), HIGH)),
            (f"{CRITERION}.CFRubricCriterionLevels[1]", "points-falling"),
        ),
        (
            with_criterion(levels=(LOW, replace(HIGH, qualities={}))),
            (f"{CRITERION}.CFRubricCriterionLevels[1]", "missing"),
        ),
        (
            replace(SOUND, rubrics=(replace(SOUND.rubrics[0], criteria=()),)),
            ("$.CFRubrics[0]", "rubric-without-criteria"),
        ),
        (
            with_items(ALPHA, replace(BETA, full_statement={"fr": "Bêta"})),
            ("$.CFItems[1]", "no-complete-language"),
        ),
    ],
)
def test_each_fault_is_found_where_it_is(record: ReferentialRecord, expected: tuple[str, str]) -> None:
    assert expected in codes(record)


def test_two_criteria_of_one_rubric_may_not_share_a_code() -> None:
    twin = replace(
        CARE,
        identifier=uuid(12),
        position=2,
        levels=(replace(LOW, identifier=uuid(23)), replace(HIGH, identifier=uuid(24))),
    )
    record = replace(SOUND, rubrics=(replace(SOUND.rubrics[0], criteria=(CARE, twin)),))

    assert codes(record) == [("$.CFRubrics[0].CFRubricCriteria[1]", "repeated-code")]


def test_points_may_not_fall_after_a_level_without_any() -> None:
    levels = (
        replace(LOW, points=Decimal(2)),
        replace(LOW, identifier=uuid(23), points=None, position=2),
        replace(HIGH, position=3),
    )

    assert codes(with_criterion(levels=levels)) == [
        (f"{CRITERION}.CFRubricCriterionLevels[2]", "points-falling")
    ]


def test_equal_points_and_levels_without_points_are_fine() -> None:
    assert check(with_criterion(levels=(replace(LOW, points=None), replace(HIGH, points=None)))) == ()
    assert check(with_criterion(levels=(LOW, replace(HIGH, points=Decimal(0))))) == ()


def test_a_loop_is_told_once_however_many_hang_on_it() -> None:
    hanging = [
        CompetencyRecord(uuid(n), f"H{n}", {"en": "x"}, parent=uuid(1), position=n) for n in range(3, 9)
    ]

    found = codes(with_items(replace(ALPHA, parent=uuid(2)), BETA, *hanging))

    assert [code for _where, code in found].count("parent-loop") == 1


def test_a_deep_tree_is_checked_without_recursion() -> None:
    chain = [
        CompetencyRecord(uuid(n), f"N{n}", {"en": "x"}, parent=uuid(n - 1) if n > 200_001 else None)
        for n in range(200_001, 215_000)
    ]

    assert check(replace(with_items(*chain), associations=(), rubrics=())) == ()


def test_a_competency_in_its_own_language_is_complete() -> None:
    record = with_items(ALPHA, replace(BETA, full_statement={"fr": "Bêta"}, language="fr"))

    assert check(record) == ()


def test_any_one_complete_language_is_enough() -> None:
    french = replace(
        with_items(replace(ALPHA, full_statement={"fr": "Alpha"})),
        titles={"en": "Small", "fr": "Petit"},
        associations=(),
        rubrics=(),
    )

    assert check(french) == ()


def test_places_of_the_file_are_used_when_known() -> None:
    record = with_items(ALPHA, replace(BETA, human_code="A"))

    (problem,) = check(record, {uuid(1): "competencies.csv line 2", uuid(2): "competencies.csv line 3"})

    assert (problem.where, problem.values["first"]) == ("competencies.csv line 3", "competencies.csv line 2")


@pytest.mark.parametrize(
    "uri",
    ["https://a.example/b?c=d#e", "http://data.europa.eu/esco/skill/1", "urn:uuid:1", "https://é.example/"],
)
def test_addresses_that_are_complete(uri: str) -> None:
    assert is_uri(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "www.example",
        "//a.example",
        "https://",
        "ftp://a.example",
        "javascript:x",
        "https://[",
        "urn:x",
        "https://a b.example",
        "data:text/html,x",
        'https://a.example/"><script>',
    ],
)
def test_addresses_that_are_not(uri: str) -> None:
    assert not is_uri(uri)
