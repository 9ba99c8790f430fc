"""A record, written as a CASE 1.1 package."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessments.importing.case import terms
from assessments.importing.records import (
    AssociationRecord,
    CompetencyRecord,
    CriterionRecord,
    Extra,
    LevelRecord,
    ReferentialRecord,
    RubricRecord,
    Texts,
)

Json = dict[str, Any]


def write_case(record: ReferentialRecord, base_url: str) -> Json:
    """A CASE 1.1 CFPackage. ``base_url`` is the address of the CASE service (``https://…/ims/case/v1p1``),
    under which every object that came without an address of its own gets one; ``""`` gives URNs.

    Reading the result gives an equal record. Languages other than the document's own stand in the
    ``extensions`` object of each node, so that a consumer which ignores them still reads a complete package.
    """
    return _Writer(record, base_url.rstrip("/")).package()


class _Writer:
    def __init__(self, record: ReferentialRecord, base: str) -> None:
        self.record = record
        self.base = base
        self.names = terms.Names(record, base)
        self.language = terms.text_key(record.language)

    def package(self) -> Json:
        extra = dict(self.record.extra)
        extra.pop("CFDocument", None)
        definitions = extra.pop("CFDefinitions", None)
        extensions = dict(extra.pop("extensions", {}))
        if self.base:
            extensions[terms.EXTENSION] = {"base": self.base}
        children = [self.child(competency) for competency in self.record.competencies]
        return {
            "CFDocument": self.document(),
            "CFItems": [self.item(competency) for competency in self.record.competencies],
            "CFAssociations": children
            + [self.association(relation) for relation in self.record.associations],
            **({"CFDefinitions": definitions} if definitions else {}),
            "CFRubrics": [self.rubric(rubric) for rubric in self.record.rubrics],
            **extra,
            **({"extensions": extensions} if extensions else {}),
        }

    def document(self) -> Json:
        record = self.record
        node = _Node(self, record.extra.get("CFDocument", {}), "CFDocuments", record.identifier)
        if record.case_version == "1.0":
            node.ours["readFrom"] = record.case_version
        node.put("caseVersion", "1.1")
        node.put("creator", record.creator, always=True)
        node.texts("title", record.titles, self.language, always=True)
        node.texts("description", record.description, self.language)
        node.put("publisher", record.publisher)
        node.put("officialSourceURL", record.official_source_url)
        node.put("language", record.language)
        node.put("version", record.version)
        node.put("adoptionStatus", terms.CASE_STATUS[record.adoption_status])
        if record.licence_url or record.licence_title:
            node.put("licenseURI", terms.licence_link(record.licence_title, record.licence_url))
        node.put("notes", record.notes)
        return node.done()

    def item(self, competency: CompetencyRecord) -> Json:
        extra = {key: value for key, value in competency.extra.items() if key != terms.PARENT_ASSOCIATION}
        language = terms.text_key(competency.language or self.record.language)
        node = _Node(self, extra, "CFItems", competency.identifier)
        node.texts("fullStatement", competency.full_statement, language, always=True)
        node.texts("abbreviatedStatement", competency.abbreviated, language)
        node.put("humanCodingScheme", competency.human_code)
        node.put("listEnumeration", competency.list_enumeration)
        node.put("CFItemType", competency.type)
        node.put("language", competency.language)
        node.put("educationLevel", list(competency.education_levels))
        node.put("notes", competency.notes)
        return node.done()

    def child(self, competency: CompetencyRecord) -> Json:
        """The ``isChildOf`` association that places a competency in the tree."""
        kept = dict(competency.extra.get(terms.PARENT_ASSOCIATION, {}))
        otherwise = terms.derived(self.record.identifier, "isChildOf", competency.identifier)
        identifier = kept.pop("identifier", otherwise)
        parent = competency.parent or self.record.identifier
        node = _Node(self, kept, "CFAssociations", identifier)
        node.put("associationType", "isChildOf")
        node.put("sequenceNumber", competency.position)
        node.put("originNodeURI", self.names.link(competency.identifier))
        node.put("destinationNodeURI", self.link(parent, "", "", {}))
        return node.done()

    def association(self, relation: AssociationRecord) -> Json:
        extra = dict(relation.extra)
        origin_rest, destination_rest = (
            extra.pop(key, {}) for key in ("originNodeURI", "destinationNodeURI")
        )
        node = _Node(self, extra, "CFAssociations", relation.identifier)
        node.put("associationType", relation.type)
        node.put("sequenceNumber", relation.sequence)
        origin = (relation.origin_identifier, relation.origin_uri, relation.origin_title)
        destination = (relation.destination_identifier, relation.destination_uri, relation.destination_title)
        node.put("originNodeURI", self.link(*origin, origin_rest))
        node.put("destinationNodeURI", self.link(*destination, destination_rest))
        if relation.grouping:
            node.put(
                "CFAssociationGroupingURI",
                terms.grouping_link(self.record.identifier, self.base, relation.grouping),
            )
        return node.done()

    def link(self, identifier: str, uri: str, title: str, rest: Extra) -> Json:
        if identifier in self.names:
            known = self.names.link(identifier)
            return {
                "title": title or known["title"],
                "identifier": identifier,
                "uri": uri or known["uri"],
                **rest,
            }
        return {"title": title or uri, "identifier": identifier or uri, "uri": uri, **rest}

    def rubric(self, rubric: RubricRecord) -> Json:
        node = _Node(self, rubric.extra, "CFRubrics", rubric.identifier)
        node.texts("title", rubric.titles, self.language)
        node.texts("description", rubric.descriptions, self.language)
        node.put("CFRubricCriteria", [self.criterion(criterion, rubric) for criterion in rubric.criteria])
        return node.done()

    def criterion(self, criterion: CriterionRecord, rubric: RubricRecord) -> Json:
        node = _Node(self, criterion.extra, "CFRubricCriteria", criterion.identifier)
        node.ours["code"] = criterion.code
        node.texts("category", criterion.titles, self.language)
        node.texts("description", criterion.descriptions, self.language)
        if criterion.competency:
            node.put("CFItemURI", self.link(criterion.competency, "", "", {}))
        node.put("weight", _number(criterion.weight))
        node.put("position", criterion.position)
        node.put("rubricId", rubric.identifier)
        node.put("CFRubricCriterionLevels", [self.level(level, criterion) for level in criterion.levels])
        return node.done()

    def level(self, level: LevelRecord, criterion: CriterionRecord) -> Json:
        node = _Node(self, level.extra, "CFRubricCriterionLevels", level.identifier)
        node.texts("quality", level.qualities, self.language)
        node.texts("description", level.descriptions, self.language)
        node.put("score", _number(level.points))
        node.texts("feedback", level.feedbacks, self.language)
        node.put("position", level.position)
        node.put("rubricCriterionId", criterion.identifier)
        return node.done()


class _Node:
    """One CASE object being written; what came with it and is not modelled wins over what is derived."""

    def __init__(self, writer: _Writer, extra: Extra, kind: str, identifier: str) -> None:
        self.extra = extra
        self.ours: Json = {}
        self.translations: dict[str, dict[str, str]] = {}
        self.languages: dict[str, str] = {}
        self.written: Json = {
            "identifier": identifier,
            "uri": terms.address(writer.base, kind, identifier),
            "lastChangeDateTime": terms.iso(writer.record.last_change),
        }

    def put(self, key: str, value: Any, always: bool = False) -> None:
        if always or value not in ("", None, []):
            self.written[key] = value

    def texts(self, key: str, texts: Texts, language: str, always: bool = False) -> None:
        """The text in its owner's language in CASE's own field; the others in our extension."""
        plain = language if language in texts or not texts else next(iter(texts))
        self.put(key, texts.get(plain, ""), always)
        if plain != language:
            self.languages[key] = plain
        others = {code: text for code, text in texts.items() if code != plain}
        if others:
            self.translations[key] = others

    def done(self) -> Json:
        ours: Json = dict(self.ours)
        if self.languages:
            ours["languages"] = self.languages
        if self.translations:
            ours["translations"] = self.translations
        extensions = self.extra.get("extensions")
        node = {**self.written, **self.extra}
        if ours and (extensions is None or isinstance(extensions, Mapping)):
            node["extensions"] = {**(extensions or {}), terms.EXTENSION: ours}
        return node


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
