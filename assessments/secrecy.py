"""What the analysers marked as secret in an item, what of it is settled, and whether it may be shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments.analysers.analysis import Secret
from assessments.analysers.secrets.codes import NATURES, UNSEARCHED, UNSEARCHED_INSIDE, Nature
from assessments.models import Analysis, Dismissal, Evidence
from assessments.models.analysis import AnalysisState
from assessments.models.evidence import Visibility
from workbench.errors import DomainError, invalid

Key = tuple[str, str, int, int]

NOT_READ_YET = "not-read-yet"


@dataclass(frozen=True)
class Mark:
    """A secret where it stands, and the learner's word that it is none."""

    secret: Secret
    dismissed: Dismissal | None = None

    @property
    def key(self) -> Key:
        return key_of(self.secret)

    @property
    def nature(self) -> Nature:
        return NATURES.get(self.secret.code, "credential")

    @property
    def is_open(self) -> bool:
        return self.dismissed is None


def key_of(secret: Secret) -> Key:
    return (secret.code, secret.place.unit, secret.place.first, secret.place.last)


def analysis_of(item: Evidence) -> Analysis | None:
    """What was read in the item's file; None for a link."""
    found: Analysis | None = getattr(item.blob, "analysis", None) if item.blob else None
    return found


def marks(item: Evidence) -> list[Mark]:
    """Everything marked in the item, in the order of the file; none while it is being read."""
    analysis = analysis_of(item)
    if analysis is None or not analysis.secrets:
        return []
    settled = {dismissal.key: dismissal for dismissal in item.dismissals.all()}
    found = (Secret.from_json(data) for data in analysis.secrets)
    return [Mark(secret, settled.get(key_of(secret))) for secret in found]


def open_marks(item: Evidence) -> list[Mark]:
    return [mark for mark in marks(item) if mark.is_open]


@dataclass(frozen=True)
class MarkGroup:
    """All marks of one kind; each with its number among the open ones, or None when it is settled."""

    code: str
    nature: Nature
    marks: tuple[tuple[int | None, Mark], ...]


def grouped_marks(item: Evidence) -> list[MarkGroup]:
    """What is marked, by kind: keys first, then what lets someone in, then what tells about people."""
    numbers = {mark.key: number for number, mark in enumerate(open_marks(item))}
    groups: dict[str, list[tuple[int | None, Mark]]] = {}
    for mark in marks(item):
        number = numbers.get(mark.key) if mark.is_open else None
        groups.setdefault(mark.secret.code, []).append((number, mark))
    order: list[Nature] = ["key", "credential", "personal"]
    found = [MarkGroup(code, of[0][1].nature, tuple(of)) for code, of in groups.items()]
    return sorted(found, key=lambda group: (order.index(group.nature), group.code))


def refusal_to_show(item: Evidence) -> DomainError | None:
    """Why the bytes of this item may not be public now; None when they may.

    A file whose reading failed or was cut short is held back: nobody knows what else stands in it.
    """
    if item.blob is None:
        return None
    analysis = analysis_of(item)
    if item.blob.is_quarantined or analysis is None or analysis.state == AnalysisState.WAITING:
        return DomainError(
            NOT_READ_YET,
            _("“%(title)s” is still being read. It can be shown in public a moment from now.")
            % {"title": item.title},
        )
    if analysis.state == AnalysisState.FAILED or _is_unsearched(analysis):
        return invalid(
            "not-readable",
            _(
                "“%(title)s” could not be read, so nobody knows whether a password stands in it. Show its "
                "summary only, or hand in another file."
            )
            % {"title": item.title},
        )
    unsettled = len(open_marks(item)) + analysis.secrets_left_out
    if unsettled:
        return invalid(
            "secrets-open",
            ngettext_lazy(
                "“%(title)s” holds a secret that the whole world would read. Make a cleaned copy, say why it "
                "is none, or show the summary only.",
                "“%(title)s” holds %(count)s secrets that the whole world would read. Make a cleaned copy, "
                "say why they are none, or show the summary only.",
                unsettled,
            )
            % {"title": item.title, "count": unsettled},
        )
    return None


def _is_unsearched(analysis: Analysis) -> bool:
    """Whether a part could not be searched for secrets: a damaged page, an encrypted text, a file inside."""
    reasons = {part["reason"] for part in analysis.skipped}
    found = {finding["code"] for finding in analysis.findings}
    return bool(reasons & UNSEARCHED or found & UNSEARCHED_INSIDE)


def first_refusal(items: Iterable[Evidence]) -> DomainError | None:
    """The first item among these that its learner wants public and that holds open secrets, or may hold some.

    A file that is still being read stops nobody from handing in: it is looked at again when the badge is made
    and whenever the file is asked for.
    """
    public = (item for item in items if item.visibility == Visibility.PUBLIC)
    refusals = filter(None, map(refusal_to_show, public))
    return next((refusal for refusal in refusals if refusal.code != NOT_READ_YET), None)


def shown_visibility(item: Evidence) -> Visibility:
    """What may be shown of an item: its learner's choice, without the file where a secret is open in it."""
    if item.visibility == Visibility.PUBLIC and refusal_to_show(item):
        return Visibility.SUMMARY
    return Visibility(item.visibility)
