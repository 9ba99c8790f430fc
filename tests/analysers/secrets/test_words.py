"""Every kind of secret has words, and every pattern a kind."""

import pytest

from assessments.analysers.secrets.codes import NATURES, UNSEARCHED
from assessments.analysers.secrets.finding import PATTERNS
from assessments.analysers.secrets.patterns_xml import ELEMENTS
from assessments.explaining import skipped
from assessments.explaining.secrets import WORDS


def test_the_words_and_the_kinds_are_the_same() -> None:
    assert WORDS.keys() == NATURES.keys()


def test_every_pattern_finds_a_kind_that_is_known() -> None:
    assert {pattern.code for pattern in PATTERNS} | {code for code, _, _ in ELEMENTS} <= NATURES.keys()


@pytest.mark.parametrize("code", NATURES)
def test_the_words_of_a_kind_are_whole_sentences(code: str) -> None:
    words = WORDS[code].filled({})
    assert words.title and not words.title.endswith(".")
    assert words.why.endswith(".") and words.advice.endswith(".")


def test_every_reason_that_leaves_a_part_unsearched_is_one_that_is_given() -> None:
    assert skipped.REASONS.keys() >= UNSEARCHED
