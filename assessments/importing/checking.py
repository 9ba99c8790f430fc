"""Whether a record holds together, whatever format it was read from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from urllib.parse import urlsplit

from assessments.importing.case.terms import ASSOCIATION_TYPES, as_uuid, text_key
from assessments.importing.problems import Problem, first
from assessments.importing.records import (
    STATUSES,
    AssociationRecord,
    CompetencyRecord,
    CriterionRecord,
    LevelRecord,
    Node,
    ReferentialRecord,
    RubricRecord,
    Texts,
    nodes,
)

_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:\S+", re.IGNORECASE)
_MAX_NUMBER = 1_000_000
_MAX_DECIMALS = 6


def check(record: ReferentialRecord, places: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """Everything that keeps the record from being saved; empty when nothing does.

    ``places`` (of a ``Read``) names where each node was written; without it, its path in a CASE export does.
    """
    return first(list(_Checking(record, places or {}).problems()))


def is_uri(text: str) -> bool:
    """An absolute http(s) address, or a URN."""
    if _URN.fullmatch(text):
        return True
    if re.search(r"[\s<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


class _Checking:
    def __init__(self, record: ReferentialRecord, places: Mapping[str, str]) -> None:
        self.record = record
        self.nodes = list(nodes(record))
        self.places = {
            node.identifier: places.get(node.identifier, node.place) for node in reversed(self.nodes)
        }
        self.competencies = {item.identifier: item for item in record.competencies}

    def where(
        self, record: CompetencyRecord | AssociationRecord | RubricRecord | CriterionRecord | LevelRecord
    ) -> str:
        return self.places[record.identifier]

    def problems(self) -> Iterator[Problem]:
        yield from self.identifiers()
        yield from self.document()
        yield from self.codes()
        yield from self.tree()
        for association in self.record.associations:
            yield from self.association(association)
        for rubric in self.record.rubrics:
            yield from self.rubric(rubric)
        yield from self.languages()

    def identifiers(self) -> Iterator[Problem]:
        seen: dict[str, Node] = {}
        for node in self.nodes:
            if as_uuid(node.identifier) is None:
                yield Problem(node.place, "bad-identifier", {"identifier": node.identifier[:60]})
            elif node.identifier in seen:
                values = {"identifier": node.identifier, "first": seen[node.identifier].place}
                yield Problem(node.place, "repeated-identifier", values)
            seen.setdefault(node.identifier, node)

    def document(self) -> Iterator[Problem]:
        where = self.places[self.record.identifier]
        if not self.record.titles:
            yield Problem(where, "missing", {"field": "title"})
        if self.record.adoption_status not in STATUSES:
            yield Problem(where, "unknown-status", {"status": self.record.adoption_status})
        if self.record.last_change.tzinfo is None:
            yield Problem(where, "bad-date", {"text": self.record.last_change.isoformat()})
        for uri in filter(None, (self.record.licence_url, self.record.official_source_url)):
            if not is_uri(uri):
                yield Problem(where, "bad-uri", {"uri": uri[:200]})
        for node in self.nodes:
            extra = self.record.extra.get("CFDocument", {}) if node.kind == "document" else node.record.extra
            uri = extra.get("uri", "")
            if uri and not (isinstance(uri, str) and is_uri(uri)):
                yield Problem(self.places[node.identifier], "bad-uri", {"uri": str(uri)[:200]})

    def codes(self) -> Iterator[Problem]:
        seen: dict[str, CompetencyRecord] = {}
        for competency in self.record.competencies:
            code = competency.human_code
            if code and seen.setdefault(code, competency) is not competency:
                yield Problem(
                    self.where(competency), "repeated-code", {"code": code, "first": self.where(seen[code])}
                )

    def tree(self) -> Iterator[Problem]:
        siblings: dict[str | None, list[CompetencyRecord]] = {}
        for competency in self.record.competencies:
            siblings.setdefault(competency.parent, []).append(competency)
            if competency.parent is not None and competency.parent not in self.competencies:
                yield Problem(self.where(competency), "unknown-parent", {"parent": competency.parent})
        for family in siblings.values():
            yield from self.ascending(family)
        yield from self.loops()

    def loops(self) -> Iterator[Problem]:
        """One problem for each loop of parents, at the first competency in it."""
        settled: set[str] = set()
        for competency in self.record.competencies:
            path: dict[str, None] = {}
            current: str | None = competency.identifier
            while current is not None and current in self.competencies and current not in settled:
                if current in path:
                    yield Problem(
                        self.places[current], "parent-loop", {"code": self.name(self.competencies[current])}
                    )
                    break
                path[current] = None
                current = self.competencies[current].parent
            settled.update(path)

    def name(self, competency: CompetencyRecord) -> str:
        return competency.human_code or competency.identifier

    def ascending(
        self, family: Sequence[CompetencyRecord | CriterionRecord | LevelRecord]
    ) -> Iterator[Problem]:
        for left, right in pairwise(family):
            if right.position <= left.position:
                yield Problem(self.where(right), "positions-not-ascending", {"position": right.position})

    def association(self, association: AssociationRecord) -> Iterator[Problem]:
        where = self.where(association)
        if association.type not in ASSOCIATION_TYPES and not association.type.startswith("ext:"):
            yield Problem(where, "unknown-association-type", {"type": association.type[:60]})
        ends = (
            (association.origin_identifier, association.origin_uri),
            (association.destination_identifier, association.destination_uri),
        )
        for identifier, uri in ends:
            if uri and not is_uri(uri):
                yield Problem(where, "bad-uri", {"uri": uri[:200]})
            if not uri and identifier != self.record.identifier and identifier not in self.competencies:
                yield Problem(where, "unknown-node", {"identifier": identifier or "?"})

    def rubric(self, rubric: RubricRecord) -> Iterator[Problem]:
        if not rubric.criteria:
            yield Problem(self.where(rubric), "rubric-without-criteria")
        yield from self.ascending(rubric.criteria)
        seen: dict[str, CriterionRecord] = {}
        for criterion in rubric.criteria:
            code = criterion.code
            if seen.setdefault(code, criterion) is not criterion:
                yield Problem(
                    self.where(criterion), "repeated-code", {"code": code, "first": self.where(seen[code])}
                )
            yield from self.criterion(criterion)

    def criterion(self, criterion: CriterionRecord) -> Iterator[Problem]:
        where = self.where(criterion)
        if not criterion.code:
            yield Problem(where, "missing", {"field": "code"})
        if not criterion.headings:
            yield Problem(where, "missing", {"field": "title"})
        if criterion.competency is not None and criterion.competency not in self.competencies:
            yield Problem(where, "unknown-competency", {"identifier": criterion.competency[:200]})
        if criterion.weight is not None and criterion.weight <= 0:
            yield Problem(where, "weight-not-positive", {"weight": str(criterion.weight)})
        if len(criterion.levels) < 2:
            yield Problem(where, "too-few-levels", {"code": criterion.code})
        yield from self.numbers(where, criterion.weight)
        yield from self.ascending(criterion.levels)
        best: Decimal | None = None
        for level in criterion.levels:
            yield from self.numbers(self.where(level), level.points)
            if not (level.qualities or level.descriptions):
                yield Problem(self.where(level), "missing", {"field": "quality"})
            if level.points is not None and best is not None and level.points < best:
                yield Problem(
                    self.where(level), "points-falling", {"points": str(level.points), "before": str(best)}
                )
            best = best if level.points is None else level.points

    def numbers(self, where: str, number: Decimal | None) -> Iterator[Problem]:
        if number is None:
            return
        exponent = number.normalize().as_tuple().exponent if number.is_finite() else None
        if not isinstance(exponent, int) or abs(number) >= _MAX_NUMBER or -exponent > _MAX_DECIMALS:
            yield Problem(where, "number-out-of-range", {"limit": _MAX_NUMBER, "decimals": _MAX_DECIMALS})

    def languages(self) -> Iterator[Problem]:
        """A person must be able to read the whole referential in one language; else, the first hole."""
        own = text_key(self.record.language)
        candidates = [own, *(language for language in self.record.titles if language != own)]
        holes = [self.hole(language) for language in candidates]
        if all(holes) and holes[0]:
            where, name = holes[0]
            yield Problem(where, "no-complete-language", {"language": own, "field": name})

    def hole(self, language: str) -> tuple[str, str] | None:
        for node in self.nodes:
            for name, texts, another in _texts_to_read(node):
                if texts and language not in texts and another not in texts:
                    return self.places[node.identifier], name
        return None


def _texts_to_read(node: Node) -> Iterator[tuple[str, Texts, str]]:
    """The texts without which a node is not understood, with the other language that it declares."""
    record = node.record
    if isinstance(record, ReferentialRecord):
        yield "title", record.titles, ""
    elif isinstance(record, CompetencyRecord):
        yield "full statement", record.full_statement, text_key(record.language) if record.language else ""
    elif isinstance(record, CriterionRecord):
        yield "title", record.headings, ""
    elif isinstance(record, LevelRecord):
        yield "quality", record.qualities, ""
        yield "description", record.descriptions, ""
