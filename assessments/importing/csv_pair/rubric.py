"""The rows of rubric.csv, one a level, gathered into rubrics and criteria."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.importing.case import terms
from assessments.importing.csv_pair.tables import Row, Table
from assessments.importing.problems import MAX_CODE, MAX_TEXT, MAX_TITLE, Problem
from assessments.importing.records import CriterionRecord, LevelRecord, ReferentialRecord, RubricRecord


def read_rubric(
    table: Table, record: ReferentialRecord, problems: list[Problem], places: dict[str, str]
) -> tuple[RubricRecord, ...]:
    """The rubrics of the file, in the order in which each first appears; criteria likewise."""
    codes = {
        name: item.identifier
        for item in record.competencies
        for name in (item.identifier, item.human_code)
        if name
    }
    reader = _Rubrics(record, codes, places)
    groups: dict[str, dict[str, list[Row]]] = {}
    for row in table.rows:
        code = row.text("criterion", MAX_CODE)
        if not code:
            row.note("criterion", "missing", {"field": "criterion"})
        else:
            groups.setdefault(row.text("rubric", MAX_CODE) or "1", {}).setdefault(code, []).append(row)
    return tuple(reader.rubric(name, criteria) for name, criteria in groups.items())


@dataclass
class _Gathered:
    """What several rows say of one thing: each field once, or the same every time, or empty."""

    rows: list[Row]
    firsts: dict[str, Row] = field(default_factory=dict)

    def text(self, column: str, limit: int) -> str:
        found = ""
        for row in self.rows:
            if text := row.text(column, limit):
                self.agree(column, row, found, text)
                found = found or text
        return found

    def texts(self, name: str, language: str, limit: int = MAX_TEXT) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self.rows:
            for code, text in row.texts(name, language, limit).items():
                self.agree(f"{name}_{code}", row, found.get(code, ""), text)
                found.setdefault(code, text)
        return found

    def agree(self, column: str, row: Row, known: str, text: str) -> None:
        if known and known != text:
            row.note(column, "conflicting-cells", {"first": self.firsts[column].where()})
        self.firsts.setdefault(column, row)


class _Rubrics:
    def __init__(self, record: ReferentialRecord, codes: Mapping[str, str], places: dict[str, str]) -> None:
        self.document = record.identifier
        self.language = terms.text_key(record.language)
        self.codes = codes
        self.places = places

    def rubric(self, name: str, criteria: dict[str, list[Row]]) -> RubricRecord:
        together = _Gathered([row for rows in criteria.values() for row in rows])
        otherwise = terms.derived(self.document, "rubric", name)
        identifier = self.identifier(together, "rubric_identifier", otherwise)
        return RubricRecord(
            identifier=identifier,
            titles=together.texts("rubric_title", self.language, MAX_TITLE),
            descriptions=together.texts("rubric_description", self.language),
            criteria=tuple(
                self.criterion(identifier, code, position, _Gathered(rows))
                for position, (code, rows) in enumerate(criteria.items(), 1)
            ),
        )

    def criterion(self, rubric: str, code: str, position: int, rows: _Gathered) -> CriterionRecord:
        identifier = self.identifier(rows, "criterion_identifier", terms.derived(rubric, "criterion", code))
        competency = rows.text("competency", MAX_CODE)
        if competency and competency not in self.codes:
            rows.firsts["competency"].note("competency", "unknown-code", {"code": competency})
        rows.text("weight", MAX_CODE)
        weighing = rows.firsts.get("weight")
        return CriterionRecord(
            identifier=identifier,
            code=code,
            titles=rows.texts("criterion_title", self.language, MAX_TITLE),
            descriptions=rows.texts("criterion_description", self.language),
            competency=self.codes.get(competency),
            weight=weighing.number("weight") if weighing else None,
            position=position,
            levels=self.levels(identifier, rows.rows),
        )

    def levels(self, criterion: str, rows: list[Row]) -> tuple[LevelRecord, ...]:
        """Levels by their number, which is checked to be written once; without numbers, as they come."""
        numbered: dict[int, Row] = {}
        for place, row in enumerate(rows, 1):
            number = row.integer("level")
            number = place if number is None else number
            if number in numbered:
                row.note("level", "repeated-level", {"level": number, "first": numbered[number].where()})
            numbered.setdefault(number, row)
        return tuple(
            self.level(criterion, position, number, row)
            for position, (number, row) in enumerate(sorted(numbered.items()), 1)
        )

    def level(self, criterion: str, position: int, number: int, row: Row) -> LevelRecord:
        otherwise = terms.derived(criterion, "level", str(number))
        return LevelRecord(
            identifier=self.identifier(_Gathered([row]), "level_identifier", otherwise),
            qualities=row.texts("quality", self.language, MAX_TITLE),
            descriptions=row.texts("description", self.language),
            points=row.number("points"),
            feedbacks=row.texts("feedback", self.language),
            position=position,
        )

    def identifier(self, rows: _Gathered, column: str, otherwise: str) -> str:
        written = rows.text(column, MAX_CODE)
        first = rows.rows[0]
        if written and terms.as_uuid(written) is None:
            rows.firsts[column].note(column, "bad-identifier", {"identifier": written[:60]})
        found = terms.as_uuid(written) or otherwise
        if found in self.places:
            values: dict[str, str | int] = {"identifier": found, "first": self.places[found]}
            first.note(column, "repeated-identifier", values)
        self.places.setdefault(found, first.where())
        return found
