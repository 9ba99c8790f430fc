"""One credential in one `openbadges:credential` element of an SVG, all other bytes kept."""

import re
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from badges.openbadges.baking_errors import (
    AlreadyBaked,
    BadImage,
    NoCredential,
    OlderOpenBadge,
    SeveralCredentials,
)

SVG = "http://www.w3.org/2000/svg"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
OLDER_NAMESPACE = "http://openbadges.org"
PREFIX = "openbadges"
MAX_DEPTH = 200
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
        self.credentials: list[list[str]] = []
        self.signatures: list[str] = []
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
        if self.path and self.path[-1] == f"{NAMESPACE} credential":
            raise BadImage("the credential element of the SVG holds other elements")
        self.older = self.older or name.startswith(f"{OLDER_NAMESPACE} ")
        if name == f"{NAMESPACE} credential":
            self.credentials.append([])
            self.signatures.append(attributes.get("verify", ""))
        self.path.append(name)

    def _end(self, name: str) -> None:
        self.path.pop()

    def _text(self, text: str) -> None:
        if self.path[-1] == f"{NAMESPACE} credential":
            self.credentials[-1].append(text)

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
    if reader.credentials or reader.older:
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


def extract(image: bytes) -> str:
    """The credential in an SVG, or the JWS of one in JWT form; raises a `BakingError`."""
    reader = _Reader(image)
    if len(reader.credentials) > 1:
        raise SeveralCredentials("the SVG holds more than one credential")
    if not reader.credentials:
        if reader.older:
            raise OlderOpenBadge("the SVG holds an Open Badge of version 1 or 2")
        raise NoCredential("the SVG holds no credential")
    signature, body = reader.signatures[0], "".join(reader.credentials[0])
    if signature and body.strip():
        raise BadImage("the SVG holds a JWT and JSON, so it is not clear which one counts")
    return signature or body


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
