"""Read the members of a ZIP container without being flooded by it."""

import zipfile
import zlib
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

MAX_MEMBERS: Final = 5_000
MAX_MEMBER: Final = 30_000_000
MAX_TOTAL: Final = 100_000_000
MAX_RATIO: Final = 200
# Small members may be packed better than that: an empty sheet is all the same few words.
_RATIO_FREE: Final = 1_000_000
# An element takes some forty times its shortest spelling in memory.
_MOST_TAGS: Final = 1_500_000
_DEEPEST: Final = 200

# What zipfile and its decompressors raise for damaged, foreign or encrypted members.
DAMAGED_ZIP: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
)


class Refusal(Exception):
    """A part is not read; `reason` is the code that the analysis says it with."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Archive:
    """The members of an office document. Raises `Refusal` when it is damaged or too large."""

    def __init__(self, content: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(content)
            members = self._zip.infolist()
        except DAMAGED_ZIP as error:
            raise Refusal("damaged-archive") from error
        if len(members) > MAX_MEMBERS:
            raise Refusal("archive-limit")
        self._members = {member.filename: member for member in members}
        self._room = MAX_TOTAL
        self._read: set[str] = set()

    @property
    def unread(self) -> list[str]:
        """The members that nothing asked for."""
        return [name for name in self._members if name not in self._read]

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """A member's bytes; raises `Refusal` (``archive-bomb``, ``damaged-archive``, ``missing-part``)."""
        member = self._members.get(name)
        if member is None:
            raise Refusal("missing-part")
        self._read.add(name)
        limit = min(MAX_MEMBER, self._room, max(_RATIO_FREE, member.compress_size * MAX_RATIO))
        if member.file_size > limit:
            raise Refusal("archive-bomb")
        try:
            with self._zip.open(member) as opened:
                data = opened.read(limit + 1)
        except DAMAGED_ZIP as error:
            raise Refusal("damaged-archive") from error
        if len(data) > limit:  # the directory may say less than what comes out
            raise Refusal("archive-bomb")
        self._room -= len(data)
        return data

    def xml(self, name: str) -> Element:
        """A member's root element; raises `Refusal` (also ``damaged-xml``, ``xml-dtd``)."""
        return parsed(self.read(name))


def parsed(data: bytes) -> Element:
    """The root of an XML text without DTD, entities or absurd depth."""
    if data.count(b"<") > _MOST_TAGS:
        raise Refusal("xml-limit")
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Refusal("xml-dtd") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise Refusal("damaged-xml") from error
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise Refusal("xml-limit")
