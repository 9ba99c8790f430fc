"""Files made to hurt: each is refused by name, quickly, and nothing comes out of it."""

import io
import json
import zipfile

import pytest

from assessments.importing import problems
from assessments.importing.reading import read
from tests.importing.samples import CASE_1_1, COMPETENCIES, as_bytes, item, package, tables, told


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(data: bytes, name: str = "file") -> list[str]:
    found = read({name: data})
    assert found.record is None
    return [code for _where, code in told(found)]


def test_a_key_written_twice_is_refused_with_its_path() -> None:
    twice = b'{"CFDocument": {"title": "One", "title": "Two"}}'

    assert ("$.CFDocument.title", "repeated-key") in told(read({"p.json": twice}))


def test_a_repeated_top_level_key_is_refused() -> None:
    assert refused(b'{"CFDocument": {}, "CFDocument": {}}') == ["repeated-key"]


@pytest.mark.parametrize("depth", [60, 100_000])
def test_endless_nesting_is_refused(depth: int) -> None:
    nested = b'{"CFDocument": ' + b"[" * depth + b"]" * depth + b"}"

    assert refused(nested) == ["too-deep"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "bad-json"),
        (b'{"a": NaN}', "bad-json-constant"),
        (b'{"a": Infinity}', "bad-json-constant"),
        (b'{"CFDocument": {}, "a": 1e999}', "bad-number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "bad-json-number"),
        (b'{"CFDocument": {}, "a": ' + b"9" * 400 + b"}", "bad-number"),
        (b'{"a": "\xe9"}', "not-utf8"),
        (b"{" + b" " * problems.MAX_BYTES + b"}", "too-large"),
        (b'{"a": [' + b"{}," * 600_000 + b"{}]}", "too-many"),
        (b'{"a": [' + b"1," * 4_000_000 + b"1]}", "too-many"),
        (b"", "empty-file"),
        (b"\xef\xbb\xbf \n", "empty-file"),
        (b"%PDF-1.7", "unknown-format"),
        (b"<!DOCTYPE html><html>", "unknown-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old spreadsheet", "unknown-format"),
        (b"PK\x03\x04 not really", "bad-zip"),
        (b"hello", "unknown-table"),
        (bytes(range(128, 256)), "not-utf8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    assert refused(data) == [code]


def test_bad_json_is_named_by_line_and_column() -> None:
    assert told(read({"p.json": b'{\n "a": 1,\n}'})) == [("line 3, column 1", "bad-json")]


def test_more_items_than_a_referential_has_are_refused() -> None:
    crowd = [item(number) for number in range(problems.MAX_COMPETENCIES + 1)]

    assert told(read({"p.json": as_bytes(package(CFItems=crowd))})) == [("$.CFItems", "too-many")]


def test_thousands_of_problems_are_told_as_the_first_ones_and_a_count() -> None:
    found = read({"p.json": as_bytes(package(CFItems=[{} for _ in range(5_000)]))})

    assert len(found.problems) == problems.MAX_PROBLEMS + 1
    assert found.problems[-1].code == "more-problems"
    assert found.problems[-1].values["count"] == 10_000 - problems.MAX_PROBLEMS


def test_a_zip_bomb_is_refused() -> None:
    assert refused(zipped({"competencies.csv": b"\0" * (problems.MAX_BYTES + 1)})) == ["too-large-unpacked"]


def test_a_bomb_spread_over_many_files_is_refused() -> None:
    spread = {f"{number}.csv": b"a" * (problems.MAX_BYTES // 10) for number in range(12)}

    assert refused(zipped(spread)) == ["too-large-unpacked"]


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    honest = zipped({"competencies.csv": b"a" * 100_000})
    lying = honest.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert lying != honest
    assert refused(lying) in (["bad-zip"], ["unknown-table"])


def test_too_many_files_are_refused() -> None:
    crowd = {f"{number}.csv": b"x" for number in range(problems.MAX_FILES + 1)}

    assert refused(zipped(crowd)) == ["too-many-files"]
    assert told(read(crowd))[0][1] == "too-many-files"


def test_a_spreadsheet_is_told_to_become_csv() -> None:
    assert refused(zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b""})) == ["spreadsheet"]


def test_an_encrypted_zip_is_refused() -> None:
    locked = bytearray(zipped({"competencies.csv": COMPETENCIES}, zipfile.ZIP_STORED))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1

    assert refused(bytes(locked)) == ["encrypted"]


def test_a_zip_inside_a_zip_is_not_opened() -> None:
    assert refused(zipped({"inner.zip": zipped({"competencies.csv": COMPETENCIES})})) == ["unknown-format"]


def test_a_damaged_zip_is_refused() -> None:
    whole = bytearray(zipped(tables(), zipfile.ZIP_STORED))
    whole[60] ^= 0xFF

    assert refused(bytes(whole)) == ["bad-zip"]


def test_paths_and_clutter_in_a_zip_are_only_labels() -> None:
    files = {f"..\\..\\etc/{name}": data for name, data in tables().items()}
    archive = zipped({**files, "__MACOSX/._rubric.csv": b"\0\1", ".DS_Store": b"\0"})

    assert read({"pair.zip": archive}).problems == ()


def test_two_files_of_one_name_in_a_zip_are_refused() -> None:
    assert refused(zipped({"a/rubric.csv": b"x", "b/rubric.csv": b"y"})) == ["repeated-file"]


def test_no_file_at_all_is_told() -> None:
    assert told(read({})) == [("…", "no-file")]
    assert refused(zipped({})) == ["no-file"]


def test_a_package_among_other_files_is_refused() -> None:
    assert told(read({"p.json": CASE_1_1, **tables()}))[0][1] == "mixed-files"


def test_a_package_in_a_zip_is_read() -> None:
    assert read({"p.zip": zipped({"folder/p.json": CASE_1_1})}).problems == ()


def test_what_the_check_finds_is_named_as_in_the_file() -> None:
    wrapped = {"CFPackage": package(CFItems=[item(1), item(2, humanCodingScheme="S1")])}

    assert told(read({"p.json": json.dumps(wrapped).encode()})) == [
        ("$.CFPackage.CFItems[1]", "repeated-code")
    ]
