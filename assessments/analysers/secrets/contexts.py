"""Secrets that only their surroundings tell: the SNMP communities of FortiOS and Junos blocks."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assessments.analysers.secrets.masks import is_masked
from assessments.analysers.secrets.pattern import CONFIGURATIONS, FORTIOS

_FORTIOS_NAME: Final = re.compile(r"^\s*+set\s+name\s+\"?(?P<value>[^\"]++)")
_JUNOS_NAME: Final = re.compile(r"^\s*+(?:inactive: |replace: )?community\s+\"?(?P<value>[^\s\"{;]++)")


def communities(lines: Sequence[str], dialect: str) -> Iterator[tuple[int, int, int]]:
    """Line, first and last character (all from 0) of each community's name."""
    if dialect in FORTIOS or dialect not in CONFIGURATIONS:
        yield from _of_fortios(lines)
    if dialect == "junos" or dialect not in CONFIGURATIONS:
        yield from _of_junos(lines)


def _of_fortios(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    depth = 0
    for number, line in enumerate(lines):
        if not depth and "config system snmp community" not in line:
            continue
        words = line[:200].split(None, 1)
        if words[:1] == ["config"]:
            depth += 1
        elif words[:1] == ["end"]:
            depth -= 1
        elif depth == 1 and (match := _FORTIOS_NAME.match(line)) and not is_masked(match["value"]):
            yield number, *match.span("value")


def _of_junos(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    depth = 0
    for number, line in enumerate(lines):
        if depth:
            if depth == 1 and (match := _JUNOS_NAME.match(line)) and not is_masked(match["value"]):
                yield number, *match.span("value")
            depth = max(0, depth + line.count("{") - line.count("}"))
        elif "snmp {" in line and line[:200].strip() == "snmp {":
            depth = 1
