"""One level of several: no order of markers, no rule and no majority makes a level that nobody gave."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.forming import DISAGREED, EQUAL, HIGHER, LOWER, MAJORITY, NONE, SINGLE, Formed, form

POSITIONS = st.lists(st.integers(1, 6), max_size=4)
REQUIRED = st.one_of(st.none(), st.integers(1, 6))
TOLERANCE = st.integers(0, 1)
CHOICE = st.sampled_from(["moderator", LOWER, HIGHER])


@pytest.mark.parametrize(
    ("positions", "tolerance", "choice", "formed"),
    [
        ((), 0, "moderator", Formed(None, NONE)),
        ((2,), 0, "moderator", Formed(2, SINGLE)),
        ((3, 3), 0, "moderator", Formed(3, EQUAL)),
        ((3, 4), 0, LOWER, Formed(None, DISAGREED)),
        ((3, 4), 1, "moderator", Formed(None, DISAGREED)),
        ((3, 4), 1, LOWER, Formed(3, LOWER)),
        ((4, 3), 1, HIGHER, Formed(4, HIGHER)),
        ((2, 3), 1, HIGHER, Formed(None, DISAGREED)),  # 3 is required: on either side of it
        ((1, 2), 1, HIGHER, Formed(2, HIGHER)),
        ((1, 3), 1, LOWER, Formed(None, DISAGREED)),
        ((1, 3, 3), 0, "moderator", Formed(3, MAJORITY)),
        ((1, 2, 3), 1, LOWER, Formed(None, DISAGREED)),
        ((2, 2, 3, 3), 1, LOWER, Formed(None, DISAGREED)),
    ],
)
def test_what_levels_come_to_where_three_is_required(positions, tolerance, choice, formed):
    assert form(positions, required=3, tolerance=tolerance, choice=choice) == formed


@given(POSITIONS, REQUIRED, TOLERANCE, CHOICE)
def test_the_order_of_the_markers_never_matters(positions, required, tolerance, choice):
    orders = {
        form(order, required=required, tolerance=tolerance, choice=choice)
        for order in permutations(positions)
    }
    assert len(orders) == 1


@given(POSITIONS, REQUIRED, TOLERANCE, CHOICE)
def test_no_level_is_formed_that_nobody_gave(positions, required, tolerance, choice):
    formed = form(positions, required=required, tolerance=tolerance, choice=choice)
    assert formed.position is None or formed.position in positions
    assert (formed.position is None) == (formed.how in (NONE, DISAGREED))


@given(POSITIONS, st.integers(1, 6), TOLERANCE, CHOICE)
def test_no_rule_decides_whether_a_criterion_passes(positions, required, tolerance, choice):
    """On different sides of the required level only people decide: more of them, or a moderator."""
    formed = form(positions, required=required, tolerance=tolerance, choice=choice)
    sides = {position >= required for position in positions}
    if len(sides) == 2:
        assert formed.how in (DISAGREED, MAJORITY)
    if formed.how == MAJORITY:
        assert positions.count(formed.position) * 2 > len(positions)
