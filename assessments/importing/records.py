"""What a referential is once it has been read, whatever format it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

Texts = Mapping[str, str]
"""One text per language: ``{"en": "…", "fr": "…"}``; keys are two-letter codes, no text is empty."""

Extra = Mapping[str, Any]
"""JSON that a format carries and this product does not model, kept so that an export loses nothing."""

STATUSES = ("draft", "adopted", "deprecated")


@dataclass(frozen=True)
class LevelRecord:
    """One level of a criterion (CASE ``CFRubricCriterionLevel``)."""

    identifier: str
    qualities: Texts
    descriptions: Texts
    points: Decimal | None = None
    feedbacks: Texts = field(default_factory=dict)
    position: int = 1
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class CriterionRecord:
    """One line of a rubric (CASE ``CFRubricCriterion``); its levels ascend with quality."""

    identifier: str
    code: str
    titles: Texts
    descriptions: Texts = field(default_factory=dict)
    competency: str | None = None
    weight: Decimal | None = None
    position: int = 1
    levels: tuple[LevelRecord, ...] = ()
    extra: Extra = field(default_factory=dict)

    @property
    def headings(self) -> Texts:
        """What to show as its title: many packages fill the description alone."""
        return self.titles or self.descriptions


@dataclass(frozen=True)
class RubricRecord:
    """A rubric (CASE ``CFRubric``)."""

    identifier: str
    titles: Texts
    descriptions: Texts = field(default_factory=dict)
    criteria: tuple[CriterionRecord, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class AssociationRecord:
    """A relation between two nodes (CASE ``CFAssociation``), other than the tree itself.

    A node inside the referential has an identifier and no URI; a node elsewhere has a URI, and its identifier
    is whatever its publisher calls it: a UUID, or a code such as ``E.8``.
    """

    identifier: str
    type: str
    origin_identifier: str
    origin_uri: str = ""
    origin_title: str = ""
    destination_identifier: str = ""
    destination_uri: str = ""
    destination_title: str = ""
    sequence: int | None = None
    grouping: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class CompetencyRecord:
    """A competency (CASE ``CFItem``); ``parent`` is the identifier of another one, or None at the top."""

    identifier: str
    human_code: str
    full_statement: Texts
    abbreviated: Texts = field(default_factory=dict)
    type: str = ""
    language: str = ""
    education_levels: tuple[str, ...] = ()
    parent: str | None = None
    position: int = 1
    notes: str = ""
    list_enumeration: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class ReferentialRecord:
    """A whole referential (CASE ``CFPackage``).

    Competencies come parents first, siblings by position. ``extra`` holds ``CFDocument`` (fields of the
    document), ``CFDefinitions`` (item types, subjects, concepts, licences, groupings), ``extensions`` (of the
    package).
    """

    identifier: str
    version: str
    titles: Texts
    last_change: datetime
    description: Texts = field(default_factory=dict)
    language: str = "en"
    adoption_status: str = "draft"
    licence_title: str = ""
    licence_url: str = ""
    creator: str = ""
    publisher: str = ""
    official_source_url: str = ""
    notes: str = ""
    case_version: str = "1.1"
    competencies: tuple[CompetencyRecord, ...] = ()
    associations: tuple[AssociationRecord, ...] = ()
    rubrics: tuple[RubricRecord, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """Anything in a referential that has an identifier, with the place it has in a CASE export."""

    kind: str
    place: str
    record: (
        ReferentialRecord
        | CompetencyRecord
        | AssociationRecord
        | RubricRecord
        | CriterionRecord
        | LevelRecord
    )

    @property
    def identifier(self) -> str:
        return self.record.identifier


def nodes(record: ReferentialRecord) -> Iterator[Node]:
    """Every node, in the order of a CASE export; ``kind`` is document, competency, association, rubric…"""
    yield Node("document", "$.CFDocument", record)
    for index, competency in enumerate(record.competencies):
        yield Node("competency", f"$.CFItems[{index}]", competency)
    for index, association in enumerate(record.associations):
        yield Node("association", f"$.CFAssociations[{index}]", association)
    for index, rubric in enumerate(record.rubrics):
        place = f"$.CFRubrics[{index}]"
        yield Node("rubric", place, rubric)
        yield from _rubric_nodes(rubric, place)


def _rubric_nodes(rubric: RubricRecord, place: str) -> Iterator[Node]:
    for index, criterion in enumerate(rubric.criteria):
        criterion_place = f"{place}.CFRubricCriteria[{index}]"
        yield Node("criterion", criterion_place, criterion)
        for level_index, level in enumerate(criterion.levels):
            yield Node("level", f"{criterion_place}.CFRubricCriterionLevels[{level_index}]", level)
