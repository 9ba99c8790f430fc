"""The rubrics of a CASE package, levels ascending with quality whichever way they were written."""

from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

from assessments.importing.case import terms
from assessments.importing.case.fields import Fields, Reading
from assessments.importing.problems import MAX_CODE, MAX_TITLE
from assessments.importing.records import CriterionRecord, LevelRecord, ReferentialRecord, RubricRecord

_T = TypeVar("_T", LevelRecord, CriterionRecord)


def read_rubrics(
    written: list[Fields], record: ReferentialRecord, reading: Reading
) -> tuple[RubricRecord, ...]:
    """Every rubric of the package; ``record`` has the competencies that criteria point to."""
    names = terms.Names(record, reading.base)
    return tuple(_rubric(fields, index, names, reading) for index, fields in enumerate(written, 1))


def _rubric(fields: Fields, index: int, names: terms.Names, reading: Reading) -> RubricRecord:
    identifier = fields.identifier(terms.derived(reading.document, "rubric", str(index)))
    owner = terms.as_uuid(identifier) or reading.document
    language = terms.text_key(reading.language)
    criteria = [
        _criterion(criterion, owner, place, names, reading)
        for place, criterion in enumerate(fields.items("CFRubricCriteria"), 1)
    ]
    return RubricRecord(
        identifier=identifier,
        titles=fields.texts("title", language, MAX_TITLE),
        descriptions=fields.texts("description", language),
        criteria=tuple(
            replace(criterion, position=place) for place, criterion in enumerate(_by_position(criteria), 1)
        ),
        extra=fields.rest_of_node("CFRubrics", identifier),
    )


def _criterion(
    fields: Fields, rubric: str, place: int, names: terms.Names, reading: Reading
) -> tuple[int | None, CriterionRecord]:
    identifier = fields.identifier(terms.derived(rubric, "criterion", str(place)))
    owner = terms.as_uuid(identifier) or rubric
    language = terms.text_key(reading.language)
    position = fields.integer("position")
    link = fields.link("CFItemURI")
    levels = [
        _level(level, owner, level_place, language)
        for level_place, level in enumerate(fields.items("CFRubricCriterionLevels"), 1)
    ]
    _drop_back_link(fields, "rubricId", rubric)
    criterion = CriterionRecord(
        identifier=identifier,
        code=fields.ours("code")[:MAX_CODE].strip() or f"C{place}",
        titles=fields.texts("category", language),
        descriptions=fields.texts("description", language),
        competency=link.identifier or link.uri or None,
        weight=fields.number("weight"),
        levels=_ascending(levels),
        extra=fields.rest_of_node("CFRubricCriteria", identifier)
        | _kept_link(link.raw, link.identifier, names),
    )
    return position, criterion


def _kept_link(raw: Any, identifier: str, names: terms.Names) -> dict[str, Any]:
    if raw is None or (identifier in names and raw == names.link(identifier)):
        return {}
    return {"CFItemURI": raw}


def _level(fields: Fields, criterion: str, place: int, language: str) -> tuple[int | None, LevelRecord]:
    identifier = fields.identifier(terms.derived(criterion, "level", str(place)))
    position = fields.integer("position")
    _drop_back_link(fields, "rubricCriterionId", criterion)
    level = LevelRecord(
        identifier=identifier,
        qualities=fields.texts("quality", language),
        descriptions=fields.texts("description", language),
        points=fields.number("score"),
        feedbacks=fields.texts("feedback", language),
        extra=fields.rest_of_node("CFRubricCriterionLevels", identifier),
    )
    return position, level


def _drop_back_link(fields: Fields, key: str, owner: str) -> None:
    """A child's link to the parent it is nested in says nothing; one that says something else is kept."""
    if terms.identifier_in(fields.text_left(key)) == owner:
        fields.raw(key)


def _ascending(levels: list[tuple[int | None, LevelRecord]]) -> tuple[LevelRecord, ...]:
    """Best last. CASE does not say which way positions run: levels whose points fall are turned round."""
    ordered = _by_position(levels)
    points = [level.points for level in ordered if level.points is not None]
    falling = all(left >= right for left, right in pairwise(points))
    if len(points) == len(ordered) and falling and points and points[0] > points[-1]:
        ordered.reverse()
    return tuple(replace(level, position=place) for place, level in enumerate(ordered, 1))


def _by_position(numbered: list[tuple[int | None, _T]]) -> list[_T]:
    return [
        item
        for _position, item in sorted(numbered, key=lambda pair: float("inf") if pair[0] is None else pair[0])
    ]
