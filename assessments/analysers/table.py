"""Who reads what: the one table of analysers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assessments.analysers.recognising import Recognised


@dataclass(frozen=True, slots=True)
class Analyser:
    """``module`` has ``analyse(content, recognised) -> Analysis``; it is imported where the reading is done.

    A new ``version`` has everything that this analyser has read read again.
    """

    name: str
    version: int
    module: str


CONFIGURATIONS: Final = Analyser(
    "firewall-configuration", 1, "assessments.analysers.configurations.analysing"
)
CAPTURES: Final = Analyser("packet-capture", 1, "assessments.analysers.captures.analysing")
DOCUMENTS: Final = Analyser("document", 1, "assessments.analysers.documents.analysing")
IMAGES: Final = Analyser("image", 1, "assessments.analysers.images.analysing")
# Nothing reads archives and programs: that is said, and said again once something does.
UNREAD: Final = Analyser("none", 1, "assessments.analysers.unread")

ANALYSERS: Final[Mapping[str, Analyser]] = {
    "firewall-configuration": CONFIGURATIONS,
    "packet-capture": CAPTURES,
    "document": DOCUMENTS,
    "image": IMAGES,
    "other": UNREAD,
}


def analyser_for(recognised: Recognised) -> Analyser:
    """By the kind that the content has; any other text is read as a document."""
    if recognised.kind == "other" and recognised.encoding is not None:
        return DOCUMENTS
    return ANALYSERS[recognised.kind]


def versions() -> dict[str, int]:
    return {analyser.name: analyser.version for analyser in ANALYSERS.values()}
