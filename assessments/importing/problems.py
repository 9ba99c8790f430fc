"""What can be wrong with a file that is being imported, and how much of one is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.importing.records import ReferentialRecord

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 40
MAX_COMPETENCIES = 20_000
MAX_NODES = 80_000
MAX_OBJECTS = 500_000
MAX_FILES = 20
MAX_CODE = 200
MAX_TITLE = 1_000
MAX_TEXT = 20_000
MAX_URI = 2_000
MAX_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """One thing to put right.

    ``where`` is a JSON path (``$.CFItems[3].fullStatement``) or a place in a table (``competencies.csv line
    7, column title_fr``); ``code`` names the message in ``messages.MESSAGES`` and ``values`` fill its
    placeholders.
    """

    where: str
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What came out of a file: a record, or the problems that prevented one.

    ``places`` says where each identifier was read, so that what is found later is named as the file names it.
    """

    record: ReferentialRecord | None
    problems: tuple[Problem, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A file that cannot be read any further."""

    def __init__(self, where: str, code: str, values: Mapping[str, str | int] | None = None) -> None:
        super().__init__(code)
        self.problem = Problem(where, code, values or {})


def first(problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems worth reading: a broken file of twenty thousand lines should not answer with as many."""
    if len(problems) <= MAX_PROBLEMS:
        return tuple(problems)
    more = len(problems) - MAX_PROBLEMS
    return (*problems[:MAX_PROBLEMS], Problem("…", "more-problems", {"count": more}))
