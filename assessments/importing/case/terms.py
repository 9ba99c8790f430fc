"""The words of CASE, and the names that this product derives from identifiers alone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from assessments.importing.records import CompetencyRecord, ReferentialRecord

EXTENSION = "openBadgesWorkbench"
"""Our one key in a CASE ``extensions`` object; docs/referentials.md says what it holds."""

PARENT_ASSOCIATION = "parentAssociation"
"""Key in a competency's ``extra``: what its ``isChildOf`` association carried besides parent and position."""

CASE_STATUS = {"draft": "Draft", "adopted": "Adopted", "deprecated": "Deprecated"}
STATUS_OF = {"draft": "draft", "private draft": "draft", "adopted": "adopted", "deprecated": "deprecated"}

ASSOCIATION_TYPES = (
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
)
_TYPE_OF = {name.lower(): name for name in ASSOCIATION_TYPES}
_THREE_LETTERS = {"eng": "en", "fra": "fr", "fre": "fr", "nld": "nl", "dut": "nl", "deu": "de", "ger": "de"}
_UUID_AT_END = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?$", re.IGNORECASE)


def text_key(language: str) -> str:
    """The key of a text in that language: ``en`` for ``en-US``, ``fr`` for ``fra``."""
    primary = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return _THREE_LETTERS.get(primary, primary) or "en"


def association_type(written: str) -> str:
    """``exactMatchOf`` for ``Exact Match Of``: older tools write types for people."""
    return _TYPE_OF.get(written.replace(" ", "").lower(), written)


def as_uuid(text: str) -> str | None:
    """The canonical form of a UUID, or None: braces, ``urn:`` and missing dashes are not CASE identifiers."""
    try:
        canonical = str(UUID(text))
    except ValueError:
        return None
    return canonical if canonical == text.lower() else None


def identifier_in(uri: str) -> str:
    """The UUID that a CASE address ends with, or ``""``."""
    found = _UUID_AT_END.search(uri)
    return found[1].lower() if found else ""


def moment(text: str) -> datetime | None:
    """A CASE dateTime, in UTC; one without a zone is taken as UTC, as most servers run."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def derived(owner: str, *parts: str) -> str:
    """An identifier that follows from its owner's: the same file gives the same one every time."""
    return str(uuid5(UUID(owner), "/".join(parts)))


def address(base: str, kind: str, identifier: str) -> str:
    """The URI of an object exported from ``base``; without a base, a URN of its identifier."""
    return f"{base}/{kind}/{identifier}" if base else f"urn:uuid:{identifier}"


def title_of(competency: CompetencyRecord, language: str) -> str:
    """How links name a competency: its code, else the beginning of its statement."""
    statement = in_own_language(competency.full_statement, text_key(competency.language or language))
    return competency.human_code or statement[:80].strip() or competency.identifier


def in_own_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def licence_link(title: str, url: str) -> dict[str, Any]:
    return {"title": title or url, "identifier": str(uuid5(NAMESPACE_URL, url)), "uri": url}


def grouping_link(document: str, base: str, title: str) -> dict[str, Any]:
    identifier = derived(document, "grouping", title)
    return {
        "title": title,
        "identifier": identifier,
        "uri": address(base, "CFAssociationGroupings", identifier),
    }


class Names:
    """The address and title that links inside one referential use."""

    def __init__(self, record: ReferentialRecord, base: str) -> None:
        self.base = base
        self._titles = {item.identifier: title_of(item, record.language) for item in record.competencies}
        self._uris = {
            item.identifier: str(item.extra.get("uri") or address(base, "CFItems", item.identifier))
            for item in record.competencies
        }
        document = record.extra.get("CFDocument", {})
        self._titles[record.identifier] = in_own_language(record.titles, text_key(record.language))
        self._uris[record.identifier] = str(
            document.get("uri") or address(base, "CFDocuments", record.identifier)
        )

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._uris

    def title(self, identifier: str) -> str:
        return self._titles[identifier]

    def uri(self, identifier: str) -> str:
        return self._uris[identifier]

    def link(self, identifier: str) -> dict[str, Any]:
        return {"title": self.title(identifier), "identifier": identifier, "uri": self.uri(identifier)}
