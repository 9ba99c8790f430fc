"""A document says what it holds, and no value of a secret is repeated."""

import io
import json

import pytest

from assessments.analysers.analysis import Analysis
from assessments.analysers.documents.analysing import analyse
from assessments.analysers.recognising import HEAD_BYTES, TAIL_BYTES, recognise
from assessments.analysers.table import DOCUMENTS
from tests.analysers.documents.cases import CASES, Case
from tests.analysers.documents.making import pdf


def analysed(data: bytes) -> Analysis:
    return analyse(io.BytesIO(data), recognise(data[:HEAD_BYTES], len(data), data[-TAIL_BYTES:]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_document_is_read_as_the_table_says(case: Case) -> None:
    analysis = analysed(case.content)
    assert analysis.facts["label"] == case.label
    assert {name: analysis.facts.get(name) for name in case.facts} == case.facts
    assert {finding.code for finding in analysis.findings} == case.findings
    assert [(s.code, s.place.unit, s.place.first) for s in analysis.secrets] == list(case.secrets)
    said = {"encrypted": "encrypted", "embedded-file": "embedded-file", "pdf-attachment": "embedded-file"}
    assert [part.reason for part in analysis.skipped] == [
        reason for code, reason in said.items() if code in case.findings
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_analysis_survives_json_and_holds_no_value(case: Case) -> None:
    analysis = analysed(case.content)
    written = json.dumps(analysis.to_json())
    assert Analysis.from_json(json.loads(written)).to_json() == analysis.to_json()
    assert (analysis.analyser, analysis.version) == (DOCUMENTS.name, DOCUMENTS.version)
    for value in (
        "ada@apprenante.be",
        "bCt7eJNv",
        "hunter2",
        "3c:9d:f8",
        "r3ad",
        "q1w2e3r4",
        "geheim99",
        "(Ada",
    ):
        assert value not in written


def test_the_text_of_each_page_is_in_the_detail() -> None:
    detail = analysed(CASES[0].content).detail
    assert detail == {
        "unit": "page",
        "pages": [
            {"number": 1, "text": "Firewall report\nAsk <removed:email-address-1>"},
            {"number": 2, "text": "Second page"},
        ],
    }


def test_a_file_that_is_text_itself_needs_no_detail() -> None:
    assert analysed(b"only a few words\nand some more of them\n").detail is None


def test_the_excerpt_is_short_and_plain() -> None:
    analysis = analysed(("word\u202e \u200b" * 2000).encode())
    assert len(analysis.facts["excerpt"]) <= 2000
    assert analysis.facts["excerpt"].startswith("word word")


def test_secrets_behind_what_is_kept_of_a_long_text_are_found() -> None:
    text = "a plain line of words\n" * 120_000 + "password: hunter2\n"
    analysis = analysed(text.encode())
    assert (analysis.skipped, analysis.facts["words"], analysis.facts["lines"]) == ((), 600_002, 120_001)
    assert [(secret.code, secret.place.first) for secret in analysis.secrets] == [("password", 120_001)]


def test_a_place_in_a_text_points_at_the_characters_of_the_file() -> None:
    text = "one\u200b\nenable\u00a0x\n\u200bpassword: hunter2"
    [secret] = analysed(text.encode()).secrets
    assert text.split("\n")[secret.place.first - 1][secret.first : secret.last] == "hunter2"


def test_a_word_parted_at_the_end_of_a_line_keeps_its_hyphen() -> None:
    analysis = analysed(pdf(["Le pare-\nfeu refuse"]))
    assert analysis.facts["excerpt"].replace(" ", "") == "Lepare-feurefuse"
