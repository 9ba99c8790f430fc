"""The tree that ``isChildOf`` associations draw, apart from the other associations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from assessments.importing.case import terms
from assessments.importing.case.fields import Fields, Link, Reading
from assessments.importing.problems import MAX_CODE
from assessments.importing.records import AssociationRecord, CompetencyRecord, ReferentialRecord


@dataclass(frozen=True)
class RawItem:
    """A competency as its CFItem has it, before its parent is known."""

    competency: CompetencyRecord
    where: str


@dataclass(frozen=True)
class _Association:
    """A CFAssociation, read, before it is known whether it belongs to the tree."""

    fields: Fields
    written_identifier: str
    type: str
    origin: Link
    destination: Link
    sequence: int | None
    grouping: Link


def arranged(items: Iterable[RawItem]) -> dict[str, CompetencyRecord]:
    """Competencies by identifier; a repeated identifier has been reported and keeps its first owner."""
    found: dict[str, CompetencyRecord] = {}
    for item in items:
        found.setdefault(item.competency.identifier, item.competency)
    return found


def read_associations(
    shell: ReferentialRecord,
    items: dict[str, CompetencyRecord],
    written: list[Fields],
    reading: Reading,
) -> tuple[tuple[CompetencyRecord, ...], tuple[AssociationRecord, ...]]:
    """The competencies with parent and position, in tree order, and the associations that are not the tree.

    A competency's first ``isChildOf`` to another one or to the document places it; others stay associations.
    """
    names = terms.Names(replace(shell, competencies=tuple(items.values())), reading.base)
    placed: dict[str, _Association] = {}
    others: list[_Association] = []
    for association in (_read(fields) for fields in written):
        origin, destination = association.origin.identifier, association.destination.identifier
        if (
            association.type == "isChildOf"
            and origin in items
            and origin not in placed
            and destination in names
        ):
            placed[origin] = association
        else:
            others.append(association)
    competencies = [_placed(item, placed.get(item.identifier), shell, reading) for item in items.values()]
    sequences = {identifier: association.sequence for identifier, association in placed.items()}
    relations = tuple(_record(association, names, reading) for association in others)
    return in_tree_order(competencies, sequences), relations


def in_tree_order(
    competencies: list[CompetencyRecord], sequences: dict[str, int | None]
) -> tuple[CompetencyRecord, ...]:
    """Parents first, siblings by sequence then as they came, positions from 1; what hangs in a loop last."""
    children: dict[str | None, list[CompetencyRecord]] = {}
    for competency in competencies:
        children.setdefault(competency.parent, []).append(competency)
    for siblings in children.values():
        siblings.sort(key=lambda sibling: _sequence(sequences.get(sibling.identifier)))
    position = {
        item.identifier: place for siblings in children.values() for place, item in enumerate(siblings, 1)
    }
    ordered: list[CompetencyRecord] = []
    waiting = list(reversed(children.get(None, [])))
    reached: set[str] = set()
    while waiting:
        competency = waiting.pop()
        reached.add(competency.identifier)
        ordered.append(competency)
        waiting.extend(reversed(children.get(competency.identifier, [])))
    ordered += [competency for competency in competencies if competency.identifier not in reached]
    return tuple(replace(competency, position=position[competency.identifier]) for competency in ordered)


def _sequence(number: int | None) -> float:
    return float("inf") if number is None else number


def _read(fields: Fields) -> _Association:
    kind = terms.association_type(fields.text("associationType", MAX_CODE, required=True))
    return _Association(
        fields=fields,
        written_identifier=str(fields.raw("identifier") or ""),
        type=kind,
        origin=fields.link("originNodeURI"),
        destination=fields.link("destinationNodeURI"),
        sequence=fields.integer("sequenceNumber"),
        grouping=fields.link("CFAssociationGroupingURI"),
    )


def _placed(
    competency: CompetencyRecord, association: _Association | None, shell: ReferentialRecord, reading: Reading
) -> CompetencyRecord:
    if association is None:
        return competency
    destination = association.destination.identifier
    parent = None if destination == shell.identifier else destination
    identifier = _identifier(
        association, terms.derived(shell.identifier, "isChildOf", competency.identifier), reading
    )
    kept: dict[str, Any] = association.fields.rest_of_node("CFAssociations", identifier)
    if identifier != terms.derived(shell.identifier, "isChildOf", competency.identifier):
        kept["identifier"] = identifier
    if association.grouping.raw is not None:
        kept["CFAssociationGroupingURI"] = association.grouping.raw
    extra = {**competency.extra, terms.PARENT_ASSOCIATION: kept} if kept else competency.extra
    return replace(competency, parent=parent, extra=extra)


def _identifier(association: _Association, otherwise: str, reading: Reading) -> str:
    """The association's own UUID; tools that write none get one that follows from what it links."""
    written = association.written_identifier.strip()
    return Fields({"identifier": written}, association.fields.where, reading).identifier(otherwise)


def _record(association: _Association, names: terms.Names, reading: Reading) -> AssociationRecord:
    origin, destination = association.origin, association.destination
    ends = (origin.identifier or origin.uri, destination.identifier or destination.uri)
    identifier = _identifier(association, terms.derived(reading.document, association.type, *ends), reading)
    extra: dict[str, Any] = association.fields.rest_of_node("CFAssociations", identifier)
    for key, link in (("originNodeURI", origin), ("destinationNodeURI", destination)):
        if link.rest:
            extra[key] = link.rest
    grouping = association.grouping.title or association.grouping.uri
    if association.grouping.raw not in (None, terms.grouping_link(reading.document, reading.base, grouping)):
        extra["CFAssociationGroupingURI"] = association.grouping.raw
    origin_uri, origin_title = _simplified(origin, names)
    destination_uri, destination_title = _simplified(destination, names)
    return AssociationRecord(
        identifier=identifier,
        type=association.type,
        origin_identifier=origin.identifier,
        origin_uri=origin_uri,
        origin_title=origin_title,
        destination_identifier=destination.identifier,
        destination_uri=destination_uri,
        destination_title=destination_title,
        sequence=association.sequence,
        grouping=grouping,
        extra=extra,
    )


def _simplified(link: Link, names: terms.Names) -> tuple[str, str]:
    """URI and title of a node, without those that an export derives from the node itself."""
    if link.identifier not in names:
        return link.uri, link.title
    uri = "" if link.uri == names.uri(link.identifier) else link.uri
    title = "" if link.title == names.title(link.identifier) else link.title
    return uri, title
