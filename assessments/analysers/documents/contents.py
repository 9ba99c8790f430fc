"""What a reader of documents found before secrets are looked for in it."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from assessments.analysers.analysis import Finding, Place, Secret, Skipped, Unit

MAX_PAGES: Final = 500
MAX_TEXT: Final = 2_000_000
MAX_HEADINGS: Final = 100
_LONGEST_HEADING: Final = 200
# Characters that draw nothing or turn the direction of what follows, but for tab and line ends.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)


def plain(text: str) -> str:
    """`text` with line ends as LF and without characters that cannot be seen."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(slots=True)
class Contents:
    """Text by page (of a text without pages: one), with what a reader noticed on the way.

    `unit` says what a place in it is: a page, sheet or slide, or a line of the only page. `source` is the
    whole of a file that is text itself, as it stands there. `beside` are words on no page in particular:
    what a form was filled in with, remarks.
    """

    unit: Unit
    pages: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    source: str | None = None
    beside: list[str] = field(default_factory=list)
    _room: int = MAX_TEXT

    @property
    def is_full(self) -> bool:
        return self._room < 0

    def add_page(self, text: str) -> None:
        """Keep a page, as far as there is room for its text; what does not fit is said once."""
        text = plain(text)
        if len(text) > self._room:
            self.cut_short()
        self.pages.append(text[: max(0, self._room)])
        self._room -= len(text)

    def cut_short(self) -> None:
        """Say, once, that there is more text than is kept."""
        if not any(part.reason == "text-limit" for part in self.skipped):
            self.skipped.append(Skipped("text-limit"))

    def has_pages(self, count: int) -> None:
        """Say how many pages, sheets or slides there are, also when not all of them are read."""
        self.facts["pages"] = count
        if count > MAX_PAGES:
            rest = Place("page", MAX_PAGES + 1, count)
            self.skipped.append(Skipped("page-limit", rest, count - MAX_PAGES))

    def add_heading(self, text: str) -> None:
        text = " ".join(plain(text).split())[:_LONGEST_HEADING]
        if text and len(self.headings) < MAX_HEADINGS:
            self.headings.append(text)

    def notice(self, code: str, severity: Any, **values: str | int) -> None:
        if not any(finding.code == code for finding in self.findings):
            self.findings.append(Finding(code, severity, values=values))
