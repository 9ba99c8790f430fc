"""What a new version changes, as a page shows it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from assessments.importing.difference import Change, Difference, Named, difference
from tests.importing.test_checking import ALPHA, BETA, CARE, HIGH, LOW, SOUND, uuid


def test_against_nothing_everything_is_added() -> None:
    found = difference(None, SOUND)

    assert [node.kind for node in found.added] == [
        "document",
        "competency",
        "competency",
        "association",
        "rubric",
        "criterion",
        "level",
        "level",
    ]
    assert (found.removed, found.changed, found.unchanged) == ((), (), 0)
    assert found.added[1] == Named("competency", "A", {"en": "Alpha"})


def test_the_same_again_is_no_change_even_at_another_time() -> None:
    later = replace(SOUND, last_change=datetime(2027, 1, 1, tzinfo=UTC))

    assert difference(SOUND, later) == Difference(unchanged=8)
    assert difference(SOUND, later).is_empty


def test_a_text_changes_in_one_language() -> None:
    new = replace(SOUND, competencies=(replace(ALPHA, full_statement={"en": "Alpha", "fr": "Alfa"}), BETA))

    assert difference(SOUND, new).changed == (
        Change("competency", "A", "full_statement", "", "Alfa", language="fr"),
    )


def test_references_are_shown_by_code() -> None:
    new = replace(SOUND, competencies=(ALPHA, replace(BETA, parent=None, position=2)))

    assert difference(SOUND, new).changed == (
        Change("competency", "B", "parent", "A", ""),
        Change("competency", "B", "position", "1", "2"),
    )


def test_a_level_is_named_by_its_criterion_and_position() -> None:
    levels = (LOW, replace(HIGH, points=Decimal("2.50")))
    rubric = replace(SOUND.rubrics[0], criteria=(replace(CARE, levels=levels, weight=None),))

    assert difference(SOUND, replace(SOUND, rubrics=(rubric,))).changed == (
        Change("criterion", "C1", "weight", "1", ""),
        Change("level", "C1 / 2", "points", "1", "2.5"),
    )


def test_what_comes_and_goes_is_told_apart() -> None:
    gamma = replace(BETA, identifier=uuid(3), human_code="G", full_statement={"en": "Gamma"})
    new = replace(SOUND, competencies=(ALPHA, gamma), associations=())
    found = difference(SOUND, new)

    assert found.added == (Named("competency", "G", {"en": "Gamma"}),)
    assert found.removed == (
        Named("competency", "B", {"en": "Beta"}),
        Named("association", "A precedes B", {}),
    )
    assert found.unchanged == 6


def test_another_document_identifier_does_not_hide_what_stayed() -> None:
    new = replace(SOUND, identifier=uuid(98), version="2")
    found = difference(SOUND, new)

    assert found.changed == (Change("document", "2", "version", "1", "2"),)
    assert (found.added, found.removed) == ((), ())


def test_fields_that_only_case_knows_are_named() -> None:
    new = replace(SOUND, competencies=(replace(ALPHA, extra={"alternativeLabel": "Skill"}), BETA))

    assert difference(SOUND, new).changed == (Change("competency", "A", "extra", "", "alternativeLabel"),)
