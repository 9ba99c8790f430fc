"""Reading and writing the CSV pair, as spreadsheets make it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from assessments.importing.csv_pair import read_csv, write_csv
from assessments.importing.reading import read
from tests.importing.samples import COMPETENCIES, REFERENTIAL, RUBRIC, record_of, tables, told

NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


def test_the_pair_is_read() -> None:
    record = record_of(read_csv(tables(), NOW))

    alpha, beta = record.competencies
    assert record.titles == {"en": "Small"}
    assert record.last_change == NOW
    assert alpha.full_statement == {"en": "Alpha", "fr": "Alfa"}
    assert (beta.parent, beta.full_statement) == (alpha.identifier, {"en": "Beta"})
    (criterion,) = record.rubrics[0].criteria
    assert (criterion.titles, criterion.weight, criterion.competency) == ({"en": "Care"}, 1, beta.identifier)
    assert [(level.position, level.points, level.qualities["en"]) for level in criterion.levels] == [
        (1, 0, "Low"),
        (2, 1, "High"),
    ]


def test_identifiers_follow_from_the_codes() -> None:
    first, second = record_of(read_csv(tables(), NOW)), record_of(read_csv(tables(), NOW))
    renamed = tables(COMPETENCIES.replace(b"Alpha", b"Another title"))

    assert first == second
    assert [item.identifier for item in record_of(read_csv(renamed, NOW)).competencies] == [
        item.identifier for item in first.competencies
    ]


def test_the_pair_alone_carries_the_document_in_columns() -> None:
    competencies = (
        b"document_title_en,document_title_nl,document_version,document_last_change,code,title_en\n"
        b"Small,Klein,1.2,2026-01-31T12:00:00Z,A,Alpha\n"
        b",,,,B,Beta\n"
    )
    record = record_of(read_csv({"c.csv": competencies, "r.csv": RUBRIC}))

    assert record.titles == {"en": "Small", "nl": "Klein"}
    assert (record.version, record.last_change.isoformat()) == ("1.2", "2026-01-31T12:00:00+00:00")


@pytest.mark.parametrize("delimiter", [b";", b"\t", b","])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r"])
def test_separators_marks_and_line_ends_do_not_matter(delimiter: bytes, mark: bytes, ending: bytes) -> None:
    files = {
        name: mark + data.replace(b",", delimiter).replace(b"\n", ending) for name, data in tables().items()
    }

    assert record_of(read_csv(files, NOW)) == record_of(read_csv(tables(), NOW))


def test_what_excel_calls_unicode_text_is_read() -> None:
    files = {name: data.decode().replace(",", "\t").encode("utf-16") for name, data in tables().items()}

    assert record_of(read_csv(files, NOW)) == record_of(read_csv(tables(), NOW))


def test_the_separator_that_excel_announces_is_used_and_lines_still_count() -> None:
    files = tables(b"sep=;\r\n" + COMPETENCIES.replace(b",", b";").replace(b"B;A;Beta;", b"B;X;Beta;"))

    assert told(read_csv(files)) == [("competencies.csv line 4, column parent", "unknown-code")]


def test_empty_lines_and_columns_that_spreadsheets_leave_are_passed_over() -> None:
    files = tables(b"Code,Parent,Title EN,title-fr,,\nA,,Alpha,Alfa,,\n,,,,,\nB,A,Beta,,,\n\n")

    assert record_of(read_csv(files, NOW)) == record_of(read_csv(tables(), NOW))


def test_weights_may_have_a_decimal_comma() -> None:
    rubric = RUBRIC.replace(b",", b";").replace(b";Care;1;", "Care;1\u00a0000,25;".join((";", "")).encode())

    assert record_of(read_csv(tables(rubric=rubric))).rubrics[0].criteria[0].weight == Decimal("1000.25")


def test_a_name_decides_nothing_the_columns_do() -> None:
    shuffled = dict(zip(("x.csv", "y.csv", "z.csv"), tables().values(), strict=True))

    assert record_of(read_csv(shuffled, NOW)) == record_of(read_csv(tables(), NOW))


def test_alignments_point_outside_by_address_and_inside_by_code() -> None:
    first = [f"alignment_1_{part}" for part in ("type", "code", "title", "uri")]
    names = ["code", "title_en", *first, "alignment_2_code"]
    header = ",".join(names).encode() + b"\n"
    rows = b"A,Alpha,exact match of,E.8,Security,https://e-cf.example/e8,B\nB,Beta,,,,,\n"
    outside, inside = record_of(read_csv(tables(header + rows))).associations

    assert (outside.type, outside.destination_identifier) == ("exactMatchOf", "E.8")
    assert outside.destination_uri == "https://e-cf.example/e8"
    assert (inside.type, inside.destination_uri) == ("isRelatedTo", "")


def test_rows_of_a_criterion_may_repeat_what_the_first_said() -> None:
    repeated = RUBRIC.replace(b"C1,,,,2", b"C1,B,Care,1,2")

    assert record_of(read_csv(tables(rubric=repeated), NOW)) == record_of(read_csv(tables(), NOW))


def test_a_cell_that_looks_like_a_formula_is_written_as_text_and_read_back() -> None:
    record = record_of(read_csv(tables(), NOW))
    dangers = ("=1+1", "+32", "-default deny", "@all", "'=quoted", "' plain")
    risky = replace(
        record,
        competencies=tuple(
            replace(
                record.competencies[0],
                human_code=f"K{place}",
                identifier=f"33333333-3333-4333-8333-{place:012d}",
                full_statement={"en": danger},
                position=place,
            )
            for place, danger in enumerate(dangers, 1)
        ),
        rubrics=(),
    )

    written = write_csv(risky)
    rows = list(csv.DictReader(io.StringIO(written["competencies.csv"].decode("utf-8-sig")), delimiter=";"))

    assert [row["title_en"][0] for row in rows] == ["'"] * 6
    assert record_of(read_csv(written)) == risky


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            tables(COMPETENCIES.replace(b"title_fr", b"titel_fr")),
            ("competencies.csv, column titel_fr", "unknown-column"),
        ),
        (
            tables(COMPETENCIES.replace(b"title_fr", b"title_en")),
            ("competencies.csv line 1, column title_en", "repeated-column"),
        ),
        (
            tables(COMPETENCIES.replace(b"B,A,Beta,", b"B,A,,")),
            ("competencies.csv line 3, column title_en", "missing"),
        ),
        (
            tables(COMPETENCIES.replace(b"B,A,Beta,", b",A,Beta,")),
            ("competencies.csv line 3, column code", "missing"),
        ),
        (
            tables(COMPETENCIES.replace(b"B,A,Beta,", b"A,A,Beta,")),
            ("competencies.csv line 3, column code", "repeated-identifier"),
        ),
        (
            tables(COMPETENCIES.replace(b"B,A,Beta,", b"B,A,Beta,,,5")),
            ("competencies.csv line 3", "cell-without-column"),
        ),
        (
            tables(COMPETENCIES.replace(b"Alfa", b"A\x01")),
            ("competencies.csv line 2, column title_fr", "bad-character"),
        ),
        (
            tables(COMPETENCIES.replace(b"Alfa", b"A" * 20_001)),
            ("competencies.csv line 2, column title_fr", "too-long"),
        ),
        (
            tables(COMPETENCIES.replace(b"Alfa", b'"a\nb"').replace(b"B,A", b"B,X")),
            ("competencies.csv line 4, column parent", "unknown-code"),
        ),
        (tables(COMPETENCIES.replace(b"Alfa", b'"open')), ("competencies.csv line 2", "bad-csv")),
        (tables(COMPETENCIES.replace(b"Alfa", b"\xe9t\xe9")), ("competencies.csv line 2", "not-utf8")),
        (tables(COMPETENCIES[:29]), ("competencies.csv", "no-competencies")),
        (
            tables(b"code,title_en,identifier\nA,Alpha,x\n"),
            ("competencies.csv line 2, column identifier", "bad-identifier"),
        ),
        (
            tables(b"code,title_en,alignment_1_code\nA,Alpha,E.8\n"),
            ("competencies.csv line 2, column alignment_1_uri", "alignment-without-uri"),
        ),
        (
            tables(rubric=RUBRIC.replace(b",1,1,0,", b",much,1,0,")),
            ("rubric.csv line 2, column weight", "bad-number"),
        ),
        (
            tables(rubric=RUBRIC.replace(b"2,1,High", b"1,1,High")),
            ("rubric.csv line 3, column level", "repeated-level"),
        ),
        (
            tables(rubric=RUBRIC.replace(b"2,1,High", b"1.5,1,High")),
            ("rubric.csv line 3, column level", "not-whole"),
        ),
        (
            tables(rubric=RUBRIC.replace(b"C1,B", b"C1,Z")),
            ("rubric.csv line 2, column competency", "unknown-code"),
        ),
        (
            tables(rubric=RUBRIC.replace(b"C1,,,,2", b"C1,,Other,,2")),
            ("rubric.csv line 3, column criterion_title_en", "conflicting-cells"),
        ),
        (
            tables(rubric=RUBRIC.replace(b"C1,,,,2", b",,,,2")),
            ("rubric.csv line 3, column criterion", "missing"),
        ),
        (tables(referential=REFERENTIAL + b"colour,red\n"), ("referential.csv line 4", "unknown-field")),
        (
            tables(referential=REFERENTIAL + b"creator,Root\n"),
            ("referential.csv line 4", "conflicting-cells"),
        ),
        (tables(referential=REFERENTIAL + b"identifier,x\n"), ("referential.csv line 4", "bad-identifier")),
        (tables(referential=REFERENTIAL + b"last_change,soon\n"), ("referential.csv line 4", "bad-date")),
        (
            tables(referential=REFERENTIAL + b"adoption_status,retired\n"),
            ("referential.csv line 4", "unknown-status"),
        ),
        (tables(referential=b"field,value\ncreator,Mo\n"), ("referential.csv", "missing-document")),
        ({"c.csv": COMPETENCIES}, ("c.csv", "missing-document")),
        ({"r.csv": RUBRIC, "d.csv": REFERENTIAL}, ("d.csv, r.csv", "missing-competencies")),
        ({"a.csv": COMPETENCIES, "b.csv": COMPETENCIES}, ("b.csv", "repeated-table")),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_column(
    files: dict[str, bytes], expected: tuple[str, str]
) -> None:
    found = read_csv(files)

    assert found.record is None
    assert expected in told(found)


def test_what_the_check_finds_is_named_by_line() -> None:
    looped = tables(COMPETENCIES.replace(b"A,,Alpha", b"A,B,Alpha"))

    assert ("competencies.csv line 2", "parent-loop") in told(read(looped))
    assert ("rubric.csv line 2", "too-few-levels") in told(
        read(tables(rubric=RUBRIC[: RUBRIC.rindex(b"C1")]))
    )
