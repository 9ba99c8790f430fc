"""Every problem that the code can find has a sentence, and the sentence gets its words."""

import ast
import re
from pathlib import Path

import pytest

import assessments.importing
from assessments.importing.messages import MESSAGES, message
from assessments.importing.problems import Problem
from assessments.importing.reading import read

SOURCES = sorted(Path(assessments.importing.__file__).parent.rglob("*.py"))
CODE_AT = {"Problem": 1, "RefusedError": 1, "note": 1}


def uses() -> list[tuple[str, set[str] | None]]:
    """Each code written in the source, with the names of its values where these are written beside it."""
    found = []
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            place = CODE_AT.get(str(name))
            if place is None or len(node.args) <= place:
                continue
            code = node.args[place]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                found.append((code.value, _names(node.args[place + 1 :])))
    return found


def _names(arguments: list[ast.expr]) -> set[str] | None:
    if not arguments:
        return set()
    if isinstance(arguments[0], ast.Dict):
        return {str(key.value) for key in arguments[0].keys if isinstance(key, ast.Constant)}
    return None


def test_every_code_has_a_message_and_every_message_a_use() -> None:
    assert {code for code, _values in uses()} == set(MESSAGES)


@pytest.mark.parametrize(("code", "values"), uses())
def test_each_use_gives_the_words_of_its_message(code: str, values: set[str] | None) -> None:
    wanted = set(re.findall(r"%\((\w+)\)s", str(MESSAGES[code])))

    assert values is None or wanted <= values


@pytest.mark.parametrize("code", MESSAGES)
def test_messages_are_sentences_with_named_places(code: str) -> None:
    text = str(MESSAGES[code])

    assert text.endswith(".")
    assert not re.search(r"%(?!\(\w+\)s)", text)


def test_a_problem_becomes_a_sentence() -> None:
    problem = Problem("competencies.csv line 3", "unknown-code", {"code": "FW.9 100%"})

    assert message(problem) == "No competency has the code “FW.9 100%”. Correct it, or add the competency."


def test_what_a_broken_file_gives_can_be_said() -> None:
    found = read({"p.json": b'{"CFDocument": {"identifier": 7, "title": [], "lastChangeDateTime": "x"}}'})

    assert [message(problem) for problem in found.problems] == [
        "“7” is no UUID. Write one such as 123e4567-e89b-12d3-a456-426614174000.",
        "“x” is no date and time. Write it as 2026-01-31T12:00:00Z.",
    ]
