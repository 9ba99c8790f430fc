"""Follow a note into the next attempt: are its lines still there, altered, or gone?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final, Literal

from assessments.analysers.configurations.differing import RuleChange, changed_fields
from assessments.analysers.configurations.rules import Rule, Ruleset

State = Literal["open", "changed", "addressed"]
Block = tuple[str, int, int, int, int]
Reason = Literal[
    "same-file",
    "other-file",
    "item-removed",
    "same-place",
    "moved",
    "altered",
    "gone",
    "same-rule",
    "moved-rule",
    "altered-rule",
    "no-rule",
]
# A line of the new text is the altered old one when at least so much of the two agrees.
ALIKE: Final = 0.6
# Where the old text is not there any more: how far from the old place an altered line is looked for.
AROUND: Final = 200
# An alignment costs the more the more lines differ: beyond this product only the quote is looked for.
MOST_ALIGNED: Final = 16_000_000
# Lines that stand more often than this ("exit", "}") start no match; they only prolong one.
COMMON: Final = 12
# Of a long range so many lines are looked for one by one.
MOST_COMPARED: Final = 40
# Longer lines are compared by their first characters.
COMPARED: Final = 500


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a note, and at which lines it stands now, counted from 1; both 0 for nowhere."""

    state: State
    reason: Reason
    first: int = 0
    last: int = 0


SAME_FILE: Final = Followed("open", "same-file")
OTHER_FILE: Final = Followed("changed", "other-file")
ITEM_REMOVED: Final = Followed("addressed", "item-removed")
GONE: Final = Followed("addressed", "gone")


class Versions:
    """Two versions of a text, to follow any number of notes from the old one into the new one.

    Without the ``old`` one the words of a note are looked for near their old place. Blanks do not count.
    """

    def __init__(self, new: Sequence[str], old: Sequence[str] | None = None) -> None:
        self._new = [_plain(line) for line in new]
        self._old = None if old is None else [_plain(line) for line in old]

    def follow(self, quoted: Sequence[str], first: int) -> Followed:
        """What became of the lines ``quoted``, which began at line ``first`` of the old text."""
        wanted = [_plain(line) for line in quoted]
        if not any(wanted):
            return self._blank(wanted, first)
        if self._old is not None and self._blocks is not None:
            return self._aligned(wanted, first, self._old, self._blocks)
        place = _found(wanted, self._new, first - 1)
        if place is not None:
            return _open(place, first, len(wanted))
        around = range(max(0, first - 1 - AROUND), min(len(self._new), first - 1 + len(wanted) + AROUND))
        return _altered(wanted, self._new, around)

    @cached_property
    def _blocks(self) -> list[Block] | None:
        return None if self._old is None else _blocks(self._old, self._new)

    def _blank(self, wanted: list[str], first: int) -> Followed:
        """Blank lines are everywhere: only their own place says something."""
        if wanted and self._new[first - 1 : first - 1 + len(wanted)] == wanted:
            return _open(first - 1, first, len(wanted))
        return GONE

    def _aligned(self, wanted: list[str], first: int, old: list[str], blocks: list[Block]) -> Followed:
        start, end = first - 1, first - 1 + len(wanted)
        kept: dict[int, int] = {}
        near: list[int] = []
        fresh: list[int] = []
        rivals: list[str] = []
        for tag, old_from, old_to, new_from, new_to in blocks:
            if tag == "equal":
                both = range(max(start, old_from), min(end, old_to))
                kept.update((line, new_from + line - old_from) for line in both)
                continue
            fresh += range(new_from, new_to)
            if (old_from < end and start < old_to) or (old_from == old_to and start < old_from < end):
                near += range(new_from, new_to)
                rivals += [old[at] for at in range(old_from, old_to) if not start <= at < end]
        if len(kept) == len(wanted) and kept[end - 1] - kept[start] == len(wanted) - 1:
            return _open(kept[start], first, len(wanted))
        if kept:
            altered = _altered(
                [old[at] for at in range(start, end) if at not in kept], self._new, near, rivals
            )
            places = [*kept.values(), *range(altered.first - 1, altered.last if altered.first else -1)]
            return Followed("changed", "altered", min(places) + 1, max(places) + 1)
        # Taken away here and put in elsewhere: the same words, moved.
        moved = _found(wanted, self._new, start, among=set(fresh))
        return (
            _altered(wanted, self._new, near, rivals) if moved is None else _open(moved, first, len(wanted))
        )


def follow_lines(
    quoted: Sequence[str], first: int, new: Sequence[str], old: Sequence[str] | None = None
) -> Followed:
    """One note alone; see `Versions`."""
    return Versions(new, old).follow(quoted, first)


def follow_rule(old: Ruleset, new: Ruleset, changes: Sequence[RuleChange], first: int) -> Followed | None:
    """What became of the rule that began at line ``first``, by the ``changes`` between two rule sets.

    None when no rule began there.
    """
    rule = next((one for one in old.rules if one.first_line == first), None)
    if rule is None:
        return None
    found = {one.change: one for one in changes if one.old is rule}
    if "removed" in found:
        return Followed("addressed", "no-rule")
    if "changed" in found:
        return _of_rule("changed", "altered-rule", found["changed"].new)
    if "moved" in found:
        return _of_rule("open", "moved-rule", found["moved"].new)
    # Equal rules are held to be the same in their order.
    rank = [one for one in old.rules if _are_equal(one, rule)].index(rule)
    return _of_rule("open", "same-rule", [one for one in new.rules if _are_equal(one, rule)][rank])


def _of_rule(state: State, reason: Reason, rule: Rule | None) -> Followed:
    return Followed(state, reason, rule.first_line, rule.last_line) if rule else Followed(state, reason)


def _are_equal(one: Rule, other: Rule) -> bool:
    return one is other or (one.scope == other.scope and not changed_fields(one, other))


def _plain(line: str) -> str:
    return " ".join(line.split())


def _open(place: int, first: int, length: int) -> Followed:
    reason: Reason = "same-place" if place == first - 1 else "moved"
    return Followed("open", reason, place + 1, place + length)


def _blocks(old: list[str], new: list[str]) -> list[Block] | None:
    """Equal and differing blocks of two texts, as difflib tells them; None where that would take too long.

    What both texts begin and end with is not compared twice.
    """
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(before) * len(after) > MOST_ALIGNED:
        return None
    times = Counter(after)
    matcher = SequenceMatcher(lambda line: times[line] > COMMON, before, after, autojunk=False)
    middle = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()]
    end = ("equal", len(old) - tail, len(old), len(new) - tail, len(new))
    return [("equal", 0, head, 0, head), *middle, end]


def _found(wanted: list[str], there: list[str], expected: int, among: set[int] | None = None) -> int | None:
    """Where the block of lines stands, nearest to the expected place."""
    places = (
        at
        for at in range(len(there) - len(wanted) + 1)
        if (among is None or at in among)
        and there[at] == wanted[0]
        and there[at : at + len(wanted)] == wanted
    )
    return min(places, key=lambda at: abs(at - expected), default=None)


def _altered(
    wanted: list[str], there: list[str], among: Sequence[int], rivals: Sequence[str] = ()
) -> Followed:
    """The lines of ``there`` that the wanted ones were turned into; gone when none is like any of them.

    A line that is more like one of the ``rivals``, which stood beside the wanted ones, was made of that.
    """
    alike = set()
    among = among[: 2 * AROUND]
    for line in [one for one in wanted if one][:MOST_COMPARED]:
        matcher = SequenceMatcher(None, "", line[:COMPARED], autojunk=False)
        likeness, place = max(((_likeness(matcher, there[at]), -at) for at in among), default=(0.0, 0))
        if likeness < ALIKE:
            continue
        made = SequenceMatcher(None, "", there[-place][:COMPARED], autojunk=False)
        if all(_likeness(made, rival) <= likeness for rival in rivals[:MOST_COMPARED]):
            alike.add(-place)
    if not alike:
        return GONE
    return Followed("changed", "altered", min(alike) + 1, max(alike) + 1)


def _likeness(matcher: SequenceMatcher[str], line: str) -> float:
    matcher.set_seq1(line[:COMPARED])
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
