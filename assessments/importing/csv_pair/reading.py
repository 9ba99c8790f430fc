"""The CSV pair (competencies, rubric), read into a record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from assessments.importing.case import terms
from assessments.importing.case.tree import in_tree_order
from assessments.importing.csv_pair import columns
from assessments.importing.csv_pair.document import read_document
from assessments.importing.csv_pair.rubric import read_rubric
from assessments.importing.csv_pair.tables import Row, Table, read_table
from assessments.importing.problems import (
    MAX_CODE,
    MAX_COMPETENCIES,
    MAX_TEXT,
    MAX_TITLE,
    MAX_URI,
    Problem,
    Read,
    RefusedError,
    first,
)
from assessments.importing.records import AssociationRecord, CompetencyRecord, ReferentialRecord


def read_csv(files: Mapping[str, bytes], now: datetime | None = None) -> Read:
    """The referential in the tables. A table is known by its columns, not by its name.

    ``now`` is the time of change when the files give none.
    """
    problems: list[Problem] = []
    try:
        tables = _tables(files, problems)
    except RefusedError as refusal:
        return Read(None, (*problems, refusal.problem))
    places: dict[str, str] = {}
    record = read_document(
        tables.get("referential"), tables["competencies"], now or datetime.now(UTC), problems
    )
    if record is None:
        return Read(None, first(problems))
    places[record.identifier] = tables["referential" if "referential" in tables else "competencies"].name
    record = _Competencies(record, problems, places).read(tables["competencies"])
    if "rubric" in tables:
        record = replace(record, rubrics=read_rubric(tables["rubric"], record, problems, places))
    return Read(None if problems else record, first(problems), places)


def _tables(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for name, data in files.items():
        table = read_table(name, data, problems)
        kind = columns.role(table)
        if not kind:
            raise RefusedError(name, "unknown-table")
        if kind in found:
            raise RefusedError(name, "repeated-table", {"first": found[kind].name})
        problems.extend(columns.unknown(table, kind))
        found[kind] = table
    if "competencies" not in found:
        raise RefusedError(", ".join(sorted(files)), "missing-competencies")
    if not found["competencies"].rows:
        raise RefusedError(found["competencies"].name, "no-competencies")
    if len(found["competencies"].rows) > MAX_COMPETENCIES:
        raise RefusedError(found["competencies"].name, "too-many", {"limit": MAX_COMPETENCIES})
    return found


class _Competencies:
    """The rows of competencies.csv, first each by itself, then what they say of each other."""

    def __init__(self, record: ReferentialRecord, problems: list[Problem], places: dict[str, str]) -> None:
        self.record = record
        self.problems = problems
        self.places = places
        self.language = terms.text_key(record.language)
        self.by_name: dict[str, str] = {}

    def read(self, table: Table) -> ReferentialRecord:
        items = [(row, self.competency(row)) for row in table.rows]
        placed = [replace(item, parent=self.parent(row)) for row, item in items]
        sequences = {item.identifier: row.integer("position") for row, item in items}
        numbers = columns.alignments(table.columns)
        associations = [
            found for row, item in items for number in numbers if (found := self.alignment(row, item, number))
        ]
        unique = list({item.identifier: item for item in reversed(placed)}.values())[::-1]
        return replace(
            self.record,
            competencies=in_tree_order(unique, sequences),
            associations=tuple(associations),
        )

    def competency(self, row: Row) -> CompetencyRecord:
        code = row.text("code", MAX_CODE)
        written = row.text("identifier", MAX_CODE)
        if not code and not written:
            row.note("code", "missing", {"field": "code"})
        if written and terms.as_uuid(written) is None:
            row.note("identifier", "bad-identifier", {"identifier": written[:60]})
        identifier = terms.as_uuid(written) or terms.derived(self.record.identifier, "competency", code)
        if identifier in self.places:
            values: dict[str, str | int] = {
                "identifier": code or identifier,
                "first": self.places[identifier],
            }
            row.note("identifier" if written else "code", "repeated-identifier", values)
        self.places.setdefault(identifier, row.where())
        for name in filter(None, (code, identifier)):
            self.by_name.setdefault(name, identifier)
        language = row.text("language", MAX_CODE)
        key = terms.text_key(language) if language else self.language
        titles = row.texts("title", key)
        if not titles:
            row.note(f"title_{key}", "missing", {"field": f"title_{key}"})
        levels = (word.strip() for word in row.text("education_levels", MAX_TITLE).split("|"))
        return CompetencyRecord(
            identifier=identifier,
            human_code=code,
            full_statement=titles,
            abbreviated=row.texts("short", key),
            type=row.text("type", MAX_CODE),
            language=language,
            education_levels=tuple(filter(None, levels)),
            notes=row.text("notes", MAX_TEXT),
            list_enumeration=row.text("list_enumeration", MAX_CODE),
        )

    def parent(self, row: Row) -> str | None:
        written = row.text("parent", MAX_CODE)
        if not written:
            return None
        if written not in self.by_name:
            row.note("parent", "unknown-code", {"code": written})
        return self.by_name.get(written)

    def alignment(self, row: Row, origin: CompetencyRecord, number: int) -> AssociationRecord | None:
        """A relation to a node elsewhere (it has a URI) or to a competency of the file (it has a code)."""
        group = f"alignment_{number}_"
        code, uri = row.text(f"{group}code", MAX_CODE), row.text(f"{group}uri", MAX_URI)
        title = row.text(f"{group}title", MAX_TITLE)
        kind = row.text(f"{group}type", MAX_CODE)
        if not (code or uri or title or kind):
            return None
        if not uri and code not in self.by_name:
            row.note(f"{group}uri", "alignment-without-uri", {"code": code or title or kind})
            return None
        destination = code if uri else self.by_name[code]
        kind = terms.association_type(kind or "isRelatedTo")
        identifier = row.text(f"{group}identifier", MAX_CODE)
        if identifier and terms.as_uuid(identifier) is None:
            row.note(f"{group}identifier", "bad-identifier", {"identifier": identifier[:60]})
        otherwise = terms.derived(self.record.identifier, kind, origin.identifier, destination or uri)
        found = AssociationRecord(
            identifier=terms.as_uuid(identifier) or otherwise,
            type=kind,
            origin_identifier=origin.identifier,
            destination_identifier=destination,
            destination_uri=uri,
            destination_title=title,
        )
        self.places.setdefault(found.identifier, row.where(f"{group}code"))
        return found
