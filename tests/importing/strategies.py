"""Referentials of every shape, for tests that must hold for all of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from assessments.importing.case.terms import ASSOCIATION_TYPES
from assessments.importing.records import (
    AssociationRecord,
    CompetencyRecord,
    CriterionRecord,
    LevelRecord,
    ReferentialRecord,
    RubricRecord,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]

uuids = st.uuids().map(str)
_plain = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=8)
_prefixes = st.sampled_from(("", "", "=", "+", "-", "@", "'", "'=", "''-", '"', ";", ",", "a\nb"))
words = st.builds(str.__add__, _prefixes, _plain).map(str.strip)
some_words = words.filter(bool)
languages = st.sampled_from(("en", "fr", "nl"))
texts = st.dictionaries(languages, some_words, max_size=3)
some_texts = st.dictionaries(languages, some_words, min_size=1, max_size=3)
numbers = st.none() | st.decimals(0, 1000, places=2)
uris = st.integers(0, 99).map("https://other.example/nodes/{}".format)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
extras = st.fixed_dictionaries(
    {},
    optional={
        "alternativeLabel": some_words,
        "uri": uris,
        "lastChangeDateTime": st.just("1999-12-31T23:59:59+01:00"),
        "extensions": st.fixed_dictionaries({"other": st.lists(st.integers(0, 9), max_size=2)}),
    },
)


@st.composite
def _competencies(draw: Draw) -> tuple[CompetencyRecord, ...]:
    """A forest, parents first and siblings numbered, as the readers give it."""
    identifiers = draw(st.lists(uuids, unique=True, min_size=1, max_size=4))
    codes = draw(st.lists(words, unique=True, min_size=len(identifiers), max_size=len(identifiers)))
    found: list[CompetencyRecord] = []
    path: list[str] = []
    counts: dict[str | None, int] = {}
    for identifier, code in zip(identifiers, codes, strict=True):
        path = path[: draw(st.integers(0, len(path)))]
        parent = path[-1] if path else None
        path.append(identifier)
        counts[parent] = counts.get(parent, 0) + 1
        found.append(
            CompetencyRecord(
                identifier=identifier,
                human_code=code,
                full_statement=draw(some_texts),
                abbreviated=draw(texts),
                type=draw(words),
                language=draw(st.sampled_from(("", "", "fr", "nl-BE"))),
                education_levels=draw(st.sampled_from(((), ("4",), ("3", "4")))),
                parent=parent,
                position=counts[parent],
                notes=draw(words),
                list_enumeration=draw(words),
                extra=draw(extras),
            )
        )
    return tuple(found)


@st.composite
def _level(draw: Draw, position: int, points: Decimal | None) -> LevelRecord:
    return LevelRecord(
        draw(uuids), draw(texts), draw(some_texts), points, draw(texts), position, extra=draw(extras)
    )


@st.composite
def _criterion(draw: Draw, code: str, position: int, items: tuple[CompetencyRecord, ...]) -> CriterionRecord:
    points = sorted(draw(st.lists(st.decimals(0, 9, places=1), min_size=1, max_size=3)))
    return CriterionRecord(
        identifier=draw(uuids),
        code=code,
        titles=draw(some_texts),
        descriptions=draw(texts),
        competency=draw(st.none() | st.sampled_from([item.identifier for item in items])),
        weight=draw(numbers),
        position=position,
        levels=tuple(draw(_level(place, point)) for place, point in enumerate(points, 1)),
        extra=draw(extras),
    )


@st.composite
def _rubric(draw: Draw, items: tuple[CompetencyRecord, ...]) -> RubricRecord:
    codes = draw(st.lists(some_words, unique=True, min_size=1, max_size=2))
    criteria = tuple(draw(_criterion(code, place, items)) for place, code in enumerate(codes, 1))
    return RubricRecord(draw(uuids), draw(texts), draw(texts), criteria, draw(extras))


@st.composite
def _association(draw: Draw, origin: str, items: tuple[CompetencyRecord, ...]) -> AssociationRecord:
    inside = draw(st.booleans())
    ends = st.sampled_from([item.identifier for item in items])
    return AssociationRecord(
        identifier=draw(uuids),
        type=draw(st.sampled_from([kind for kind in ASSOCIATION_TYPES if kind != "isChildOf"])),
        origin_identifier=origin,
        destination_identifier=draw(ends if inside else st.sampled_from(("", "E.8", "T1515"))),
        destination_uri="" if inside else draw(uris),
        destination_title="" if inside else draw(words),
        sequence=draw(st.none() | st.integers(0, 99)),
        grouping=draw(words),
        extra=draw(extras),
    )


@st.composite
def referentials(draw: Draw) -> ReferentialRecord:
    """Any record that CASE can hold."""
    items = draw(_competencies())
    origins = draw(st.lists(st.sampled_from([item.identifier for item in items]), max_size=3))
    kept = {key: value for key, value in draw(extras).items() if key != "lastChangeDateTime"}
    parts = {
        "CFDocument": kept,
        "CFDefinitions": draw(st.sampled_from(({}, {"CFConcepts": [{"title": "x"}]}))),
    }
    return ReferentialRecord(
        identifier=draw(uuids),
        version=draw(words),
        titles=draw(some_texts),
        last_change=draw(moments),
        description=draw(texts),
        language=draw(st.sampled_from(("en", "fr", "nl-BE"))),
        adoption_status=draw(st.sampled_from(("draft", "adopted", "deprecated"))),
        licence_title=draw(words),
        licence_url=draw(st.just("") | uris),
        creator=draw(words),
        publisher=draw(words),
        official_source_url=draw(st.just("") | uris),
        notes=draw(words),
        case_version=draw(st.sampled_from(("1.0", "1.1"))),
        competencies=items,
        associations=tuple(draw(_association(origin, items)) for origin in origins),
        rubrics=tuple(draw(st.lists(_rubric(items), max_size=2))),
        extra={key: value for key, value in parts.items() if value},
    )


def _without_extra(record: Any, **changes: Any) -> Any:
    return replace(record, extra={}, **changes)


def tabular(record: ReferentialRecord) -> ReferentialRecord:
    """The record without what the CSV tables do not hold."""
    order = {item.identifier: place for place, item in enumerate(record.competencies)}
    relations = sorted(record.associations, key=lambda relation: order[relation.origin_identifier])
    return _without_extra(
        record,
        case_version="1.1",
        competencies=tuple(_without_extra(item) for item in record.competencies),
        associations=tuple(_without_extra(relation, sequence=None, grouping="") for relation in relations),
        rubrics=tuple(
            _without_extra(
                rubric,
                criteria=tuple(
                    _without_extra(
                        criterion, levels=tuple(_without_extra(level) for level in criterion.levels)
                    )
                    for criterion in rubric.criteria
                ),
            )
            for rubric in record.rubrics
        ),
    )
