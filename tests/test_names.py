"""A file name is shown clean, whatever a stranger called the file."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.analysers.names import clean_filename


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("rapport d'analyse.pdf", "rapport d'analyse.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\trace.pcap", "trace.pcap"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("mix/of\\both/ways.txt", "ways.txt"),
        ("folder/", "folder"),
        ("a\x00b\r\nc\td.txt", "abcd.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff\u2066.md", "zerowidth.md"),
        ("...hidden", "hidden"),
        ("  . spaced out .txt. ", "spaced out .txt"),
        ("two\u00a0\u2003spaces.txt", "two spaces.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1 .tar.gz", "_Com1 .tar.gz"),
        ("lpt¹.log", "_lpt¹.log"),
        ("console.log", "console.log"),
        ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        ("re\u0301seau.pcap", "réseau.pcap"),
        ("", "file"),
        ("...", "file"),
        ("/", "file"),
        ("\u200f\u2800", "file"),
        ("\ud800.txt", "txt"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_is_cleaned(raw: str, shown: str) -> None:
    assert clean_filename(raw) == shown


@pytest.mark.parametrize("ending", [".pcap", ".tar.gz", ".pcapng.gz"])
def test_a_long_name_is_cut_but_keeps_its_extension(ending: str) -> None:
    shown = clean_filename("é" * 400 + ending)
    assert shown.endswith("é" + ending)
    assert 148 <= len(shown.encode()) <= 150


def test_an_endless_extension_is_cut_too() -> None:
    assert len(clean_filename("a." + "b" * 5000).encode()) == 150


def test_a_tower_of_accents_is_cleaned_in_bounded_time() -> None:
    assert len(clean_filename("a" + "\u0323\u0301" * 200_000 + ".txt").encode()) <= 150


@given(st.text())
def test_any_name_becomes_one_that_can_be_shown(raw: str) -> None:
    shown = clean_filename(raw)
    assert 1 <= len(shown.encode()) <= 150
    assert not set(shown) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in shown)
    assert unicodedata.is_normalized("NFC", shown)
    assert not shown.startswith((".", " ")) and not shown.endswith((".", " "))
    assert clean_filename(shown) == shown
