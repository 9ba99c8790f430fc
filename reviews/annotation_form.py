"""What the form of a note sends, read once at the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Evidence
from reviews.annotating import Anchor, unknown_criterion, unknown_evidence
from reviews.models import Annotation, Review
from reviews.models.annotation import Unit
from workbench.errors import DomainError, invalid

# More digits than the largest place has.
MOST_DIGITS = 18


@dataclass(frozen=True)
class Entry:
    """The fields as they were written, to be shown again; ``subject`` reads them."""

    evidence: str = ""
    unit: str = Unit.LINE
    first: str = ""
    last: str = ""
    name: str = ""
    criterion: str = ""
    text: str = ""
    version: str = ""

    @property
    def anchor(self) -> Anchor:
        """Raises DomainError ``unknown-unit`` or ``no-such-place``."""
        if self.unit not in Unit.values:
            raise invalid("unknown-unit", _("Choose what the note stands at."))
        unit = Unit(self.unit)
        if unit == Unit.ITEM:
            return Anchor(unit)
        return Anchor(unit, _number(self.first), _number(self.last) if self.last else 0, self.name)

    @property
    def seen_version(self) -> int:
        """The version of the note that the writer saw; of a page out of date none."""
        return _number(self.version) if self.version else 0

    def item_of(self, review: Review) -> Evidence:
        """Raises DomainError ``unknown-evidence``."""
        rows = review.submission.evidence.with_reading()
        item = rows.filter(pk=_uuid(self.evidence, unknown_evidence())).first()
        if item is None:
            raise unknown_evidence()
        return item

    def criterion_of(self, review: Review) -> Criterion | None:
        """Raises DomainError ``unknown-criterion``."""
        if not self.criterion:
            return None
        pk = _uuid(self.criterion, unknown_criterion())
        rubric = review.submission.achievement.rubric_id
        found = Criterion.objects.filter(pk=pk, rubric=rubric).first()
        if found is None:
            raise unknown_criterion()
        return found


def read_note(data: Mapping[str, str]) -> Entry:
    """The entry that a form or an address holds; a rule's or flow's ``name`` comes along."""
    fields = ("evidence", "unit", "first", "last", "name", "criterion", "version")
    values = {field: data[field].strip() for field in fields if field in data}
    return Entry(**values, text=data.get("text", "").replace("\r\n", "\n"))


def entry_of(annotation: Annotation) -> Entry:
    """What is kept, to be changed."""
    return Entry(
        evidence=str(annotation.evidence_id),
        unit=annotation.unit,
        first=str(annotation.first or ""),
        last=str(annotation.last) if annotation.last != annotation.first else "",
        name=annotation.name,
        criterion=str(annotation.criterion_id or ""),
        text=annotation.text,
        version=str(annotation.version),
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise invalid("no-such-place", _("Write the place as a whole number, counted from 1."))
    return int(text)


def _uuid(text: str, refusal: DomainError) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refusal from None
