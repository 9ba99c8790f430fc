"""Read a configuration of any known dialect into one model."""

from collections.abc import Callable
from typing import Final

from assessments.analysers.configurations.dialects import (
    junos,
)
from assessments.analysers.configurations.rules import Ruleset

Reader = Callable[[str, str], Ruleset]

READERS: Final[dict[str, Reader]] = {
    "junos": junos.read,
    "junos-set": junos.read,
}


def read(text: str, dialect: str) -> Ruleset:
    """The rules of `text`; raises `KeyError` for a dialect without a reader.

    Whatever the text is, a reader reads on and says in `unread` what it did not understand.
    """
    return READERS[dialect](text, dialect)
