"""Match a piece of work with the assessor who takes it: who cannot and why, and whose turn it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Obstacle(StrEnum):
    """Why somebody does not get a piece of work; the first that holds is told."""

    OWN = "own"
    CONFLICT = "conflict"
    MARKED = "marked"
    UNCALIBRATED = "uncalibrated"
    SKIPPED = "skipped"
    LANGUAGE = "language"
    GROUP = "group"
    ABSENT = "absent"


# What nobody may lift. The others keep work from being shared out to somebody, but a person may assign it.
BINDING = frozenset({Obstacle.OWN, Obstacle.CONFLICT, Obstacle.MARKED, Obstacle.UNCALIBRATED})


@dataclass(frozen=True)
class Piece:
    """A piece of work: its learner, the language it is written in ("" unknown), the learner's group."""

    id: UUID
    learner: UUID
    achievement: UUID
    language: str = ""
    group: str = ""


@dataclass(frozen=True)
class Judge:
    """An assessor: ``share`` weighs against the others' (0: absent), ``open`` and ``done`` are their load.

    ``reads`` and ``groups`` name what they take: an empty ``reads`` means every language.
    """

    id: UUID
    share: int = 1
    groups: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    open: int = 0
    done: int = 0

    @property
    def load(self) -> int:
        return self.open + self.done

    def with_one_more(self) -> "Judge":
        return Judge(self.id, self.share, self.groups, self.reads, self.open + 1, self.done)


@dataclass(frozen=True)
class Bonds:
    """What binds people to work, as pairs with the assessor in second place.

    ``ties`` are with learners, ``uncalibrated`` with achievements, the others with pieces of work.
    """

    ties: frozenset[tuple[UUID, UUID]] = frozenset()
    withdrawn_from: frozenset[tuple[UUID, UUID]] = frozenset()
    marked: frozenset[tuple[UUID, UUID]] = frozenset()
    skipped: frozenset[tuple[UUID, UUID]] = frozenset()
    uncalibrated: frozenset[tuple[UUID, UUID]] = frozenset()


@dataclass(frozen=True)
class Rules:
    """``by_share`` weighs the load by each share, ``by_group`` gives each group to its own assessors."""

    by_share: bool = False
    by_group: bool = False


@dataclass(frozen=True)
class Match:
    """Who takes a piece of work; None with what stands in the way of each assessor."""

    piece: Piece
    judge: Judge | None
    obstacles: dict[UUID, Obstacle] = field(default_factory=dict)


def obstacle(piece: Piece, judge: Judge, bonds: Bonds, rules: Rules) -> Obstacle | None:
    """The first reason why ``judge`` does not get ``piece``, the binding ones first; None without any."""
    pair = (piece.id, judge.id)
    met = {
        Obstacle.OWN: piece.learner == judge.id,
        Obstacle.CONFLICT: (piece.learner, judge.id) in bonds.ties or pair in bonds.withdrawn_from,
        Obstacle.MARKED: pair in bonds.marked,
        Obstacle.UNCALIBRATED: (piece.achievement, judge.id) in bonds.uncalibrated,
        Obstacle.SKIPPED: pair in bonds.skipped,
        Obstacle.LANGUAGE: bool(judge.reads and piece.language and piece.language not in judge.reads),
        Obstacle.GROUP: rules.by_group and folded(piece.group) not in {folded(one) for one in judge.groups},
        Obstacle.ABSENT: judge.share == 0,
    }
    return next((one for one in Obstacle if met[one]), None)


def match(pieces: Sequence[Piece], judges: Iterable[Judge], bonds: Bonds, rules: Rules) -> list[Match]:
    """Share out ``pieces`` in their order, each to the least loaded of those whom nothing keeps from it.

    By share, the load counts in parts of the share: who has twice the share carries twice the work. Of
    several who carry the same, the one with least open work comes first, then the one of the lower id.
    """
    by_id = {judge.id: judge for judge in judges}
    matches = []
    for piece in pieces:
        obstacles = {}
        for judge in by_id.values():
            found = obstacle(piece, judge, bonds, rules)
            if found is not None:
                obstacles[judge.id] = found
        free = [judge for judge in by_id.values() if judge.id not in obstacles]
        chosen = min(free, key=lambda judge: _turn(judge, rules), default=None)
        if chosen is not None:
            by_id[chosen.id] = chosen.with_one_more()
        matches.append(Match(piece, chosen, obstacles))
    return matches


def folded(group: str) -> str:
    """A group as it is compared: neither capitals nor spaces around or between make another group of it."""
    return " ".join(group.split()).casefold()


def _turn(judge: Judge, rules: Rules) -> tuple[float, int, UUID]:
    weight = judge.share if rules.by_share else 1
    return ((judge.load + 1) / weight, judge.open, judge.id)
