"""Lay a referential out for reading: its tree of competencies with alignments, and its rubrics."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from assessments.importing.labels import RELATIONS
from assessments.models import Association, Competency, Referential, Rubric
from assessments.rubric_table import CriterionRow, rubric_rows

# Browsers stop nesting elements at some depth, and so do readers; what lies deeper is shown at this depth.
DEEPEST = 8


@dataclass(frozen=True)
class Relation:
    """Where an association leads; ``url`` is empty where its address is none of the web's."""

    type: str | Promise
    title: str
    url: str
    uri: str
    framework: str


@dataclass
class CompetencyRow:
    """One competency of the tree, with the list marks around it.

    It ``opens`` a list, is a ``leaf`` or holds the list that follows, and ``closes`` so many lists.
    """

    competency: Competency
    opens: bool
    leaf: bool
    closes: range
    relations: list[Relation] = field(default_factory=list)


@dataclass(frozen=True)
class RubricTable:
    rubric: Rubric
    rows: list[CriterionRow]


def competency_rows(referential: Referential) -> list[CompetencyRow]:
    """Every competency, each before what is below it, in two queries."""
    competencies = list(referential.competencies.order_by("order"))
    relations = _relations(referential.associations.order_by("position"), competencies)
    tree = list(_in_tree_order(competencies))
    depths = [0, *(depth for _competency, depth in tree), 1]
    return [
        CompetencyRow(
            competency,
            opens=depth > depths[index],
            leaf=depths[index + 2] <= depth,
            closes=range(depth - depths[index + 2]),
            relations=relations[competency.pk],
        )
        for index, (competency, depth) in enumerate(tree)
    ]


def rubric_tables(referential: Referential) -> list[RubricTable]:
    rubrics = referential.rubrics.order_by("position").prefetch_related("criteria__levels")
    return [RubricTable(rubric, rubric_rows(rubric.criteria.all())) for rubric in rubrics]


def is_web_address(uri: str) -> bool:
    """Whether an address that came from outside may become a link."""
    return uri.startswith(("https://", "http://"))


def _in_tree_order(competencies: list[Competency]) -> Iterable[tuple[Competency, int]]:
    """Depth first and without recursion, since a stranger's tree may be a chain of thousands."""
    children: dict[uuid.UUID | None, list[Competency]] = defaultdict(list)
    for competency in competencies:
        children[competency.parent_id].append(competency)
    waiting = [(competency, 1) for competency in reversed(children[None])]
    while waiting:
        competency, depth = waiting.pop()
        yield competency, depth
        below = min(depth + 1, DEEPEST)
        waiting += [(child, below) for child in reversed(children[competency.pk])]


def _relations(
    associations: Iterable[Association], competencies: list[Competency]
) -> dict[uuid.UUID, list[Relation]]:
    by_pk = {competency.pk: competency for competency in competencies}
    found: dict[uuid.UUID, list[Relation]] = defaultdict(list)
    for one in associations:
        if one.competency_id is not None:
            found[one.competency_id].append(_relation(one, by_pk.get(one.destination_id or uuid.UUID(int=0))))
    return found


def _relation(association: Association, inside: Competency | None) -> Relation:
    uri = association.destination_uri
    kind = RELATIONS.get(association.type, association.type)
    if inside is not None:
        return Relation(kind, str(inside), f"#{inside.identifier}", "", "")
    url = uri if is_web_address(uri) else ""
    title = association.destination_title or association.destination_identifier
    return Relation(kind, title, url, uri, association.grouping)
