"""Every code has words, and their places are filled by the values that findings carry."""

import pytest
from django.utils import translation

from assessments.analysers.analysis import Finding
from assessments.analysers.captures.findings.exposure import PROTOCOL_OF
from assessments.analysers.captures.findings.finding import CODES
from assessments.explaining import findings as explaining
from assessments.explaining.captures import WORDS
from assessments.explaining.secrets import WORDS as SECRET_WORDS
from tests.analysers.captures.building import enhanced, ethernet, interface, section, tls_key_log
from tests.analysers.captures.cases import CASES
from tests.analysers.captures.test_cases import analysed

OF_THE_FILE = (
    section()
    + interface()
    + tls_key_log(b"CLIENT_RANDOM 0 0")
    + enhanced(ethernet(b""), 9)
    + enhanced(ethernet(b""), 1, original=99)
)


def all_findings() -> list[Finding]:
    found = [finding for case in CASES for finding in analysed(case.data).findings]
    return found + list(analysed(OF_THE_FILE).findings)


def test_every_code_has_words_and_no_words_are_left_over():
    assert WORDS.keys() == CODES
    assert {finding.code for finding in all_findings()} == CODES


@pytest.mark.parametrize("finding", all_findings(), ids=lambda finding: finding.code)
def test_every_place_is_filled(finding):
    for language in ("en", "fr", "nl"):
        with translation.override(language):
            words = explaining.words_of("packet-capture", finding)
            for text in (words.title, words.why, words.advice):
                assert text
                assert "%(" not in text


def test_every_value_of_a_finding_is_said_somewhere():
    for finding in all_findings():
        words = WORDS[finding.code]
        with translation.override("en"):
            text = f"{words.title} {words.why} {words.advice}"
        named = {
            part[2 : part.index(")")]
            for part in text.replace("%(", "\0%(").split("\0")
            if part.startswith("%(")
        }
        assert named <= finding.values.keys()
        assert finding.values.keys() - named <= {"conversations", "packets"}


def test_every_secret_of_a_capture_has_words():
    codes = (
        {secret.code for case in CASES for secret in analysed(case.data).secrets}
        | {"tls-secrets"}
        | set(PROTOCOL_OF)
    )
    assert codes <= SECRET_WORDS.keys()
