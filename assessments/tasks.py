"""Background work of this app: reading what was handed in."""

from uuid import UUID

from assessments import analysing
from assessments.extending import remind_of_deadlines
from assessments.models.analysis import EXAMINE
from workbench.jobs import handles, sweeps


@handles(EXAMINE, given_up=analysing.give_up)
def examine(analysis_id: UUID) -> None:
    analysing.examine(analysis_id)


@sweeps("analyses")
def read_again() -> int:
    return analysing.read_again()


sweeps("deadlines to hand in again")(remind_of_deadlines)
