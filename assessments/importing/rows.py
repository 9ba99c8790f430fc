"""Turn a referential's records into rows, and rows back into records."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from assessments.importing.records import (
    AssociationRecord,
    CompetencyRecord,
    CriterionRecord,
    LevelRecord,
    ReferentialRecord,
    RubricRecord,
)
from assessments.models import Association, Competency, Criterion, Level, Referential, Rubric

BATCH = 500


def content_digest(record: ReferentialRecord) -> str:
    """SHA-256 over everything a record says, except its status, which adopting changes, and its time of
    change, which tables without one take from the clock.
    """
    content = asdict(replace(record, adoption_status="")) | {"last_change": ""}
    canonical = json.dumps(content, sort_keys=True, default=_canonical, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: object) -> str:
    """A number as it is, not as its column pads it: 1.500000 is 1.5."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def document_fields(record: ReferentialRecord) -> dict[str, Any]:
    """The columns of Referential that come from the record."""
    return {
        "identifier": uuid.UUID(record.identifier),
        "titles": dict(record.titles),
        "descriptions": dict(record.description),
        "language": record.language,
        "adoption_status": record.adoption_status,
        "licence_title": record.licence_title,
        "licence_url": record.licence_url,
        "creator": record.creator,
        "publisher": record.publisher,
        "official_source_url": record.official_source_url,
        "notes": record.notes,
        "last_change": record.last_change,
        "case_version": record.case_version,
        "extra": {"version": record.version, "package": dict(record.extra)},
        "content_digest": content_digest(record),
    }


def write_content(referential: Referential, record: ReferentialRecord) -> None:
    """Write competencies, associations and rubrics under a referential that has none yet."""
    competencies = _write_competencies(referential, record.competencies)
    Association.objects.bulk_create(
        (
            _association(referential, one, position, competencies)
            for position, one in enumerate(record.associations)
        ),
        batch_size=BATCH,
    )
    for position, rubric in enumerate(record.rubrics):
        _write_rubric(referential, rubric, position, competencies)


def read_record(referential: Referential) -> ReferentialRecord:
    """The record that was imported, as it can be exported and imported again."""
    competencies = list(referential.competencies.order_by("order"))
    identifiers = {row.pk: str(row.identifier) for row in competencies}
    return replace(
        read_document(referential),
        competencies=tuple(_competency_record(row, identifiers) for row in competencies),
        associations=tuple(_association_record(row) for row in referential.associations.order_by("position")),
        rubrics=tuple(
            _rubric_record(row, identifiers)
            for row in referential.rubrics.order_by("position").prefetch_related("criteria__levels")
        ),
    )


def read_document(referential: Referential) -> ReferentialRecord:
    """What the document says of itself, without competencies, associations and rubrics; asks no query.

    The version is the one that the file named, without the ``+2`` that tells two contents of it apart here.
    """
    return ReferentialRecord(
        identifier=str(referential.identifier),
        version=referential.extra.get("version", referential.version),
        titles=referential.titles,
        last_change=referential.last_change,
        description=referential.descriptions,
        language=referential.language,
        adoption_status=referential.adoption_status,
        licence_title=referential.licence_title,
        licence_url=referential.licence_url,
        creator=referential.creator,
        publisher=referential.publisher,
        official_source_url=referential.official_source_url,
        notes=referential.notes,
        case_version=referential.case_version,
        extra=referential.extra.get("package", {}),
    )


def read_competency(row: Competency) -> CompetencyRecord:
    """One competency by itself, outside the tree."""
    return replace(_competency_record(row, {row.parent_id: ""} if row.parent_id else {}), parent=None)


# --- Competencies and associations -------------------------------------------------------------------


def _write_competencies(
    referential: Referential, records: Iterable[CompetencyRecord]
) -> Mapping[str, Competency]:
    rows: dict[str, Competency] = {}
    for order, record in enumerate(records):
        rows[record.identifier] = Competency(
            referential=referential,
            identifier=uuid.UUID(record.identifier),
            human_code=record.human_code,
            full_statements=dict(record.full_statement),
            abbreviated_statements=dict(record.abbreviated),
            type=record.type,
            language=record.language,
            enumeration=record.list_enumeration,
            education_levels=list(record.education_levels),
            parent=rows[record.parent] if record.parent else None,
            position=record.position,
            notes=record.notes,
            order=order,
            extra=dict(record.extra),
        )
    Competency.objects.bulk_create(rows.values(), batch_size=BATCH)
    return rows


def _competency_record(row: Competency, identifiers: Mapping[uuid.UUID, str]) -> CompetencyRecord:
    return CompetencyRecord(
        identifier=str(row.identifier),
        human_code=row.human_code,
        full_statement=row.full_statements,
        abbreviated=row.abbreviated_statements,
        type=row.type,
        language=row.language,
        education_levels=tuple(row.education_levels),
        parent=identifiers[row.parent_id] if row.parent_id else None,
        position=row.position,
        notes=row.notes,
        list_enumeration=row.enumeration,
        extra=row.extra,
    )


def _association(
    referential: Referential, record: AssociationRecord, position: int, competencies: Mapping[str, Competency]
) -> Association:
    return Association(
        referential=referential,
        identifier=uuid.UUID(record.identifier),
        type=record.type,
        origin_identifier=record.origin_identifier,
        origin_uri=record.origin_uri,
        origin_title=record.origin_title,
        destination_identifier=record.destination_identifier,
        destination_uri=record.destination_uri,
        destination_title=record.destination_title,
        sequence=record.sequence,
        grouping=record.grouping,
        position=position,
        competency=competencies.get(record.origin_identifier),
        destination=competencies.get(record.destination_identifier),
        extra=dict(record.extra),
    )


def _association_record(row: Association) -> AssociationRecord:
    return AssociationRecord(
        identifier=str(row.identifier),
        type=row.type,
        origin_identifier=row.origin_identifier,
        origin_uri=row.origin_uri,
        origin_title=row.origin_title,
        destination_identifier=row.destination_identifier,
        destination_uri=row.destination_uri,
        destination_title=row.destination_title,
        sequence=row.sequence,
        grouping=row.grouping,
        extra=row.extra,
    )


# --- Rubrics -----------------------------------------------------------------------------------------


def _write_rubric(
    referential: Referential, record: RubricRecord, position: int, competencies: Mapping[str, Competency]
) -> None:
    rubric = Rubric.objects.create(
        referential=referential,
        identifier=uuid.UUID(record.identifier),
        titles=dict(record.titles),
        descriptions=dict(record.descriptions),
        position=position,
        extra=dict(record.extra),
    )
    criteria = [_criterion(rubric, one, competencies) for one in record.criteria]
    Criterion.objects.bulk_create(criteria, batch_size=BATCH)
    Level.objects.bulk_create(
        (
            _level(row, level)
            for row, one in zip(criteria, record.criteria, strict=True)
            for level in one.levels
        ),
        batch_size=BATCH,
    )


def _criterion(rubric: Rubric, record: CriterionRecord, competencies: Mapping[str, Competency]) -> Criterion:
    return Criterion(
        rubric=rubric,
        identifier=uuid.UUID(record.identifier),
        code=record.code,
        titles=dict(record.titles),
        descriptions=dict(record.descriptions),
        competency=competencies[record.competency] if record.competency else None,
        weight=record.weight,
        position=record.position,
        extra=dict(record.extra),
    )


def _level(criterion: Criterion, record: LevelRecord) -> Level:
    return Level(
        criterion=criterion,
        identifier=uuid.UUID(record.identifier),
        qualities=dict(record.qualities),
        descriptions=dict(record.descriptions),
        feedbacks=dict(record.feedbacks),
        points=record.points,
        position=record.position,
        extra=dict(record.extra),
    )


def _rubric_record(row: Rubric, identifiers: Mapping[uuid.UUID, str]) -> RubricRecord:
    return RubricRecord(
        identifier=str(row.identifier),
        titles=row.titles,
        descriptions=row.descriptions,
        criteria=tuple(_criterion_record(one, identifiers) for one in row.criteria.all()),
        extra=row.extra,
    )


def _criterion_record(row: Criterion, identifiers: Mapping[uuid.UUID, str]) -> CriterionRecord:
    return CriterionRecord(
        identifier=str(row.identifier),
        code=row.code,
        titles=row.titles,
        descriptions=row.descriptions,
        competency=identifiers[row.competency_id] if row.competency_id else None,
        weight=row.weight,
        position=row.position,
        levels=tuple(
            LevelRecord(
                identifier=str(level.identifier),
                qualities=level.qualities,
                descriptions=level.descriptions,
                points=level.points,
                feedbacks=level.feedbacks,
                position=level.position,
                extra=level.extra,
            )
            for level in row.levels.all()
        ),
        extra=row.extra,
    )
