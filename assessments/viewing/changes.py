"""What changed in a file since the attempt before: its lines, its rules, and what was found in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from assessments.analysers.analysis import Finding
from assessments.analysers.configurations.differing import RuleChange, difference
from assessments.models import Analysis, Evidence
from assessments.opening import guard_open, open_evidence
from assessments.viewing.configurations import ruleset_of
from assessments.viewing.differences import DiffLine, Hunk, hunks, line_difference
from assessments.viewing.highlighting import Span, spans
from assessments.viewing.opened import Opened
from assessments.viewing.remarks import Remark, remarks_of
from assessments.viewing.texts import MOST_OF_A_LINE, read_lines
from workbench.errors import DomainError

# Of either file: what is larger is compared by rule alone.
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_LINES: Final = 200_000
LINES_OF_A_PAGE: Final = 500
LINES_OF_A_HUNK: Final = 200
RULES_OF_A_PAGE: Final = 60
_CONFIGURATIONS: Final = "firewall-configuration"

_TOO_LARGE: Final = _("The two files are too large to be compared line by line here.")
_NO_TEXT: Final = _("One of the two files is no text, so their lines cannot be compared.")


@dataclass(frozen=True)
class ShownLine:
    line: DiffLine
    spans: list[Span]


@dataclass(frozen=True)
class ShownHunk:
    """``left_out`` lines of a long change are not shown; they begin at ``rest`` of the new text."""

    hunk: Hunk
    lines: list[ShownLine]
    left_out: int
    rest: int


@dataclass(frozen=True)
class LineChanges:
    """One page: ``first`` is the number of its first change from 0, ``next`` that of the next page's."""

    hunks: list[ShownHunk]
    added: int
    removed: int
    is_rough: bool
    first: int
    total: int
    next: int | None

    @property
    def share_nothing(self) -> bool:
        """Whether hardly a line stayed."""
        return self.is_rough and not any(
            line.line.kind == "same" for shown in self.hunks for line in shown.lines
        )


@dataclass(frozen=True)
class RuleChanges:
    """One page of changes by rule, like ``LineChanges``; ``counts`` are of all of them, by what changed."""

    shown: list[RuleChange]
    counts: dict[str, int]
    first: int
    total: int
    next: int | None


@dataclass(frozen=True)
class RemarkChanges:
    """What was found before and no longer is, what is new, and what is still there."""

    gone: list[Remark]
    new: list[Remark]
    still: list[Remark]


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    """``by`` is rules (where both files have some) or lines, ``from`` the first change to show, from 0.

    Raises DomainError when there is nothing to compare.
    """
    earlier = opened.item.earlier
    if earlier is None:
        raise DomainError("nothing-before", _("There is no earlier version of this file."), status=404)
    before = Opened(Evidence.objects.with_reading().select_related("submission").get(pk=earlier.pk))
    guard_open(before.item)
    found: dict[str, Any] = {"before": before, "unchanged": before.item.sha256 == opened.item.sha256}
    if found["unchanged"]:
        return found
    start = query.get("from", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    if before.analysis and opened.analysis:
        found["remarks"] = remark_changes(before.analysis, opened.analysis)
        if before.analysis.analyser == _CONFIGURATIONS == opened.analysis.analyser:
            found["has_rules"] = True
            if query.get("by") != "lines":
                return found | {"by": "rules", "rules": rule_changes(before.analysis, opened.analysis, first)}
    return found | {"by": "lines", "lines": line_changes(before.item, opened.item, first)}


def line_changes(old: Evidence, new: Evidence, first: int) -> LineChanges:
    """The page of changes that begins with change number `first` from 0. Raises DomainError."""
    before, after = _lines(old), _lines(new)
    found = line_difference(before, after)
    every = list(hunks(before, after, found.gaps))
    first = min(first, max(0, len(every) - 1))
    shown: list[ShownHunk] = []
    room = LINES_OF_A_PAGE
    for hunk in islice(every, first, None):
        if room <= 0:
            break
        shown.append(_shown(hunk))
        room -= len(shown[-1].lines)
    following = first + len(shown)
    return LineChanges(
        shown,
        found.added,
        found.removed,
        found.is_rough,
        first,
        len(every),
        following if following < len(every) else None,
    )


def rule_changes(before: Analysis, opened: Analysis, first: int) -> RuleChanges:
    found = difference(ruleset_of(before), ruleset_of(opened))
    counts = Counter[str](one.change for one in found)
    first = min(first, max(0, len(found) - 1))
    following = first + RULES_OF_A_PAGE
    return RuleChanges(
        list(found[first:following]),
        dict(counts),
        first,
        len(found),
        following if following < len(found) else None,
    )


def remark_changes(before: Analysis, opened: Analysis) -> RemarkChanges:
    """Findings of the same kind about the same names are one; their lines and numbers may differ."""
    old, new = _keys(before), _keys(opened)
    left = Counter(old.values())
    still, came = [], []
    for remark in remarks_of(opened):
        key = new[remark.number]
        if left[key]:
            left[key] -= 1
            still.append(remark)
        else:
            came.append(remark)
    gone = []
    for remark in reversed(remarks_of(before)):
        key = old[remark.number]
        if left[key]:
            left[key] -= 1
            gone.append(remark)
    return RemarkChanges(gone[::-1], came, still)


def _keys(analysis: Analysis) -> dict[int, tuple[Any, ...]]:
    """By the number of a remark, what makes it the same in another attempt: its kind and the names in it."""
    findings = map(Finding.from_json, analysis.findings)
    return {
        number: (one.code, *sorted(value for value in one.values.values() if isinstance(value, str)))
        for number, one in enumerate(findings, start=1)
    }


def _lines(item: Evidence) -> list[str]:
    if item.size > MAX_BYTES:
        raise DomainError("too-large", _TOO_LARGE, status=422)
    with open_evidence(item) as file:
        lines = read_lines(file, most=MAX_LINES + 1)
    if lines is None:
        raise DomainError("no-text", _NO_TEXT, status=422)
    if len(lines) > MAX_LINES:
        raise DomainError("too-large", _TOO_LARGE, status=422)
    return lines


def _shown(hunk: Hunk) -> ShownHunk:
    kept = hunk.lines[:LINES_OF_A_HUNK]
    cut = hunk.lines[LINES_OF_A_HUNK:]
    lines = [
        ShownLine(line, spans(line.text[:MOST_OF_A_LINE], [line.changed] if line.changed else []))
        for line in kept
    ]
    rest = next((line.new for line in cut if line.new), hunk.new_last)
    return ShownHunk(hunk, lines, len(cut), rest)
