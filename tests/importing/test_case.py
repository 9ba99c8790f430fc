"""Reading and writing CASE packages, as they are found in the wild."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from assessments.importing.case import read_case, write_case
from assessments.importing.checking import check
from tests.importing.samples import (
    CASE_1_0,
    CASE_1_1,
    as_bytes,
    child_of,
    item,
    package,
    record_of,
    told,
)

ONE, TWO, THREE = (item(number)["identifier"] for number in (1, 2, 3))


def test_a_case_1_0_package_is_read() -> None:
    record = record_of(read_case(CASE_1_0))

    assert record.case_version == "1.0"
    assert record.titles == {"en": "Harbour College network skills"}
    assert record.adoption_status == "draft"
    assert record.licence_url == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert record.last_change == datetime(2019, 3, 1, 0, 54, 24, tzinfo=UTC)
    assert check(record) == ()


def test_the_tree_follows_sequence_numbers_not_the_order_of_the_file() -> None:
    record = record_of(read_case(CASE_1_0))

    domain, plan, cable = record.competencies
    assert [domain.human_code, plan.human_code, cable.human_code] == ["", "NET.1", "NET.2"]
    assert (domain.parent, plan.parent, cable.parent) == (None, domain.identifier, domain.identifier)
    assert (plan.position, cable.position) == (1, 2)
    assert plan.education_levels == cable.education_levels == ("09", "10")


def test_only_associations_that_are_not_the_tree_are_associations() -> None:
    (match,) = record_of(read_case(CASE_1_0)).associations

    assert match.type == "exactMatchOf"
    assert (match.origin_uri, match.origin_title) == ("", "")
    assert match.destination_uri == "https://other-college.example/uri/12345678-0000-4000-8000-00000000abcd"
    assert match.destination_title == "Plan addressing"
    assert match.grouping == "Crosswalk"


def test_a_case_1_1_package_in_a_wrapper_is_read() -> None:
    record = record_of(read_case(CASE_1_1))

    assert (record.case_version, record.version, record.language) == ("1.1", "2.1", "fr-BE")
    assert record.titles == {"fr": "Support du poste de travail"}
    assert record.competencies[0].identifier == "aaaaaaaa-0000-4000-8000-000000000001"
    assert check(record) == ()


def test_levels_written_best_first_are_turned_round() -> None:
    (criterion,) = record_of(read_case(CASE_1_1)).rubrics[0].criteria

    assert [level.qualities["fr"] for level in criterion.levels] == ["En progression", "Maîtrisé"]
    assert [level.points for level in criterion.levels] == [Decimal("0.5"), Decimal(2)]
    assert [level.position for level in criterion.levels] == [1, 2]
    assert criterion.competency == "aaaaaaaa-0000-4000-8000-000000000001"
    assert criterion.headings == {"fr": "Méthode de diagnostic"}


@pytest.mark.parametrize("data", [CASE_1_0, CASE_1_1])
def test_what_is_not_modelled_survives_an_export(data: bytes) -> None:
    original = json.loads(data)
    original = original.get("CFPackage", original)
    record = record_of(read_case(data))

    exported = write_case(record, "https://badges.example/ims/case/v1p1")

    assert record_of(read_case(as_bytes(exported))) == record
    assert exported.get("CFDefinitions") == original.get("CFDefinitions")
    for kind in ("CFItems", "CFAssociations"):
        written = {node["identifier"]: node for node in exported[kind]}
        for node in original[kind]:
            kept = written[node["identifier"].lower()]
            for key, value in node.items():
                if key not in (
                    "identifier",
                    "CFDocumentURI",
                    "lastChangeDateTime",
                    "sequenceNumber",
                    "educationLevel",
                ):
                    assert kept[key] == value or isinstance(value, str), (key, value)
    document = exported["CFDocument"]
    for key in (
        "subject",
        "subjectURI",
        "statusStartDate",
        "frameworkType",
        "licenseURI",
        "adoptionStatus",
        "uri",
    ):
        assert document.get(key) == original["CFDocument"].get(key)


def test_addresses_are_ours_unless_the_publisher_gave_some() -> None:
    exported = write_case(record_of(read_case(as_bytes(package()))), "https://badges.example/ims/case/v1p1")

    assert exported["CFItems"][0]["uri"] == f"https://badges.example/ims/case/v1p1/CFItems/{ONE}"
    assert exported["CFDocument"]["uri"].startswith("https://badges.example/ims/case/v1p1/CFDocuments/")
    assert exported["CFAssociations"][0]["originNodeURI"]["uri"] == exported["CFItems"][0]["uri"]


def test_an_export_is_ordered_and_says_what_it_is() -> None:
    exported = write_case(record_of(read_case(CASE_1_0)), "")

    assert list(exported) == ["CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"]
    assert exported["CFDocument"]["caseVersion"] == "1.1"
    assert list(exported["CFItems"][0])[:3] == ["identifier", "uri", "lastChangeDateTime"]


def test_another_consumer_reads_the_documents_own_language() -> None:
    ours = {"openBadgesWorkbench": {"translations": {"fullStatement": {"fr": "Énoncé", "nl": "Uitspraak"}}}}
    record = record_of(read_case(as_bytes(package(CFItems=[item(1, extensions={**ours, "else": 1})]))))

    assert record.competencies[0].full_statement == {"en": "Statement 1", "fr": "Énoncé", "nl": "Uitspraak"}
    (written,) = write_case(record, "")["CFItems"]
    assert written["fullStatement"] == "Statement 1"
    assert written["extensions"] == {"else": 1, **ours}


def test_a_text_missing_in_the_own_language_is_written_in_another_and_comes_back() -> None:
    ours = {"openBadgesWorkbench": {"languages": {"fullStatement": "nl"}}}
    record = record_of(read_case(as_bytes(package(CFItems=[item(1, extensions=ours)]))))

    assert record.competencies[0].full_statement == {"nl": "Statement 1"}
    assert record_of(read_case(as_bytes(write_case(record, "")))) == record


def test_a_second_parent_stays_an_association() -> None:
    tree = [child_of(THREE, ONE), child_of(THREE, TWO)]
    record = record_of(read_case(as_bytes(package(CFItems=[item(1), item(2), item(3)], CFAssociations=tree))))

    assert {node.identifier: node.parent for node in record.competencies}[THREE] == ONE
    assert [(other.type, other.destination_identifier) for other in record.associations] == [
        ("isChildOf", TWO)
    ]
    assert record_of(read_case(as_bytes(write_case(record, "")))) == record


def test_items_without_sequence_numbers_keep_the_order_of_the_file() -> None:
    tree = [child_of(TWO, ONE), child_of(THREE, ONE, sequenceNumber=1)]
    record = record_of(read_case(as_bytes(package(CFItems=[item(1), item(2), item(3)], CFAssociations=tree))))

    assert [node.identifier for node in record.competencies] == [ONE, THREE, TWO]


def test_a_time_without_a_zone_is_utc() -> None:
    document = {**package()["CFDocument"], "lastChangeDateTime": "2026-01-01T12:00:00"}

    assert record_of(read_case(as_bytes(package(CFDocument=document)))).last_change.isoformat() == (
        "2026-01-01T12:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"identifier": "item-001"}, ("$.CFItems[0].identifier", "bad-identifier")),
        ({"identifier": None}, ("$.CFItems[0].identifier", "missing")),
        ({"identifier": TWO}, ("$.CFItems[1].identifier", "repeated-identifier")),
        ({"fullStatement": "  "}, ("$.CFItems[0].fullStatement", "missing")),
        ({"fullStatement": ["x"]}, ("$.CFItems[0].fullStatement", "not-a-text")),
        ({"fullStatement": "x" * 20_001}, ("$.CFItems[0].fullStatement", "too-long")),
        ({"fullStatement": "a\x00b"}, ("$.CFItems[0].fullStatement", "bad-character")),
        ({"fullStatement": "\ud800"}, ("$.CFItems[0].fullStatement", "bad-character")),
        ({"educationLevel": {"a": 1}}, ("$.CFItems[0].educationLevel", "not-a-list")),
        ({"language": "!?"}, ("$.CFItems[0].fullStatement", "bad-language")),
        (
            {"extensions": {"openBadgesWorkbench": {"translations": {"fullStatement": {"fr": 7}}}}},
            ("$.CFItems[0].extensions.openBadgesWorkbench.translations.fullStatement.fr", "not-a-text"),
        ),
    ],
)
def test_what_is_wrong_in_an_item_is_named_by_its_path(
    change: dict[str, object], expected: tuple[str, str]
) -> None:
    read = read_case(as_bytes(package(CFItems=[item(1, **change), item(2)])))

    assert expected in told(read)
    assert read.record is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": None}, ("$.CFDocument.title", "missing")),
        ({"identifier": "x"}, ("$.CFDocument.identifier", "bad-identifier")),
        ({"lastChangeDateTime": "yesterday"}, ("$.CFDocument.lastChangeDateTime", "bad-date")),
        ({"lastChangeDateTime": None}, ("$.CFDocument.lastChangeDateTime", "missing")),
        ({"adoptionStatus": "Retired"}, ("$.CFDocument.adoptionStatus", "unknown-status")),
    ],
)
def test_what_is_wrong_in_the_document_is_named(change: dict[str, object], expected: tuple[str, str]) -> None:
    read = read_case(as_bytes(package(CFDocument={**package()["CFDocument"], **change})))

    assert expected in told(read)
    assert read.record is None


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"CFItems": {"a": 1}}, ("$.CFItems", "not-a-list")),
        ({"CFItems": [7]}, ("$.CFItems[0]", "not-an-object")),
        ({"CFAssociations": ["x"]}, ("$.CFAssociations[0]", "not-an-object")),
        (
            {"CFAssociations": [{"associationType": "x", "sequenceNumber": "two"}]},
            ("$.CFAssociations[0].sequenceNumber", "bad-number"),
        ),
        (
            {"CFRubrics": [{"CFRubricCriteria": [{"weight": True}]}]},
            ("$.CFRubrics[0].CFRubricCriteria[0].weight", "bad-number"),
        ),
        (
            {"CFRubrics": [{"CFRubricCriteria": [{"CFRubricCriterionLevels": [{"score": 10**12}]}]}]},
            ("$.CFRubrics[0].CFRubricCriteria[0].CFRubricCriterionLevels[0].score", "bad-number"),
        ),
    ],
)
def test_what_is_wrong_elsewhere_is_named(parts: dict[str, object], expected: tuple[str, str]) -> None:
    assert expected in told(read_case(as_bytes(package(**parts))))


def test_a_path_inside_a_wrapper_begins_with_the_wrapper() -> None:
    wrapped = {"CFPackage": package(CFItems=[item(1, fullStatement="")])}

    assert ("$.CFPackage.CFItems[0].fullStatement", "missing") in told(read_case(as_bytes(wrapped)))


@pytest.mark.parametrize("value", [7, [], "x", {}, {"CFPackage": []}, {"CFItems": []}, None])
def test_json_that_is_no_package_is_refused(value: object) -> None:
    read = read_case(as_bytes(value))

    assert read.record is None
    assert told(read)[0][1] in ("not-a-package", "not-an-object")
