"""What a CSV import says of the referential itself, in its own file or in columns of the competencies."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from assessments.importing.case import terms
from assessments.importing.csv_pair.columns import is_document_field
from assessments.importing.csv_pair.tables import Row, Table
from assessments.importing.problems import MAX_CODE, MAX_TITLE, MAX_URI, Problem
from assessments.importing.records import STATUSES, ReferentialRecord

_PREFIX = "document_"


def read_document(
    referential: Table | None, competencies: Table, now: datetime, problems: list[Problem]
) -> ReferentialRecord | None:
    """The record without its parts; None when a title is missing or an identifier unusable (noted)."""
    values = _vertical(referential, problems) if referential else _leading(competencies, problems)
    language = terms.text_key(values.text("language", MAX_CODE) or "en")
    titles = values.texts("title", language, MAX_TITLE)
    if not titles:
        problems.append(Problem(values.file, "missing-document"))
        return None
    creator = values.text("creator", MAX_TITLE)
    otherwise = str(uuid5(NAMESPACE_URL, f"referential/{creator}/{terms.in_own_language(titles, language)}"))
    identifier = values.text("identifier", MAX_CODE) or otherwise
    if terms.as_uuid(identifier) is None:
        values.note("identifier", "bad-identifier", {"identifier": identifier[:60]})
        return None
    return ReferentialRecord(
        identifier=identifier.lower(),
        titles=titles,
        creator=creator,
        description=values.texts("description", language),
        language=values.text("language", MAX_CODE) or "en",
        adoption_status=_status(values),
        last_change=_last_change(values, now),
        version=values.text("version", MAX_CODE),
        publisher=values.text("publisher", MAX_TITLE),
        licence_title=values.text("licence_title", MAX_TITLE),
        licence_url=values.text("licence_url", MAX_URI),
        official_source_url=values.text("official_source_url", MAX_URI),
        notes=values.text("notes"),
    )


class _Values(Row):
    """One row made of many: each field remembers the place it was written in."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__(file, 1, {}, problems)
        self.places: dict[str, str] = {}

    def where(self, column: str = "") -> str:
        return self.places.get(column, self.file)

    def take(self, name: str, text: str, where: str) -> None:
        if not is_document_field(name):
            self.problems.append(Problem(where, "unknown-field", {"field": name[:60]}))
        elif self.cells.setdefault(name, text) != text:
            first: dict[str, Any] = {"first": self.places[name]}
            self.problems.append(Problem(where, "conflicting-cells", first))
        else:
            self.places.setdefault(name, where)


def _vertical(table: Table, problems: list[Problem]) -> _Values:
    values = _Values(table.name, problems)
    for row in table.rows:
        name = row.text("field").strip().lower().replace("-", "_").replace(" ", "_")
        if row.text("value"):
            values.take(name, row.text("value"), row.where())
    return values


def _leading(table: Table, problems: list[Problem]) -> _Values:
    values = _Values(table.name, problems)
    for row in table.rows:
        for column, text in row.cells.items():
            if column.startswith(_PREFIX):
                values.take(column.removeprefix(_PREFIX), text, row.where(column))
    return values


def _status(values: _Values) -> str:
    written = values.text("adoption_status", MAX_CODE).lower() or "draft"
    if written not in STATUSES:
        values.note("adoption_status", "unknown-status", {"status": written[:60]})
        return "draft"
    return written


def _last_change(values: _Values, now: datetime) -> datetime:
    written = values.text("last_change", MAX_CODE)
    if not written:
        return now.astimezone(UTC)
    found = terms.moment(written)
    if found is None:
        values.note("last_change", "bad-date", {"text": written[:60]})
        return now.astimezone(UTC)
    return found
