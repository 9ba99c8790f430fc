"""Ten megabytes made to be slow are still read in seconds, and lists stay bounded."""

import time

import pytest

from assessments.analysers.secrets.finding import find, survey

SIZE = 10_000_000
SECONDS = 40  # of processor time, on a machine that has other things to do; a quadratic search needs hours
PART = 1_000_000
PART_SECONDS = 8

LONG_LINES = (
    "a@",
    "eyJaaaaaaaaa.",
    "0:12 ",
    'password="',
    "<password>",
    "authorization: digest ",
    "-----BEGIN A PRIVATE KEY-----",
    "http://a:",
)
MANY_LINES = (
    "Comment: -----BEGIN A PRIVATE KEY-----",
    "Private-Lines: 9999",
    "<password>x",
    "password ",
    "config system snmp community",
    "@",
)


def seconds_for(lines: list[str]) -> float:
    start = time.process_time()
    find(lines, "")
    return time.process_time() - start


@pytest.mark.parametrize("unit", LONG_LINES)
def test_one_hostile_line_of_a_megabyte_takes_linear_time(unit: str) -> None:
    assert seconds_for([(unit * (PART // len(unit) + 1))[:PART]]) < PART_SECONDS


@pytest.mark.parametrize("unit", ["key key_", "a"])
def test_one_line_of_ten_megabytes_takes_linear_time(unit: str) -> None:
    assert seconds_for([(unit * (SIZE // len(unit) + 1))[:SIZE]]) < SECONDS


@pytest.mark.parametrize("unit", MANY_LINES)
def test_many_hostile_lines_take_linear_time(unit: str) -> None:
    assert seconds_for([unit] * (PART // 4 // len(unit))) < PART_SECONDS


def test_a_secret_deep_in_a_long_line_is_found_whole() -> None:
    for before in (100, 8_000, 24_570, 32_760, 40_000, 100_000):
        line = "x" * before + ' "password": "deep-in-the-line-0123456789", ' + "y" * 50_000
        [secret] = find([line], "")
        assert line[secret.first : secret.last] == "deep-in-the-line-0123456789"


def test_more_secrets_than_a_page_shows_are_counted() -> None:
    lines = [f"password: word{n}x" for n in range(1234)]
    answer = survey(lines, "", most=500)
    assert (len(answer.secrets), answer.left_out) == (500, 734)
    assert len(find(lines, "")) == 1234
