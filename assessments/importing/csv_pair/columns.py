"""The columns of the CSV pair; docs/referentials.md explains each."""

import re

from assessments.importing.csv_pair.tables import Table
from assessments.importing.problems import Problem

DOCUMENT_FIELDS = (
    "identifier",
    "version",
    "language",
    "adoption_status",
    "creator",
    "publisher",
    "licence_title",
    "licence_url",
    "official_source_url",
    "notes",
    "last_change",
)
DOCUMENT_TEXTS = ("title", "description")

COMPETENCY_FIELDS = (
    "identifier",
    "code",
    "parent",
    "position",
    "type",
    "list_enumeration",
    "education_levels",
    "language",
    "notes",
)
COMPETENCY_TEXTS = ("title", "short")
ALIGNMENT_FIELDS = ("type", "code", "title", "uri", "identifier")

RUBRIC_FIELDS = (
    "rubric",
    "rubric_identifier",
    "criterion",
    "criterion_identifier",
    "competency",
    "weight",
    "level",
    "level_identifier",
    "points",
)
RUBRIC_TEXTS = (
    "rubric_title",
    "rubric_description",
    "criterion_title",
    "criterion_description",
    "quality",
    "description",
    "feedback",
)

_ALIGNMENT = re.compile(rf"alignment_(\d{{1,2}})_({'|'.join(ALIGNMENT_FIELDS)})")


def role(table: Table) -> str:
    """What a table is, by its columns: ``referential``, ``rubric``, ``competencies``, or ``""``."""
    columns = set(table.columns)
    if {"field", "value"} <= columns:
        return "referential"
    if {"criterion", "level"} <= columns:
        return "rubric"
    if columns & {"code", "identifier"} and any(_is_text(column, ("title",)) for column in columns):
        return "competencies"
    return ""


def unknown(table: Table, kind: str) -> list[Problem]:
    """A column nobody reads is most often a misspelt one."""
    return [
        Problem(f"{table.name}, column {column}", "unknown-column", {"column": column})
        for column in table.columns
        if not _is_known(column, kind)
    ]


def alignments(columns: tuple[str, ...]) -> list[int]:
    """The numbers of the alignment groups that a table has."""
    return sorted({int(match[1]) for column in columns if (match := _ALIGNMENT.fullmatch(column))})


def is_document_field(name: str) -> bool:
    return name in DOCUMENT_FIELDS or _is_text(name, DOCUMENT_TEXTS)


def _is_known(column: str, kind: str) -> bool:
    if kind == "referential":
        return column in ("field", "value")
    if kind == "rubric":
        return column in RUBRIC_FIELDS or _is_text(column, RUBRIC_TEXTS)
    return (
        column in COMPETENCY_FIELDS
        or _is_text(column, COMPETENCY_TEXTS)
        or _ALIGNMENT.fullmatch(column) is not None
        or (column.startswith("document_") and is_document_field(column.removeprefix("document_")))
    )


def _is_text(column: str, names: tuple[str, ...]) -> bool:
    return column in names or (column[:-3] in names and re.fullmatch(r"_[a-z]{2}", column[-3:]) is not None)
