"""Writes docs/states.md from the one table of moves: `python -m tests.states.page`."""

from collections.abc import Iterator
from pathlib import Path

import django
from django.utils import translation

# ruff: noqa: E402, E501 (the models are there once Django is set up; lines of the page are as long as paragraphs are)

django.setup()

from assessments.models.lifecycle import DECIDED, MOVES, OPEN, QUEUED, State
from workbench.access import ROLES

PAGE = Path(__file__).parents[2] / "docs" / "states.md"

TEXT = """\
# The states of a submission

`DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.states.page` writes this page from the table `MOVES` in
`assessments/models/lifecycle.py`, by which the verbs change states; a test fails when they differ. Another test lets random people do
random acts in random order and checks after each that only moves of this table happened (`tests/states/test_any_order.py`).

```mermaid
stateDiagram-v2
{diagram}
```

| act | from | to | by | what happens |
|---|---|---|---|---|
{moves}

{groups}

- While an investigation holds a submission (`held_at`), nobody claims it and nothing of it is released.
- A decision stands for its attempt, or is set aside. In moderation a submission has a standing decision that waits to be checked, or none
  because its markers disagree.
- Whoever gives work back leaves their scores with their review and finds them there when they take it again.
"""


def render() -> str:
    with translation.override("en"):
        return TEXT.format(
            diagram="\n".join(f"    {line}" for line in _arrows()),
            moves="\n".join(_rows()),
            groups="\n".join(
                f"- {name}: {_listed(states)}."
                for name, states in (("Open", OPEN), ("In the queue", QUEUED), ("Decided", DECIDED))
            ),
        )


def _arrows() -> Iterator[str]:
    for move in MOVES.values():
        for source in move.sources or ("[*]",):
            for target in move.targets:
                yield f"{getattr(source, 'value', source)} --> {target.value}: {move.act}"
    for state in (State.APPROVED, State.RETURNED, State.REJECTED, State.WITHDRAWN):
        yield f"{state.value} --> [*]"


def _rows() -> Iterator[str]:
    for move in MOVES.values():
        who = ROLES[move.who].label if move.who in ROLES else move.who
        yield f"| {move.act} | {_listed(move.sources) or '–'} | {_listed(move.targets)} | {who} | {move.text} |"


def _listed(states: tuple[State, ...]) -> str:
    return ", ".join(f"`{state.value}`" for state in states)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
