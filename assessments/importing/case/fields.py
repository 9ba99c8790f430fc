"""Taking typed values out of one CASE object, noting what is wrong with each and what is left over."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from assessments.importing.case import terms
from assessments.importing.problems import MAX_CODE, MAX_TEXT, MAX_TITLE, MAX_URI, Problem
from assessments.importing.records import Texts

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")


@dataclass
class Reading:
    """What is known while one package is being read."""

    base: str = ""
    document: str = ""
    language: str = "en"
    last_change: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def note(self, where: str, code: str, values: dict[str, str | int] | None = None) -> None:
        self.problems.append(Problem(where, code, values or {}))


class Fields:
    """One JSON object of a package. Each value is taken once; ``rest`` is what nobody took."""

    def __init__(self, raw: Any, where: str, reading: Reading) -> None:
        self.where = where
        self.reading = reading
        if not isinstance(raw, dict):
            reading.note(where, "not-an-object")
            raw = {}
        self._left = {key: value for key, value in raw.items() if value is not None}
        self._ours = self._take_extension()
        self._translations = self._object_of_ours("translations")
        self._languages = self._object_of_ours("languages")

    def _take_extension(self) -> dict[str, Any]:
        extensions = self._left.get("extensions")
        if not isinstance(extensions, dict) or terms.EXTENSION not in extensions:
            return {}
        others = {key: value for key, value in extensions.items() if key != terms.EXTENSION}
        self._left["extensions"] = others
        if not others:
            del self._left["extensions"]
        ours = extensions[terms.EXTENSION]
        if isinstance(ours, dict):
            return ours
        self.reading.note(f"{self.where}.extensions.{terms.EXTENSION}", "not-an-object")
        return {}

    def _object_of_ours(self, key: str) -> dict[str, Any]:
        value = self._ours.get(key, {})
        if isinstance(value, dict):
            return value
        self.reading.note(f"{self.where}.extensions.{terms.EXTENSION}.{key}", "not-an-object")
        return {}

    def ours(self, key: str) -> str:
        """A text from our extension."""
        value = self._ours.get(key, "")
        return value if isinstance(value, str) else ""

    def text(self, key: str, limit: int = MAX_TITLE, required: bool = False) -> str:
        value = self._left.pop(key, "")
        where = f"{self.where}.{key}"
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.reading.note(where, "not-a-text")
            return ""
        text = value.strip()
        if not text and required:
            self.reading.note(where, "missing", {"field": key})
        if len(text) > limit:
            self.reading.note(where, "too-long", {"limit": limit})
        return text

    def texts(self, key: str, language: str, limit: int = MAX_TEXT, required: bool = False) -> Texts:
        """A text and its translations, in our extension as ``translations: {field: {language: text}}``."""
        plain = self.text(key, limit, required)
        own = self._languages.get(key, language)
        found = {str(own): plain} if plain else {}
        translations = self._translations.get(key, {})
        where = f"{self.where}.extensions.{terms.EXTENSION}.translations.{key}"
        if not isinstance(translations, dict):
            self.reading.note(where, "not-an-object")
            return found
        for translation, value in translations.items():
            if not isinstance(value, str):
                self.reading.note(f"{where}.{translation}", "not-a-text")
            elif len(value) > limit:
                self.reading.note(f"{where}.{translation}", "too-long", {"limit": limit})
            elif value.strip() and translation not in found:
                found[translation] = value.strip()
        for code in found:
            if not re.fullmatch(r"[a-z]{2,3}", code):
                self.reading.note(
                    where if code in translations else f"{self.where}.{key}",
                    "bad-language",
                    {"language": code[:20]},
                )
        return found

    def identifier(self, otherwise: str = "") -> str:
        """A UUID; ``otherwise`` stands in for one that is absent, else its absence is a problem."""
        written = self.text("identifier", MAX_CODE, required=not otherwise)
        if not written:
            found = otherwise
        elif (canonical := terms.as_uuid(written)) is None:
            self.reading.note(f"{self.where}.identifier", "bad-identifier", {"identifier": written[:60]})
            return written[:MAX_CODE]
        else:
            found = canonical
        if found in self.reading.places:
            self.reading.note(
                f"{self.where}.identifier",
                "repeated-identifier",
                {"identifier": found, "first": self.reading.places[found]},
            )
        elif found:
            self.reading.places[found] = self.where
        return found

    def integer(self, key: str) -> int | None:
        number = self.number(key)
        return None if number is None else math.floor(number)

    def number(self, key: str) -> Decimal | None:
        """A number, or a text that is one."""
        value = self._left.pop(key, None)
        if value is None or value == "":
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1_000_000_000:
            return Decimal(str(value))
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            return Decimal(value.strip())
        self.reading.note(f"{self.where}.{key}", "bad-number")
        return None

    def moment(self, key: str) -> datetime | None:
        written = self.text(key, MAX_CODE, required=True)
        found = terms.moment(written)
        if written and found is None:
            self.reading.note(f"{self.where}.{key}", "bad-date", {"text": written[:60]})
        return found

    def levels(self, key: str) -> tuple[str, ...]:
        """A list of words; some tools write them as one text with commas."""
        value = self._left.pop(key, [])
        words = value.split(",") if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str | int) for word in words):
            self.reading.note(f"{self.where}.{key}", "not-a-list")
            return ()
        return tuple(text for word in words if (text := str(word).strip()))

    def items(self, key: str) -> "Iterator[Fields]":
        """The objects in a list; a list that is absent is empty."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            self.reading.note(f"{self.where}.{key}", "not-a-list")
            value = []
        for index, raw in enumerate(value):
            yield Fields(raw, f"{self.where}.{key}[{index}]", self.reading)

    def raw(self, key: str) -> Any:
        return self._left.pop(key, None)

    def text_left(self, key: str) -> str:
        """A text that nobody took yet, left where it is."""
        value = self._left.get(key)
        return value if isinstance(value, str) else ""

    def link(self, key: str) -> "Link":
        """A CASE link: an object with title, identifier and URI, or (older tools) the URI alone."""
        value = self._left.pop(key, None)
        if value is None:
            return Link()
        if isinstance(value, str):
            uri = value.strip()
            return Link(uri=uri, identifier=terms.identifier_in(uri), raw=value)
        fields = Fields(value, f"{self.where}.{key}", self.reading)
        uri = fields.text("uri", MAX_URI)
        identifier = fields.text("identifier", MAX_URI)
        if identifier == uri or not identifier:
            identifier = "" if identifier else terms.identifier_in(uri)
        title = fields.text("title", MAX_TEXT)
        return Link(
            uri=uri,
            identifier=terms.as_uuid(identifier) or identifier,
            title="" if title == uri else title,
            raw=value,
            rest=fields.rest(),
        )

    def rest(self) -> dict[str, Any]:
        return dict(self._left)

    def rest_of_node(self, kind: str, identifier: str) -> dict[str, Any]:
        """What is left of an object with an identity, without what an export derives again by itself."""
        left = dict(self._left)
        uri = left.get("uri")
        if uri in (terms.address(self.reading.base, kind, identifier), terms.address("", kind, identifier)):
            del left["uri"]
        changed = left.get("lastChangeDateTime")
        if isinstance(changed, str) and terms.moment(changed) == self.reading.last_change:
            del left["lastChangeDateTime"]
        back = left.get("CFDocumentURI")
        target = back.get("identifier") if isinstance(back, dict) else terms.identifier_in(str(back or ""))
        if target == self.reading.document:
            left.pop("CFDocumentURI", None)
        return left


@dataclass(frozen=True)
class Link:
    """A CASE link, read."""

    uri: str = ""
    identifier: str = ""
    title: str = ""
    raw: Any = None
    rest: dict[str, Any] = field(default_factory=dict)
