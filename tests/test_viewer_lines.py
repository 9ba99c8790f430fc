"""Windows over texts and the colours of their lines, for any bytes and any line."""

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.viewing import texts
from assessments.viewing.highlighting import spans, visible
from assessments.viewing.texts import MOST_OF_A_LINE, MOST_OF_A_WINDOW, read_lines, read_window

written = st.text(st.sampled_from("ab é\t\n\r"), max_size=60)


def expected(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if not lines[-1] else lines


# --- Windows -----------------------------------------------------------------------------------------


@given(written, st.integers(1, 12), st.integers(1, 8), st.integers(1, 7))
def test_a_window_is_what_an_editor_shows_whatever_the_pieces(text, first, count, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_CHUNK", piece)
        window = read_window(io.BytesIO(text.encode()), first, count=count)
        every = read_lines(io.BytesIO(text.encode()), most=5)
    lines = expected(text)
    assert window is not None
    assert window.total == len(lines)
    assert [line.text for line in window.lines] == lines[first - 1 : first - 1 + count]
    assert [line.number for line in window.lines] == list(range(1, len(lines) + 1))[first - 1 :][:count]
    assert every == lines[:5]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_other_encodings_are_read_without_their_marks(encoding):
    window = read_window(io.BytesIO("règle une\nrègle deux\n".encode(encoding)), 1)
    assert window is not None
    assert [line.text for line in window.lines] == ["règle une", "règle deux"]


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff" * 40, b"\x89PNG\r\n\x1a\n" + bytes(range(256))])
def test_bytes_that_are_no_text_give_nothing(content):
    assert read_window(io.BytesIO(content), 1) is None
    assert read_lines(io.BytesIO(content), most=10) is None


def test_four_hundred_long_lines_stay_a_page():
    window = read_window(io.BytesIO((b"x" * 5000 + b"\n") * 400), 1)
    assert window is not None
    assert sum(len(line.text) for line in window.lines) <= MOST_OF_A_WINDOW
    assert all(line.left_out == 5000 - len(line.text) for line in window.lines)


@given(st.integers(0, 9000))
def test_a_long_line_is_shown_from_any_character(start):
    text = "".join(chr(97 + n % 26) for n in range(7000))
    window = read_window(io.BytesIO(text.encode()), 1, start=start, long_line=1)
    assert window is not None
    line = window.lines[0]
    assert line.text == text[start : start + MOST_OF_A_LINE]
    assert line.start + len(line.text) + line.left_out == 7000


# --- Colours -----------------------------------------------------------------------------------------


def kinds(text: str) -> dict[str, str]:
    return {run.text: run.kind for run in spans(text) if run.kind}


def test_the_words_of_each_dialect_are_told_apart():
    assert kinds('-A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT -m comment --comment "web"') == {
        "-A": "option",
        "INPUT": "keyword",
        "-s": "option",
        "192.0.2.0/24": "address",
        "-p": "option",
        "tcp": "keyword",
        "--dport": "option",
        "22": "number",
        "-j": "option",
        "ACCEPT": "accept",
        "-m": "option",
        "--comment": "option",
        '"web"': "string",
    }
    assert kinds(" deny ipv6 2001:db8::/32 any log")["2001:db8::/32"] == "address"
    assert kinds(" deny ipv6 2001:db8::/32 any log")["deny"] == "deny"
    assert kinds("! a comment permit any") == {"! a comment permit any": "comment"}
    assert kinds("access-list 10 remark permit any") == {"access-list 10 remark permit any": "comment"}
    assert kinds("interface GigabitEthernet0/0/1.10") == {"interface": "keyword"}
    assert kinds("<type>block</type>")["block"] == "deny"
    assert kinds("permitted-hosts") == {}


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=4))
def test_no_character_is_lost_or_doubled(text, marked):
    runs = spans(text, marked)
    assert "".join(run.text for run in runs) == visible(text)


def test_exactly_the_given_characters_are_marked():
    runs = spans("username bob password 7 0822455D0A16", [(24, 36), (9, 12)])
    assert [run.text for run in runs if run.is_marked] == ["bob", "0822455D0A16"]


@pytest.mark.parametrize(
    "piece", [":", "a:", '"', "'", " ", "-", "<", "1.", "remark ", "0", "#", "access-list "]
)
def test_no_line_takes_long_to_colour(piece):
    begun = time.process_time()
    spans((piece * MOST_OF_A_LINE)[:MOST_OF_A_LINE])
    assert time.process_time() - begun < 0.2
