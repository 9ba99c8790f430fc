"""Tell what changed between two readings of a configuration, rule by rule."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assessments.analysers.configurations.rules import Rule, Ruleset

Change = Literal["added", "removed", "changed", "moved", "default"]

# What makes a rule what it is: not its number, place and lines, nor the counter of its traffic.
FIELDS: Final = (
    *("action", "sources", "destinations", "services", "interfaces_in", "interfaces_out", "states"),
    *("conditions", "logging", "enabled", "target", "family", "direction", "name", "comment"),
)
# Fields that tell more of a rule's purpose weigh more when the most similar is sought.
_WEIGHTS: Final = {"sources": 3, "destinations": 3, "services": 3, "name": 2, "comment": 2, "action": 1}
_LEAST_LIKENESS: Final = 5
# Candidates that each removed rule is compared with.
_MOST_CANDIDATES: Final = 24


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One change in one scope; `fields` names what differs in a rule that was kept and changed.

    ``default`` has no rules: `fields` holds the two defaults, and a scope that is not there has ``absent``.
    """

    change: Change
    scope: str
    old: Rule | None = None
    new: Rule | None = None
    fields: tuple[str, ...] = ()


def difference(old: Ruleset, new: Ruleset) -> tuple[RuleChange, ...]:
    """What was added, removed, changed or moved from `old` to `new`, scope by scope in the order of `new`.

    Rules that are the same in all `FIELDS` are matched first; of the rest those of the same name and then the
    most similar are held to be one rule that changed. A rule moved when it stands on the other side of rules
    that stayed; the fewest that explain the new order are said to have moved.
    """
    found: list[RuleChange] = []
    before, after = _by_scope(old), _by_scope(new)
    defaults = {scope.name: scope.default for scope in old.scopes}
    later = {scope.name: scope.default for scope in new.scopes}
    for name in dict.fromkeys((*later, *after, *defaults, *before)):
        first, second = defaults.get(name, "absent"), later.get(name, "absent")
        if first != second:
            found.append(RuleChange("default", name, fields=(first, second)))
        found += _in_scope(name, before.get(name, []), after.get(name, []))
    return tuple(found)


def changed_fields(old: Rule, new: Rule) -> tuple[str, ...]:
    """The names of the fields in which two rules differ."""
    return tuple(
        name for name, one, other in zip(FIELDS, _identity(old), _identity(new), strict=True) if one != other
    )


def _by_scope(ruleset: Ruleset) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in ruleset.rules:
        found[rule.scope].append(rule)
    for rules in found.values():
        rules.sort(key=lambda rule: rule.order)
    return dict(found)


def _identity(rule: Rule) -> tuple[object, ...]:
    return tuple(getattr(rule, name) for name in FIELDS)


def _in_scope(name: str, old: list[Rule], new: list[Rule]) -> list[RuleChange]:
    pairs = _same(old, new)
    left_old = [at for at in range(len(old)) if at not in pairs]
    taken = set(pairs.values())
    left_new = [at for at in range(len(new)) if at not in taken]
    changed = _alike(old, new, left_old, left_new)
    moved = _moved(pairs | changed)
    gone = [at for at in left_old if at not in changed]
    came = set(left_new) - set(changed.values())
    back = {there: here for here, there in (pairs | changed).items()}
    found = [RuleChange("removed", name, old=old[at]) for at in gone]
    for at, rule in enumerate(new):
        if at in came:
            found.append(RuleChange("added", name, new=rule))
            continue
        here = back[at]
        if here in changed:
            found.append(RuleChange("changed", name, old[here], rule, changed_fields(old[here], rule)))
        if here in moved:
            found.append(RuleChange("moved", name, old[here], rule))
    return found


def _same(old: Sequence[Rule], new: Sequence[Rule]) -> dict[int, int]:
    """Old place → new place of the rules that did not change; equal ones in their order."""
    waiting: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at in range(len(new) - 1, -1, -1):
        waiting[_identity(new[at])].append(at)
    pairs = {}
    for at, rule in enumerate(old):
        places = waiting.get(_identity(rule))
        if places:
            pairs[at] = places.pop()
    return pairs


def _alike(
    old: Sequence[Rule], new: Sequence[Rule], left_old: list[int], left_new: list[int]
) -> dict[int, int]:
    """Old place → new place of the rules that changed: by a name only they have, then by likeness."""
    pairs = _by_name(old, new, left_old, left_new)
    free = set(left_new) - set(pairs.values())
    by_field: dict[tuple[str, object], list[int]] = defaultdict(list)
    for at in left_new:
        if at in free:
            for name in _WEIGHTS:
                by_field[name, getattr(new[at], name)].append(at)
    for at in left_old:
        if at in pairs:
            continue
        best = _most_alike(old[at], at, new, (by_field, left_new, free))
        if best is not None:
            pairs[at] = best
            free.discard(best)
    return pairs


def _by_name(
    old: Sequence[Rule], new: Sequence[Rule], left_old: list[int], left_new: list[int]
) -> dict[int, int]:
    counts = Counter(old[at].name for at in left_old), Counter(new[at].name for at in left_new)
    places = {new[at].name: at for at in left_new}
    return {
        at: places[old[at].name]
        for at in left_old
        if old[at].name and counts[0][old[at].name] == 1 == counts[1][old[at].name]
    }


def _most_alike(
    rule: Rule,
    at: int,
    new: Sequence[Rule],
    known: tuple[dict[tuple[str, object], list[int]], list[int], set[int]],
) -> int | None:
    """The free rule that shares most with `rule`, the nearest of several; None when none shares enough."""
    by_field, left_new, free = known
    candidates: dict[int, None] = {}
    for name in _WEIGHTS:
        places = by_field.get((name, getattr(rule, name)), [])
        candidates.update(dict.fromkeys(_near(places, at)))
    candidates.update(dict.fromkeys(_near(left_new, at)))
    best, score = None, (_LEAST_LIKENESS, 0)
    for place in candidates:
        if place in free:
            here = (_likeness(rule, new[place]), -abs(place - at))
            if here[0] >= _LEAST_LIKENESS and (best is None or here > score):
                best, score = place, here
    return best


def _near(places: list[int], at: int) -> Iterable[int]:
    middle = bisect_left(places, at)
    half = _MOST_CANDIDATES // 2
    return places[max(0, middle - half) : middle + half]


def _likeness(one: Rule, other: Rule) -> int:
    return sum(
        weight
        for name, weight in _WEIGHTS.items()
        if getattr(one, name) == getattr(other, name) and getattr(one, name) != ""
    )


def _moved(pairs: dict[int, int]) -> set[int]:
    """Old places outside a longest run of pairs that kept their order (patience, n log n)."""
    places = [pairs[at] for at in sorted(pairs)]
    tails: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        height = bisect_left(tails, place)
        before.append(holders[height - 1] if height else -1)
        tails[height : height + 1] = [place]
        holders[height : height + 1] = [at]
    kept = set()
    at = holders[-1] if holders else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return {old for at, old in enumerate(sorted(pairs)) if at not in kept}
