"""Turns expanded JSON-LD into RDF quads (JSON-LD 1.1 API §7.2), refusing whatever RDF would silently lose."""

import math
import re
from typing import Any

from badges.openbadges.canonical import Quad

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE, FIRST, REST, NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))

ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]*\Z")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
BLANK_NODE = re.compile(r"_:[A-Za-z0-9]{1,64}\Z")
NODE_KEYWORDS = {"@id", "@type", "@graph"}

# Canonical N-Quads, RDFC-1.0 §5: short escapes, every other control character as \uXXXX.
ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
ESCAPES |= {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: '\\"', 0x5C: "\\\\"}


class NotRepresentable(ValueError):
    """Part of the document has no place in RDF, so a signature would not cover it."""


class QuadMaker:
    """Walks one expanded document and gathers its quads."""

    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self.names: dict[str, str] = {}
        self.fresh = 0

    def add(self, expanded: list[Any]) -> list[Quad]:
        """The quads of an expanded document; raises `NotRepresentable`."""
        for node in expanded:
            self.node(node, "")
        return self.quads

    def node(self, node: dict[str, Any], graph: str) -> str:
        subject = self.subject(node.get("@id"))
        for name in node.get("@type", ()):
            self.quads.append((subject, TYPE, iri_term(name), graph))
        for key, values in node.items():
            if key in NODE_KEYWORDS:
                continue
            if key.startswith("@"):
                raise NotRepresentable(f"{key} has no place in a signed document")
            predicate = iri_term(key)
            for value in values:
                self.quads.append((subject, predicate, self.object(value, graph), graph))
        if "@graph" in node:
            for inner in node["@graph"]:
                self.node(inner, subject)
        return subject

    def object(self, value: dict[str, Any], graph: str) -> str:
        if "@value" in value:
            return literal(value)
        if "@list" in value:
            return self.chain(value["@list"], graph)
        return self.node(value, graph)

    def chain(self, items: list[Any], graph: str) -> str:
        head = NIL
        for item in reversed(items):
            cell = self.blank()
            self.quads.append((cell, FIRST, self.object(item, graph), graph))
            self.quads.append((cell, REST, head, graph))
            head = cell
        return head

    def subject(self, identifier: str | None) -> str:
        return self.blank() if identifier is None else self.term(identifier)

    def term(self, identifier: str) -> str:
        if not isinstance(identifier, str) or not BLANK_NODE.match(identifier):
            return iri_term(identifier)
        if identifier not in self.names:
            self.names[identifier] = self.blank()
        return self.names[identifier]

    def blank(self) -> str:
        self.fresh += 1
        return f"_:n{self.fresh}"


def iri_term(iri: str) -> str:
    """An absolute IRI as an N-Quads term; raises `NotRepresentable` for a relative or malformed one."""
    if not isinstance(iri, str) or not ABSOLUTE_IRI.match(iri):
        raise NotRepresentable(f"{str(iri)[:120]!r} is not an absolute IRI")
    return f"<{iri}>"


def literal(value: dict[str, Any]) -> str:
    """A JSON-LD value object as an N-Quads literal."""
    if not value.keys() <= {"@value", "@type", "@language"}:
        raise NotRepresentable("a value object may hold @value, @type and @language only")
    if not isinstance(value["@value"], (str, bool, int, float)):
        raise NotRepresentable("a value must be a text, a number, true or false")
    text, datatype = _lexical(value["@value"], value.get("@type"))
    quoted = '"' + text.translate(ESCAPES) + '"'
    language = value.get("@language")
    if language is not None:
        if not LANGUAGE_TAG.match(language):
            raise NotRepresentable(f"{language[:40]!r} is not a language tag")
        return f"{quoted}@{language}"
    return quoted if datatype in (None, XSD + "string") else f"{quoted}^^{iri_term(str(datatype))}"


def _lexical(value: Any, datatype: str | None) -> tuple[str, str | None]:
    if isinstance(value, str):
        return (_double(float(value)), datatype) if _is_double(value, datatype) else (value, datatype)
    if isinstance(value, bool):
        return str(value).lower(), datatype or XSD + "boolean"
    if not math.isfinite(value):
        raise NotRepresentable("JSON has no number that is infinite or none")
    if (isinstance(value, float) and not value.is_integer()) or abs(value) >= 1e21:
        return _double(value), datatype or XSD + "double"
    if datatype == XSD + "double":
        return _double(value), datatype
    return str(int(value)), datatype or XSD + "integer"


def _is_double(value: str, datatype: str | None) -> bool:
    return datatype == XSD + "double" and re.fullmatch(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", value) is not None


def _double(value: float) -> str:
    """The canonical form of a double: 1.23E1 (JSON-LD 1.1 API §8.6)."""
    mantissa, exponent = f"{value:.15E}".split("E")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}0E{int(exponent)}" if mantissa.endswith(".") else f"{mantissa}E{int(exponent)}"
