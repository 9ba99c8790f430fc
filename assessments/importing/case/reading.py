"""A CASE package, read into a record."""

from typing import Any

from assessments.importing import json_text
from assessments.importing.case import terms
from assessments.importing.case.fields import Fields, Reading
from assessments.importing.case.rubrics import read_rubrics
from assessments.importing.case.tree import RawItem, arranged, read_associations
from assessments.importing.problems import (
    MAX_CODE,
    MAX_COMPETENCIES,
    MAX_NODES,
    MAX_TEXT,
    MAX_TITLE,
    MAX_URI,
    Read,
    RefusedError,
    first,
)
from assessments.importing.records import CompetencyRecord, ReferentialRecord


def read_case(data: bytes) -> Read:
    """The referential in a CFPackage, bare (as CASE has it) or wrapped in ``{"CFPackage": …}``."""
    try:
        package, root = _package(json_text.load(data))
    except RefusedError as refusal:
        return Read(None, (refusal.problem,))
    if flaws := json_text.flaws(package if root == "$" else {"CFPackage": package}):
        return Read(None, flaws)
    reading = Reading()
    record = _record(Fields(package, root, reading), reading)
    return Read(None if reading.problems else record, first(reading.problems), reading.places)


def _package(value: Any) -> tuple[dict[str, Any], str]:
    if not isinstance(value, dict):
        raise RefusedError("$", "not-an-object")
    package, root = (value["CFPackage"], "$.CFPackage") if "CFPackage" in value else (value, "$")
    if not isinstance(package, dict) or "CFDocument" not in package:
        raise RefusedError(root, "not-a-package")
    _limit(package, root)
    return package, root


def _limit(package: dict[str, Any], root: str) -> None:
    items, associations = (package.get(key) or [] for key in ("CFItems", "CFAssociations"))
    if isinstance(items, list) and len(items) > MAX_COMPETENCIES:
        raise RefusedError(f"{root}.CFItems", "too-many", {"limit": MAX_COMPETENCIES})
    if isinstance(associations, list) and len(associations) > MAX_NODES:
        raise RefusedError(f"{root}.CFAssociations", "too-many", {"limit": MAX_NODES})


def _record(package: Fields, reading: Reading) -> ReferentialRecord | None:
    """The record, in the order that links need: the document, its items, their relations, the rubrics."""
    reading.base = package.ours("base")
    document = Fields(package.raw("CFDocument"), f"{package.where}.CFDocument", reading)
    shell = _document(document, reading)
    if shell is None:
        return None
    items = [_item(fields, reading) for fields in package.items("CFItems")]
    associations = list(package.items("CFAssociations"))
    competencies, relations = read_associations(shell, arranged(items), associations, reading)
    whole = _with(shell, competencies=competencies)
    rubrics = read_rubrics(list(package.items("CFRubrics")), whole, reading)
    extra = {**shell.extra, **package.rest()}
    definitions = extra.pop("CFDefinitions", None)
    if definitions:
        extra["CFDefinitions"] = definitions
    return _with(whole, associations=relations, rubrics=rubrics, extra=extra)


def _with(record: ReferentialRecord, **changes: Any) -> ReferentialRecord:
    return ReferentialRecord(**{**vars(record), **changes})


def _document(fields: Fields, reading: Reading) -> ReferentialRecord | None:
    identifier = fields.identifier()
    changed = fields.moment("lastChangeDateTime")
    if terms.as_uuid(identifier) is None or changed is None:
        return None
    reading.document, reading.last_change = identifier, changed
    reading.language = fields.text("language", MAX_CODE) or "en"
    language = terms.text_key(reading.language)
    version = fields.text("caseVersion", MAX_CODE) or "1.0"
    values: dict[str, Any] = {
        "titles": fields.texts("title", language, MAX_TITLE, required=True),
        "description": fields.texts("description", language),
        "version": fields.text("version", MAX_CODE),
        "creator": fields.text("creator"),
        "publisher": fields.text("publisher"),
        "official_source_url": fields.text("officialSourceURL", MAX_URI),
        "notes": fields.text("notes", MAX_TEXT),
    }
    kept: dict[str, Any] = {}
    values |= _status(fields, kept, reading) | _licence(fields, kept)
    kept = {**fields.rest_of_node("CFDocuments", identifier), **kept}
    kept.pop("CFPackageURI", None)  # a link to the very package that is being read
    return ReferentialRecord(
        identifier=identifier,
        last_change=changed,
        language=reading.language,
        case_version=fields.ours("readFrom") or version,
        extra={"CFDocument": kept} if kept else {},
        **values,
    )


def _status(fields: Fields, kept: dict[str, Any], reading: Reading) -> dict[str, str]:
    written = fields.text("adoptionStatus", MAX_CODE)
    if not written:
        return {"adoption_status": "draft"}
    status = terms.STATUS_OF.get(written.lower())
    if status is None:
        reading.note(f"{fields.where}.adoptionStatus", "unknown-status", {"status": written[:60]})
        return {"adoption_status": "draft"}
    if written != terms.CASE_STATUS[status]:
        kept["adoptionStatus"] = written
    return {"adoption_status": status}


def _licence(fields: Fields, kept: dict[str, Any]) -> dict[str, str]:
    link = fields.link("licenseURI")
    if link.raw is not None and link.raw != terms.licence_link(link.title, link.uri):
        kept["licenseURI"] = link.raw
    return {"licence_title": link.title, "licence_url": link.uri}


def _item(fields: Fields, reading: Reading) -> RawItem:
    identifier = fields.identifier()
    language = fields.text("language", MAX_CODE)
    key = terms.text_key(language or reading.language)
    kind = fields.text("CFItemType", MAX_CODE)
    competency = CompetencyRecord(
        identifier=identifier,
        human_code=fields.text("humanCodingScheme", MAX_CODE),
        full_statement=fields.texts("fullStatement", key, required=True),
        abbreviated=fields.texts("abbreviatedStatement", key),
        type=kind,
        language=language,
        education_levels=fields.levels("educationLevel"),
        notes=fields.text("notes", MAX_TEXT),
        list_enumeration=fields.text("listEnumeration", MAX_CODE),
        extra=fields.rest_of_node("CFItems", identifier),
    )
    return RawItem(competency, fields.where)
