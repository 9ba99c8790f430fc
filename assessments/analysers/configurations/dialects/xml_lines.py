"""Read an XML configuration into elements that know their lines, and refuse any that declares a DTD."""

from collections.abc import Iterator
from typing import Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.expatreader import DefusedExpatParser  # type: ignore[import-untyped]

from assessments.analysers.configurations.lines import UnreadLines, count_lines
from assessments.analysers.configurations.refusing import RefusedContent

MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 500_000
# Certificates and graphs fill elements that no rule is made of.
_MAX_TEXT: Final = 10_000


class Element:
    """An element with its text, its lines, and whether the file got as far as its end."""

    __slots__ = ("attributes", "children", "closed", "first_line", "last_line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.first_line = line
        self.last_line = line
        self.closed = False
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def get(self, *path: str) -> "Element | None":
        """The first element at the end of `path`."""
        found: Element | None = self
        for name in path:
            found = next((one for one in found.children if one.name == name), None) if found else None
        return found

    def all(self, *path: str) -> "Iterator[Element]":
        """Every element at the end of `path`."""
        if len(path) > 1:
            for child in self.all(path[0]):
                yield from child.all(*path[1:])
        else:
            yield from (one for one in self.children if one.name == path[0])

    def value(self, *path: str) -> str:
        """The text of the first element at the end of `path`, empty when there is none."""
        found = self.get(*path)
        return found.text if found else ""

    def has(self, *path: str) -> bool:
        return self.get(*path) is not None


class _Builder(ContentHandler):
    """Keeps elements as they come; what is open when the file ends stays unclosed."""

    def __init__(self, unread: UnreadLines) -> None:
        super().__init__()
        self.root: Element | None = None
        self._unread = unread
        self._stack: list[Element] = []
        self._ignored = 0
        self._count = 0
        self._locator: Locator | None = None
        self._kept = 0

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX's name
        self._locator = locator

    @property
    def line(self) -> int:
        return (self._locator.getLineNumber() if self._locator else 1) or 1

    @property
    def open_line(self) -> int:
        """Where the innermost element begins that is still open."""
        return self._stack[-1].first_line if self._stack else 1

    @property
    def open_name(self) -> str:
        return self._stack[-1].name if self._stack else ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._count += 1
        if self._ignored or len(self._stack) >= MAX_DEPTH or self._count > MAX_ELEMENTS:
            if not self._ignored:
                self._unread.limit(self.line, self.line)
            self._ignored += 1
            return
        element = Element(name, dict(attrs.items()) if attrs.getLength() else {}, self.line)
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self.root = element
        self._stack.append(element)
        self._kept = 0

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._ignored:
            self._ignored -= 1
            return
        element = self._stack.pop()
        element.last_line = self.line
        element.closed = True
        self._kept = 0

    def characters(self, content: str) -> None:
        if self._stack and not self._ignored and self._kept < _MAX_TEXT:
            self._kept += len(content)
            self._stack[-1].parts.append(content)


def read_xml(text: str, unread: UnreadLines) -> Element | None:
    """The root element of `text`, with all that was read before any damage; None when there is none.

    Raises `RefusedContent` (``dtd-refused``) for a document type or an entity declaration, harmless or not.
    """
    # What cannot be encoded cannot be parsed either; expat itself is told that it gets UTF-8.
    clean = text.removeprefix("\ufeff").encode("utf-8", "replace").decode()
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder = _Builder(unread)
    parser.setContentHandler(builder)
    builder.setDocumentLocator(parser)
    try:
        parser.feed(clean)
        parser.close()
    except DefusedXmlException as refusal:
        raise RefusedContent("dtd-refused", builder.line) from refusal
    except SAXParseException as damage:
        first = min(builder.open_line, damage.getLineNumber() or 1)
        unread.damaged_tail(first, max(1, count_lines(text)), builder.open_name)
    return builder.root
