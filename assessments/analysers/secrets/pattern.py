"""One row of the pattern pack: what a line must look like for a part of it to be a secret."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.secrets.masks import is_masked

CISCO: Final = frozenset(("cisco-ios", "cisco-asa"))
FORTIOS: Final = frozenset(("fortios",))
JUNOS: Final = frozenset(("junos", "junos-set"))
PANOS: Final = frozenset(("panos-set",))
XML: Final = frozenset(("pfsense", "opnsense", "panos-xml"))
# In these, only their own statements are looked for; any other text (a report, a note) may quote all of them.
CONFIGURATIONS: Final = (
    CISCO
    | FORTIOS
    | JUNOS
    | PANOS
    | XML
    | frozenset(
        ("iptables-save", "ip6tables-save", "nftables", "nftables-json", "windows-json", "windows-netsh")
    )
)


def is_open(value: str) -> bool:
    return not is_masked(value)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`expression` marks each value with a group named `value…`; it must need time linear in the line.

    A line is only tried when it holds one of `hints` (lower case; empty: every line is). `dialects` limits
    the pattern among the configurations (empty: everywhere); with `quoted` it is looked for in any other text
    too. `accepts` has the last word on a value.
    """

    code: str
    hints: tuple[str, ...]
    expression: re.Pattern[str]
    dialects: frozenset[str] = frozenset()
    accepts: Callable[[str], bool] = is_open
    quoted: bool = True
    groups: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        groups = tuple(name for name in self.expression.groupindex if name.startswith("value"))
        object.__setattr__(self, "groups", groups)

    def applies_to(self, dialect: str) -> bool:
        if not self.dialects or dialect in self.dialects:
            return True
        return self.quoted and dialect not in CONFIGURATIONS

    def code_of(self, match: re.Match[str]) -> str:
        """The code of a match: a Cisco statement tells by its type digit how the value is kept."""
        kinds = self.expression.groupindex
        if "type" in kinds and (match["type"] or "0") in "456789":
            return f"cisco-type-{match['type']}"
        if "asa" in kinds and match["asa"]:
            return "asa-password"
        return self.code
