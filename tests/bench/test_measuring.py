"""The bench takes its ways in turn, keeps the median, and tells both directions of a ratio."""

import itertools

from tests.bench.growth import report_rows
from tests.bench.measuring import Row, compared, interleaved, milliseconds, table, timed


def test_ways_are_taken_in_turn_and_the_median_is_kept():
    taken = []
    seconds = {"a": itertools.chain([9.0, 1.0, 2.0]), "b": itertools.chain([5.0, 5.0, 7.0])}

    def way(name):
        def take():
            taken.append(name)
            return next(seconds[name])

        return take

    assert interleaved({name: way(name) for name in "ab"}, rounds=3) == {"a": 2.0, "b": 5.0}
    assert taken == ["a", "b", "b", "a", "a", "b"]


def test_a_ratio_says_which_is_faster():
    assert compared(1.0, 25.0) == "25 × faster"
    assert compared(3.0, 2.0) == "1.5 × slower"
    assert milliseconds(0.00096) == "0.96 ms"
    assert milliseconds(12.34) == "12.3 s"


def test_a_way_is_timed_for_each_repetition():
    calls = []
    assert 0 <= timed(lambda: calls.append(1), times=4)() < 1
    assert len(calls) == 4


def test_all_lines_of_the_table_are_equally_long():
    lines = table([Row("Sign", "1 ms", "Node 28 ms", "28 × faster", "≤ 1.1 ms"), Row("x", "y")]).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert [line.count("|") for line in lines] == [6, 6, 6, 6]


def test_growth_is_told_from_two_sizes():
    rows = report_rows((200, 1000), ((1.0, 8, 150.0), (5.0, 32, 190.0)), None)
    assert rows[1].peer == "not measured: Chromium not installed" and rows[0].peer == ""
    assert rows[2].ours == "5.0 × the CPU, 50 MB more a thousand"
    assert rows[3].ours == "50 s of CPU, 640 MB"
