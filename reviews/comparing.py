"""Compare an item with what continues it in the next attempt, as far as the notes in it ask."""

from functools import cached_property

from assessments.analysers.configurations.differing import RuleChange, difference
from assessments.analysers.configurations.rules import Ruleset
from assessments.models import Evidence
from assessments.viewing.configurations import ruleset_of
from assessments.viewing.items import reading_of
from reviews.following_up import (
    ITEM_REMOVED,
    OTHER_FILE,
    SAME_FILE,
    Followed,
    Versions,
    follow_rule,
)
from reviews.models import Annotation
from reviews.models.annotation import Unit
from reviews.quoting import Reading, read_lines
from workbench.errors import DomainError

CONFIGURATION = "firewall-configuration"
# Rules of both readings together: what a page compares while somebody waits.
MOST_RULES = 20_000


class Pair:
    """An item and what continues it; each file is read once, and only when a note asks for it."""

    def __init__(self, old: Evidence, new: Evidence | None) -> None:
        self._old, self._new = old, new

    def follow(self, annotation: Annotation) -> tuple[Followed, str]:
        """What became of a note, and the altered text without its secrets."""
        if self._new is None:
            return ITEM_REMOVED, ""
        if self._new.sha256 == self._old.sha256 and self._new.url == self._old.url:
            place = (annotation.first, annotation.last)
            return Followed(SAME_FILE.state, SAME_FILE.reason, *place), ""
        if not annotation.is_of_lines:
            return OTHER_FILE, ""
        found = self._by_rule(annotation) if annotation.unit == Unit.RULE else None
        found = found or self._by_lines(annotation)
        if found.state != "changed" or not found.first or self._after is None:
            return found, ""
        return found, self._after.quote(found.first, found.last)

    # --- By lines -------------------------------------------------------------------------------------

    def _by_lines(self, annotation: Annotation) -> Followed:
        if self._versions is None:
            return OTHER_FILE
        quoted = annotation.quote.splitlines()
        if self._before is not None:
            quoted = self._before.lines[annotation.first - 1 : annotation.last]
        return self._versions.follow(quoted, annotation.first) if quoted else OTHER_FILE

    @cached_property
    def _before(self) -> Reading | None:
        return _lines_or_none(self._old)

    @cached_property
    def _after(self) -> Reading | None:
        return _lines_or_none(self._new) if self._new else None

    @cached_property
    def _versions(self) -> Versions | None:
        if self._after is None:
            return None
        if self._before is None:
            # A quote holds no secrets, so it is looked for where there are none either.
            return Versions(self._after.masked)
        return Versions(self._after.lines, self._before.lines)

    # --- By rules -------------------------------------------------------------------------------------

    def _by_rule(self, annotation: Annotation) -> Followed | None:
        """None where the two were not both read as rules, or no rule begins there."""
        if self._changes is None:
            return None
        old, new, changes = self._changes
        return follow_rule(old, new, changes, annotation.first)

    @cached_property
    def _changes(self) -> tuple[Ruleset, Ruleset, tuple[RuleChange, ...]] | None:
        readings = [reading_of(item) for item in (self._old, self._new) if item]
        rulesets = []
        for reading in readings:
            if reading is None or reading.analyser != CONFIGURATION:
                return None
            try:
                rulesets.append(ruleset_of(reading))
            except DomainError:
                return None  # read by an older version: its rules come with the next reading
        old, new = rulesets
        if len(old.rules) + len(new.rules) > MOST_RULES:
            return None
        return old, new, difference(old, new)


def _lines_or_none(item: Evidence) -> Reading | None:
    try:
        return read_lines(item)
    except DomainError:
        return None  # in quarantine, or erased: there is nothing to compare
