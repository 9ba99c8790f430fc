"""What becomes of a note's lines in the next version of a text."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.following_up import GONE, Followed, follow_lines

OLD = """*filter
:INPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp --dport 22 -j ACCEPT
-A INPUT -p tcp --dport 23 -j ACCEPT
-A INPUT -j LOG
COMMIT""".splitlines()


def followed(first: int, last: int, new: list[str]) -> Followed:
    return follow_lines(OLD[first - 1 : last], first, new, OLD)


def test_lines_at_their_place_are_still_open():
    assert followed(4, 5, OLD) == Followed("open", "same-place", 4, 5)


def test_lines_pushed_down_by_others_are_still_open_where_they_are_now():
    new = ["# Branch office", "", *OLD]
    assert followed(4, 4, new) == Followed("open", "moved", 6, 6)


def test_lines_taken_elsewhere_are_still_open():
    new = [OLD[0], OLD[4], *OLD[1:4], *OLD[5:]]
    assert followed(5, 5, new) == Followed("open", "moved", 2, 2)


def test_other_blanks_change_nothing():
    new = [line.replace(" ", "   ") + "\t" for line in OLD]
    assert followed(4, 5, new).state == "open"


def test_an_altered_line_is_changed_and_its_new_place_is_told():
    new = [*OLD[:3], "-A INPUT -p tcp -s 192.0.2.0/24 --dport 22 -j ACCEPT", *OLD[4:]]
    assert followed(4, 4, new) == Followed("changed", "altered", 4, 4)


def test_a_line_put_between_changes_a_range():
    new = [*OLD[:4], "-A INPUT -p tcp --dport 443 -j ACCEPT", *OLD[4:]]
    assert followed(4, 5, new) == Followed("changed", "altered", 4, 6)


def test_half_of_a_range_gone_is_changed():
    new = [*OLD[:4], *OLD[5:]]
    assert followed(4, 5, new) == Followed("changed", "altered", 4, 4)


def test_a_line_that_is_gone_is_addressed():
    assert followed(5, 5, [*OLD[:4], *OLD[5:]]) == GONE


def test_a_line_replaced_by_something_else_is_addressed():
    new = [*OLD[:4], "# telnet is off", *OLD[5:]]
    assert followed(5, 5, new) == GONE


def test_a_line_made_of_its_neighbour_is_not_the_altered_one():
    new = [*OLD[:3], "-A INPUT -p tcp -s 192.0.2.0/24 --dport 23 -j ACCEPT", *OLD[5:]]
    assert followed(4, 4, new) == GONE
    assert followed(5, 5, new) == Followed("changed", "altered", 4, 4)


def test_the_same_words_elsewhere_are_not_mistaken_for_the_line():
    old = ["interface A", " shutdown", "interface B", " shutdown"]
    new = ["interface A", "interface B", " shutdown"]
    assert follow_lines(old[1:2], 2, new, old) == GONE
    assert follow_lines(old[3:4], 4, new, old) == Followed("open", "moved", 3, 3)


def test_everything_gone_is_addressed():
    assert followed(1, 7, []) == GONE
    assert followed(2, 3, ["nothing", "of it"]) == GONE


@pytest.mark.parametrize("old", [OLD, None])
def test_a_blank_line_is_only_itself_at_its_place(old):
    assert follow_lines([""], 2, ["a", "", "b"], old and ["a", "", "b"]).state == "open"
    assert follow_lines([""], 2, ["a", "b", ""], old and ["a", "", "b"]).state == "addressed"


def test_without_the_old_text_the_quote_is_found_nearest_to_its_place():
    new = ["shutdown", "x", "y", "shutdown", "z"]
    assert follow_lines(["shutdown"], 5, new) == Followed("open", "moved", 4, 4)


def test_without_the_old_text_an_altered_line_is_found_near_its_place():
    new = [*OLD[:3], "-A INPUT -p tcp -s 192.0.2.0/24 --dport 22 -j ACCEPT", *OLD[5:]]
    assert follow_lines(OLD[3:4], 4, new) == Followed("changed", "altered", 4, 4)
    assert follow_lines(["nothing of the kind"], 4, new) == GONE


def test_long_texts_are_followed_in_bounded_time():
    old = [f"access-list {number} permit ip any any" for number in range(50_000)]
    old[30_000] = "telnet 0.0.0.0 0.0.0.0 inside"
    new = ["! new", *old[:30_000], *old[30_001:]]
    begun = time.process_time()
    assert follow_lines(old[100:101], 101, new, old) == Followed("open", "moved", 102, 102)
    assert follow_lines(old[30_000:30_001], 30_001, new, old) == GONE
    assert time.process_time() - begun < 5


def test_texts_that_agree_in_every_other_line_are_aligned_in_bounded_time():
    old = [f"a{number // 24}" if number % 2 else f"b{number}" for number in range(4_000)]
    new = [f"a{number // 24}" if number % 2 else f"c{number}" for number in range(4_000)]
    begun = time.process_time()
    follow_lines(old[10:12], 11, new, old)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("kinds", [20, 170, 500, 2_000])
def test_texts_whose_lines_are_mixed_up_are_aligned_in_bounded_time(kinds):
    shuffled = random.Random(1)
    old = [f"line {shuffled.randrange(kinds)}" for _ in range(2_000)]
    new = [f"line {shuffled.randrange(kinds)}" for _ in range(2_000)]
    begun = time.process_time()
    follow_lines(old[10:12], 11, new, old)
    assert time.process_time() - begun < 5


def test_texts_too_different_to_align_are_searched_for_the_quote():
    old = [f"old {number}" for number in range(5_000)]
    new = [f"new {number}" for number in range(5_000)] + old[40:42]
    assert follow_lines(old[40:42], 41, new, old) == Followed("open", "moved", 5001, 5002)


lines = st.lists(st.sampled_from(["", "a b", "a  b c", "allow any", "deny any", "x" * 700]), max_size=12)


@given(old=lines.filter(bool), new=lines, data=st.data())
def test_whatever_the_texts_are_the_place_lies_in_the_new_one(old, new, data):
    first = data.draw(st.integers(1, len(old)))
    last = data.draw(st.integers(first, len(old)))
    for known in (old, None):
        found = follow_lines(old[first - 1 : last], first, new, known)
        assert 0 <= found.first <= found.last <= len(new)
        assert (found.first == 0) == (found.state == "addressed")
        if old == new:
            assert found.state == "open"
