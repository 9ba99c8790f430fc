"""A stored file in the hands of a reader, with what was read in it."""

from dataclasses import dataclass
from functools import cached_property

from assessments.models import Analysis, Evidence
from assessments.secrecy import Mark, analysis_of, marks
from assessments.viewing.items import reading_of
from assessments.viewing.remarks import Remark, remarks_of

# A PDF or an image can be all ASCII, and is no text for that.
READABLE = ("text/", "application/json", "application/xml")


@dataclass(frozen=True)
class Opened:
    item: Evidence

    @property
    def state(self) -> Analysis | None:
        """How the reading stands, done or not."""
        return analysis_of(self.item)

    @property
    def analysis(self) -> Analysis | None:
        """The reading once it is done."""
        return reading_of(self.item)

    @property
    def is_text(self) -> bool:
        return self.item.media_type.startswith(READABLE)

    @cached_property
    def remarks(self) -> list[Remark]:
        return remarks_of(self.analysis) if self.analysis else []

    @cached_property
    def secrets(self) -> list[Mark]:
        return marks(self.item)
