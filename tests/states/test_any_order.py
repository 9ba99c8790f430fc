"""Whatever random people do in whatever order, the promises hold."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.states.machine import Story

# The same stories every run: a failure on one machine is a failure on every other.
FIXED = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_random_acts_by_random_people_break_no_promise():
    Story.reached.clear()
    run_state_machine_as_test(Story, settings=FIXED)
    missed = {"mark", "adjudicate", "accept", "send-back", "appeal", "withdraw"} - set(Story.reached)
    assert not missed, "the stories did not get far enough to prove anything"
