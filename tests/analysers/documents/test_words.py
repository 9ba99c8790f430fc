"""Every finding in a document, and every reason to leave a part out, has words."""

import ast
from pathlib import Path

import pytest

from assessments.analysers import documents, images
from assessments.explaining import skipped
from assessments.explaining.documents import WORDS
from tests.analysers.documents.cases import CASES


def named(package: str, *calls: str) -> set[str]:
    """The texts in the first argument of every such call in the modules of a package."""
    trees = (ast.parse(path.read_text()) for path in Path(package).parent.glob("*.py"))
    return {
        part.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args
        if (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in calls
        for part in ast.walk(node.args[0])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def test_every_finding_that_a_reader_may_make_has_words() -> None:
    assert named(str(documents.__file__), "notice") == WORDS.keys()
    assert {code for case in CASES for code in case.findings} == WORDS.keys()


@pytest.mark.parametrize("code", WORDS)
def test_the_words_of_a_finding_are_whole_sentences(code: str) -> None:
    words = WORDS[code].filled({"count": 3})
    assert words.title and "%" not in words.title and not words.title.endswith(".")
    assert words.why.endswith(".") and words.advice.endswith(".")


def test_every_reason_to_leave_a_part_out_has_words() -> None:
    reasons = named(str(documents.__file__), "Skipped", "Refusal", "_refused")
    reasons |= named(str(images.__file__), "Skipped", "NoPicture")
    assert {"text-limit", "time-limit", "damaged-pdf", "archive-bomb", "not-an-image"} <= reasons
    assert reasons <= skipped.REASONS.keys()
