"""Show the text of evidence in the page: read, decoded and cut into lines on the server."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.analysers.recognition.decoding import decode
from assessments.models import Evidence
from workbench.storage import open_blob

MAX_BYTES = 256 * 1024
# All items of a page together: what comes after is offered as a download, so that the page stays quick.
MAX_PAGE_BYTES = 1024 * 1024

# A PDF or an image can be all ASCII, and is no text for that.
READABLE = ("text/", "application/json", "application/xml")

# Controls and marks that turn the direction of writing would let a text show other than what it is.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True)
class Line:
    number: int
    text: str


@dataclass(frozen=True)
class Item:
    """An evidence item with its place in the list; without ``lines`` nothing is shown inline."""

    evidence: Evidence
    number: int
    lines: list[Line]
    is_missing: bool = False


def items_of(evidence: Iterable[Evidence], *, readable: bool) -> list[Item]:
    """Every item, with its lines when it is text and the reader may read files."""
    room = MAX_PAGE_BYTES if readable else 0
    items = []
    for number, one in enumerate(evidence, start=1):
        readable_type = one.media_type.startswith(READABLE)
        if not one.is_file or not readable_type or one.size > min(MAX_BYTES, room):
            items.append(Item(one, number, []))
            continue
        room -= one.size
        try:
            items.append(Item(one, number, lines_of(one)))
        except FileNotFoundError:
            items.append(Item(one, number, [], is_missing=True))
    return items


def lines_of(evidence: Evidence) -> list[Line]:
    """The lines of a text; none for anything that is not text, whatever its name says."""
    with open_blob(evidence.sha256) as file:
        decoded = decode(file.read(MAX_BYTES + 1), cut=False)
    if decoded is None:
        return []
    text = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [
        Line(number, HIDDEN.sub(_named, line))
        for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1)
    ]


def _named(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"
