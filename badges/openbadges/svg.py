"""One credential in one `openbadges:` element of an SVG, all other bytes kept."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from badges.openbadges.baking_errors import (
    AlreadyBaked,
    BadImage,
    Held,
    NoCredential,
    SeveralCredentials,
)

SVG = "http://www.w3.org/2000/svg"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
OLDER_NAMESPACE = "http://openbadges.org"
HOLDERS = {f"{NAMESPACE} credential": 3, f"{OLDER_NAMESPACE} assertion": 2}
PREFIX = "openbadges"
MAX_DEPTH = 200
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass
class _Element:
    """The start of an element that holds a badge, and its text as the parser hands it over."""

    version: int
    verify: str
    parts: list[str] = field(default_factory=list)


class _Reader:
    """One strict pass over an SVG: no document type, no entities, limited depth."""

    def __init__(self, image: bytes) -> None:
        self.parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.path: list[str] = []
        self.root_at = -1
        self.prefixes: dict[str, str] = {}
        self.found: list[_Element] = []
        self.older = False
        try:
            self.parser.Parse(_utf8(image), True)
        except expat.ExpatError as error:
            raise BadImage(
                f"the SVG is not well-formed: line {error.lineno}, column {error.offset}"
            ) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path:
            if name != f"{SVG} svg":
                raise BadImage("the outermost element is not an SVG")
            self.root_at = self.parser.CurrentByteIndex
        if len(self.path) >= MAX_DEPTH:
            raise BadImage("the SVG is nested too deeply")
        if self.path and self.path[-1] in HOLDERS:
            raise BadImage("the credential element of the SVG holds other elements")
        self.older = self.older or name.startswith(f"{OLDER_NAMESPACE} ")
        if name in HOLDERS:
            self.found.append(_Element(HOLDERS[name], attributes.get("verify", "").strip()))
        self.path.append(name)

    def _end(self, name: str) -> None:
        self.path.pop()

    def _text(self, text: str) -> None:
        if self.path[-1] in HOLDERS:
            self.found[-1].parts.append(text)

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if len(self.path) == 0:
            self.prefixes[prefix or ""] = uri

    def _refuse_doctype(self, *declaration: object) -> None:
        raise BadImage("an SVG with a document type is refused")


def insert(image: bytes, credential_text: str) -> bytes:
    """The SVG with the credential right after its start tag; raises a `BakingError`.

    JSON stands in one CDATA section and must be what `parsing.serialise` writes, so that it can stand in XML
    unchanged. A JWT is the value of the attribute `verify` (Open Badges 3.0 §5.3.2).
    """
    if NOT_IN_XML.search(credential_text) or "]]>" in credential_text:
        raise BadImage("the credential holds characters that XML cannot; serialise it first")
    reader = _Reader(image)
    if reader.found or reader.older:
        raise AlreadyBaked("the SVG already holds a badge")
    if reader.prefixes.get(PREFIX, NAMESPACE) != NAMESPACE:
        raise BadImage(f"the SVG uses the prefix {PREFIX} for something else")
    data = _utf8(image)
    name_end, tag_end = _start_tag(data, reader.root_at)
    declared = "" if PREFIX in reader.prefixes else f" xmlns:{PREFIX}={quoteattr(NAMESPACE)}"
    element = _element(credential_text)
    head = data[:name_end] + declared.encode()
    if data[tag_end - 1 : tag_end] == b"/":
        name = data[reader.root_at + 1 : name_end]
        closing = b"</" + name + b">"
        return head + data[name_end : tag_end - 1] + b">" + element.encode() + closing + data[tag_end + 1 :]
    return head + data[name_end : tag_end + 1] + element.encode() + data[tag_end + 1 :]


def extract(image: bytes) -> Held:
    """What an SVG holds, an Open Badge 3.0 before an older one; raises a `BakingError`."""
    reader = _Reader(image)
    for version in (3, 2):
        found = [element for element in reader.found if element.version == version]
        if len(found) > 1:
            raise SeveralCredentials("the SVG holds more than one credential")
        if found:
            return Held(_chosen(found[0]), version)
    raise NoCredential("the SVG holds no credential")


def _chosen(element: _Element) -> str:
    """The attribute or the body. Version 2.0 repeats a hosted assertion in the body, under its address."""
    body = "".join(element.parts)
    if not (element.verify and body.strip()):
        return element.verify or body
    if element.version == 2 and element.verify.startswith(("http://", "https://")):
        return body
    raise BadImage("the SVG holds a signed text and JSON, so it is not clear which one counts")


def _element(credential_text: str) -> str:
    name = f"{PREFIX}:credential"
    if credential_text.startswith("{"):
        return f"<{name}><![CDATA[{credential_text}]]></{name}>"
    return f"<{name} verify={quoteattr(credential_text)}></{name}>"


def _utf8(image: bytes) -> bytes:
    """The image without byte order mark, if it is UTF-8 and says nothing else."""
    data = image.removeprefix(b"\xef\xbb\xbf")
    declared = re.match(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise BadImage("the SVG is not in UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadImage("the SVG is not in UTF-8") from error
    return data


def _start_tag(data: bytes, start: int) -> tuple[int, int]:
    """Where the name of the tag at `start` ends, and where its closing `>` stands (values may hold one)."""
    name = re.compile(rb"<[^\s/>]+").match(data, start)
    tag = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>").match(data, start)
    if name is None or tag is None:
        raise BadImage("the start tag of the SVG cannot be found")
    return name.end(), tag.end() - 1
