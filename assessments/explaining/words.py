"""The three sentences that explain one code, and how they are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """Lazily translated texts with named places (``%(rule)s``) for the values of a finding.

    ``title`` says what was found, ``why`` why it matters, ``advice`` what to look for or to do about it.
    """

    title: Any
    why: Any
    advice: Any

    def filled(self, values: Mapping[str, str | int]) -> "Words":
        """The texts in the active language with the values in their places."""
        return Words(str(self.title) % values, str(self.why) % values, str(self.advice) % values)
