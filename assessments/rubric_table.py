"""Lay a rubric out for reading: its criteria, levels, what is required and what was reached."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.models import Achievement, Criterion, Level


@dataclass(frozen=True)
class Result:
    """What a decision says of one criterion."""

    level: uuid.UUID | None
    comment: str


@dataclass(frozen=True)
class LevelCell:
    quality: str
    description: str
    points: int | Decimal | None
    required: bool
    achieved: bool


@dataclass(frozen=True)
class CriterionRow:
    """``passed`` is None as long as nothing was decided, or when no level is required."""

    code: str
    title: str
    description: str
    weight: int | Decimal | None
    levels: list[LevelCell]
    comment: str = ""
    passed: bool | None = None

    @property
    def achieved(self) -> LevelCell | None:
        return next((level for level in self.levels if level.achieved), None)

    @property
    def required(self) -> LevelCell | None:
        return next((level for level in self.levels if level.required), None)


def read_results(results: Iterable[Mapping[str, Any]]) -> dict[uuid.UUID, Result]:
    """The results that a decision froze, by criterion id."""
    return {
        uuid.UUID(row["criterion"]): Result(
            level=uuid.UUID(row["level"]) if row["level"] else None, comment=row["comment"]
        )
        for row in results
    }


def rubric_table(
    achievement: Achievement, results: Mapping[uuid.UUID, Result] | None = None
) -> list[CriterionRow]:
    """One row a criterion, with the levels from the lowest to the highest."""
    results = results or {}
    required = achievement.required_by_criterion
    return [
        _row(criterion, required.get(criterion.pk), results.get(criterion.pk))
        for criterion in achievement.criteria
    ]


def rubric_rows(criteria: Iterable[Criterion]) -> list[CriterionRow]:
    """The same for a rubric by itself, of which nobody requires a level yet."""
    return [_row(criterion, None, None) for criterion in criteria]


def _row(criterion: Criterion, required: uuid.UUID | None, result: Result | None) -> CriterionRow:
    levels = list(criterion.levels.all())
    positions = {level.pk: level.position for level in levels}
    passed = None
    if result is not None and required is not None:
        passed = result.level is not None and positions[result.level] >= positions[required]
    return CriterionRow(
        code=criterion.code,
        title=criterion.title or criterion.description,
        description=criterion.description,
        weight=plain(criterion.weight),
        levels=[_cell(level, required, result) for level in levels],
        comment=result.comment if result else "",
        passed=passed,
    )


def _cell(level: Level, required: uuid.UUID | None, result: Result | None) -> LevelCell:
    return LevelCell(
        quality=level.quality,
        description=level.description,
        points=plain(level.points),
        required=level.pk == required,
        achieved=result is not None and level.pk == result.level,
    )


def plain(number: Decimal | None) -> int | Decimal | None:
    """Without the zeros that a column adds: 2.0000 is 2 and 1.5000 is 1.5."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else number.normalize()
