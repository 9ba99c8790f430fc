"""A record, written as the CSV pair and its document sheet."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from assessments.importing.case import terms
from assessments.importing.csv_pair.tables import escaped
from assessments.importing.records import (
    AssociationRecord,
    CompetencyRecord,
    CriterionRecord,
    LevelRecord,
    ReferentialRecord,
    RubricRecord,
    Texts,
)

Cells = dict[str, str]


def write_csv(record: ReferentialRecord) -> dict[str, bytes]:
    """``referential.csv``, ``competencies.csv`` and ``rubric.csv``: UTF-8 with a mark, semicolons,
    CRLF lines, which is what spreadsheets in French and Dutch open at a double click.

    The tables do not hold what only CASE has: ``extra``, groupings and sequences of associations, and
    associations that start elsewhere than in a competency.
    """
    files = {"referential.csv": _file(_document(record)), "competencies.csv": _file(_competencies(record))}
    if record.rubrics:
        files["rubric.csv"] = _file(_rubrics(record))
    return files


def _document(record: ReferentialRecord) -> list[Cells]:
    fields: Cells = {
        "identifier": record.identifier,
        "version": record.version,
        "language": record.language,
        "adoption_status": record.adoption_status,
        **_texts("title", record.titles),
        **_texts("description", record.description),
        "creator": record.creator,
        "publisher": record.publisher,
        "licence_title": record.licence_title,
        "licence_url": record.licence_url,
        "official_source_url": record.official_source_url,
        "notes": record.notes,
        "last_change": terms.iso(record.last_change),
    }
    return [{"field": name, "value": value} for name, value in fields.items() if value]


def _competencies(record: ReferentialRecord) -> list[Cells]:
    names = {item.identifier: item.human_code or item.identifier for item in record.competencies}
    relations: dict[str, list[AssociationRecord]] = {}
    for association in record.associations:
        relations.setdefault(association.origin_identifier, []).append(association)
    return [
        _competency(record, item, names)
        | _alignments(record, item, relations.get(item.identifier, []), names)
        for item in record.competencies
    ]


def _competency(record: ReferentialRecord, item: CompetencyRecord, names: dict[str, str]) -> Cells:
    derived = terms.derived(record.identifier, "competency", item.human_code)
    return {
        "code": item.human_code,
        "identifier": "" if item.identifier == derived and item.human_code else item.identifier,
        "parent": names.get(item.parent or "", ""),
        "type": item.type,
        **_texts("title", item.full_statement),
        **_texts("short", item.abbreviated),
        "list_enumeration": item.list_enumeration,
        "education_levels": "|".join(item.education_levels),
        "language": item.language,
        "notes": item.notes,
    }


def _alignments(
    record: ReferentialRecord,
    item: CompetencyRecord,
    relations: list[AssociationRecord],
    names: dict[str, str],
) -> Cells:
    cells: Cells = {}
    for number, relation in enumerate(relations, 1):
        destination = relation.destination_identifier
        derived = terms.derived(
            record.identifier, relation.type, item.identifier, destination or relation.destination_uri
        )
        cells |= {
            f"alignment_{number}_type": relation.type,
            f"alignment_{number}_code": destination
            if relation.destination_uri
            else names.get(destination, destination),
            f"alignment_{number}_title": relation.destination_title,
            f"alignment_{number}_uri": relation.destination_uri,
            f"alignment_{number}_identifier": "" if relation.identifier == derived else relation.identifier,
        }
    return cells


def _rubrics(record: ReferentialRecord) -> list[Cells]:
    names = {item.identifier: item.human_code or item.identifier for item in record.competencies}
    return [
        _rubric(record, rubric, str(number)) | _criterion(rubric, criterion, names) | _level(criterion, level)
        for number, rubric in enumerate(record.rubrics, 1)
        for criterion in rubric.criteria
        for level in criterion.levels
    ]


def _rubric(record: ReferentialRecord, rubric: RubricRecord, name: str) -> Cells:
    derived = terms.derived(record.identifier, "rubric", name)
    return {
        "rubric": name,
        "rubric_identifier": "" if rubric.identifier == derived else rubric.identifier,
        **_texts("rubric_title", rubric.titles),
        **_texts("rubric_description", rubric.descriptions),
    }


def _criterion(rubric: RubricRecord, criterion: CriterionRecord, names: dict[str, str]) -> Cells:
    derived = terms.derived(rubric.identifier, "criterion", criterion.code)
    return {
        "criterion": criterion.code,
        "criterion_identifier": "" if criterion.identifier == derived else criterion.identifier,
        "competency": names.get(criterion.competency or "", ""),
        **_texts("criterion_title", criterion.titles),
        **_texts("criterion_description", criterion.descriptions),
        "weight": _number(criterion.weight),
    }


def _level(criterion: CriterionRecord, level: LevelRecord) -> Cells:
    derived = terms.derived(criterion.identifier, "level", str(level.position))
    return {
        "level": str(level.position),
        "level_identifier": "" if level.identifier == derived else level.identifier,
        "points": _number(level.points),
        **_texts("quality", level.qualities),
        **_texts("description", level.descriptions),
        **_texts("feedback", level.feedbacks),
    }


def _texts(name: str, texts: Texts) -> Cells:
    return {f"{name}_{language}": text for language, text in sorted(texts.items())}


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def _file(rows: Iterable[Cells]) -> bytes:
    """The rows under the columns that any of them fills, each near the columns it came beside."""
    rows = list(rows)
    used = {column for row in rows for column, cell in row.items() if cell}
    columns = list(dict.fromkeys(column for row in rows for column in row if column in used))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, columns, restval="", extrasaction="ignore", delimiter=";", lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows({column: escaped(cell) for column, cell in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")
