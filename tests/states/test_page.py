"""The drawn state machine is the one that the code moves by."""

import pytest

from assessments.models import Submission
from assessments.models.lifecycle import MOVES, State
from tests.states import page


def test_the_page_is_what_the_table_says():
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), "run python -m tests.states.page"


def test_every_state_is_entered_by_some_move_and_every_open_one_left():
    assert {state for move in MOVES.values() for state in move.targets} == set(State)
    left = {state for move in MOVES.values() for state in move.sources}
    assert left >= set(State) - {State.WITHDRAWN}


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [("submit", State.SUBMITTED, State.SUBMITTED), ("accept", State.MODERATION, State.SUBMITTED)],
)
def test_a_move_that_the_table_does_not_know_is_no_move(act, before, after):
    submission = Submission(state=before)
    with pytest.raises(RuntimeError, match=act):
        submission.step(act, after)
    assert submission.state == before
