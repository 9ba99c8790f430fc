"""Put notes at places in the evidence, while the review is held."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Evidence, Submission
from assessments.viewing.items import reading_of
from reviews.claiming import lease_lost, renew
from reviews.models import Annotation, Review
from reviews.models.annotation import LARGEST_PLACE, MAX_NAME, MAX_TEXT, Unit
from reviews.permissions import can_score
from reviews.quoting import MAX_BYTES, read_lines
from reviews.scoring import ended, kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

MOST_ANNOTATIONS = 200
# What the files of an analyser are made of.
UNITS = {
    "firewall-configuration": (Unit.LINE, Unit.RULE),
    "packet-capture": (Unit.PACKET, Unit.FLOW),
    "document": (Unit.LINE, Unit.PAGE),
}
# The fact of an analysis that tells how many there are; of conversations the largest are numbered.
COUNTED = {Unit.LINE: "lines", Unit.RULE: "lines", Unit.PACKET: "packets", Unit.PAGE: "pages"}


@dataclass(frozen=True)
class Anchor:
    """A place in an item, counted from 1; ``last`` of 0 means the same as ``first``.

    A rule comes with its lines and its name, a flow with its number and its name.
    """

    unit: Unit
    first: int = 0
    last: int = 0
    name: str = ""

    @property
    def range(self) -> tuple[int, int]:
        if self.unit == Unit.ITEM:
            return 0, 0
        return self.first, self.first if self.unit == Unit.FLOW else self.last or self.first


@transaction.atomic
def annotate(
    review: Review,
    evidence: Evidence,
    anchor: Anchor,
    *,
    text: str,
    criterion: Criterion | None = None,
    by: User,
) -> Annotation:
    """Put a note at a place. Raises DomainError ``lease-lost``, with the text, when the work is gone.

    Also ``already-decided``, ``unknown-evidence``, ``unknown-criterion``, ``no-such-place``,
    ``text-missing``, ``text-too-long`` and ``too-many-annotations``.
    """
    require(can_score, by, review)
    text = _worded(text)
    _guard_subject(review, evidence, criterion)
    anchor, quote = _placed(evidence, anchor)
    hold(review, text)
    if Annotation.objects.filter(review=review).count() >= MOST_ANNOTATIONS:
        raise invalid(
            "too-many-annotations",
            _("A review holds at most %(limit)s notes. Put some of them together.")
            % {"limit": MOST_ANNOTATIONS},
        )
    annotation = Annotation.objects.create(
        review=review, evidence=evidence, criterion=criterion, text=text, quote=quote, **_columns(anchor)
    )
    _record(by, "annotated", annotation)
    return annotation


@transaction.atomic
def rewrite(
    annotation: Annotation,
    anchor: Anchor,
    *,
    version: int,
    text: str,
    criterion: Criterion | None = None,
    by: User,
) -> Annotation:
    """Change a note, its place within the item or its criterion.

    ``version`` is the note's version that the writer saw. Raises DomainError ``stale`` with what is kept
    now in ``extra`` when somebody changed it since, and what ``annotate`` raises.
    """
    review = annotation.review
    require(can_score, by, review)
    text = _worded(text)
    _guard_subject(review, annotation.evidence, criterion)
    anchor, quote = _placed(annotation.evidence, anchor)
    hold(review, text)
    changed = Annotation.objects.filter(pk=annotation.pk, review=review, version=version).update(
        text=text,
        quote=quote,
        criterion=criterion,
        version=F("version") + 1,
        changed_at=timezone.now(),
        **_columns(anchor),
    )
    if not changed:
        raise _stale(annotation, text)
    annotation.refresh_from_db()
    _record(by, "annotation-changed", annotation)
    return annotation


@transaction.atomic
def remove(annotation: Annotation, *, version: int | None = None, by: User) -> None:
    """Take a note away; with ``version`` only as the person saw it."""
    review = annotation.review
    require(can_score, by, review)
    hold(review, "")
    rows = Annotation.objects.filter(pk=annotation.pk, review=review)
    if version is not None:
        rows = rows.filter(version=version)
    # Deleting counts rows that go along, too; here none do.
    if not rows.delete()[0]:
        raise _stale(annotation, "")
    _record(by, "annotation-removed", annotation)


def frozen(annotations: Iterable[Annotation]) -> list[dict[str, Any]]:
    """What the event of a decision says of its notes: where each stands, and the digest of its words."""
    return [
        {
            "id": str(one.pk),
            "evidence": str(one.evidence_id),
            "criterion": str(one.criterion_id) if one.criterion_id else None,
            "place": [one.unit, one.first, one.last],
            "sha256": hashlib.sha256(one.text.encode()).hexdigest(),
        }
        for one in annotations
    ]


# --- Guards ------------------------------------------------------------------------------------------


def _worded(text: str) -> str:
    text = kept_text(text, limit=MAX_TEXT).strip()
    if not text:
        raise invalid("text-missing", _("Write what you want to say about this place."))
    return text


def _guard_subject(review: Review, evidence: Evidence, criterion: Criterion | None) -> None:
    if evidence.submission_id != review.submission_id:
        raise unknown_evidence()
    if criterion is not None and criterion.rubric_id != review.submission.achievement.rubric_id:
        raise unknown_criterion()


def unknown_evidence() -> DomainError:
    return invalid("unknown-evidence", _("This evidence does not belong to this work."))


def unknown_criterion() -> DomainError:
    return invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))


def hold(review: Review, text: str) -> None:
    """The lease goes on, or the refusal gives back what was written; saves and decisions wait in line."""
    Submission.objects.select_for_update().filter(pk=review.submission_id).exists()
    review.refresh_from_db(fields=["state", "fence"])
    try:
        if not review.is_open:
            raise ended(review)
        renew(review)
    except DomainError as error:
        error.extra["text"] = text
        raise


def _placed(evidence: Evidence, anchor: Anchor) -> tuple[Anchor, str]:
    """The place as it is kept, with the quote of its lines. Raises DomainError ``no-such-place``."""
    first, last = anchor.range
    name = kept_text(anchor.name, limit=MAX_NAME) if anchor.unit in (Unit.RULE, Unit.FLOW) else ""
    placed = Anchor(anchor.unit, first, last, name)
    if anchor.unit == Unit.ITEM:
        return placed, ""
    if not evidence.is_file or not 1 <= first <= last <= LARGEST_PLACE:
        raise _no_such_place()
    reading = read_lines(evidence) if anchor.unit in (Unit.LINE, Unit.RULE) else None
    most = len(reading.lines) if reading else _how_many(evidence, anchor.unit)
    if most is not None and last > most:
        raise _no_such_place(most)
    return placed, reading.quote(first, last) if reading else ""


def _how_many(evidence: Evidence, unit: Unit) -> int | None:
    """How many of a unit the program counted in a file; None while nobody knows."""
    analysis = reading_of(evidence)
    if analysis is None:
        # Lines that cannot be read here are those of a long text, or none at all.
        return 0 if unit in (Unit.LINE, Unit.RULE) and evidence.size <= MAX_BYTES else None
    if unit not in UNITS.get(analysis.analyser, ()):
        return 0
    if unit == Unit.FLOW:
        return len(analysis.facts.get("conversations", {}).get("largest", ()))
    told = analysis.facts.get(COUNTED[unit])
    return told if isinstance(told, int) else None


def _no_such_place(most: int | None = None) -> DomainError:
    if most:
        return invalid(
            "no-such-place",
            _("There is no such place in this evidence: it has %(count)s.") % {"count": most},
        )
    return invalid("no-such-place", _("There is no such place in this evidence."))


def _stale(annotation: Annotation, text: str) -> DomainError:
    kept = Annotation.objects.filter(pk=annotation.pk).first()
    if kept is None:
        return DomainError(
            "annotation-gone",
            _("This note was removed in another window meanwhile. Your text is kept here."),
            extra={"text": text},
        )
    if kept.review_id != annotation.review_id:
        return lease_lost()
    return DomainError(
        "stale",
        _("This note was changed in another window meanwhile. Both texts are shown: choose what to keep."),
        extra={"version": kept.version, "kept": kept.text, "text": text},
    )


# --- Changes -----------------------------------------------------------------------------------------


def _columns(anchor: Anchor) -> dict[str, Any]:
    return {"unit": anchor.unit, "first": anchor.first, "last": anchor.last, "name": anchor.name}


def _record(by: User, verb: str, annotation: Annotation) -> None:
    """Ids alone: events are kept for ever, what was written may have to be erased."""
    record(
        by,
        verb,
        annotation.review.submission,
        review=str(annotation.review_id),
        annotation=str(annotation.pk),
        evidence=str(annotation.evidence_id),
    )
