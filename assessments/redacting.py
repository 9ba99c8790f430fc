"""Settle what was marked as secret: hand in a cleaned copy, or say why it is none."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.evidencing import TITLE_LENGTH, Description, add_file
from assessments.models import Dismissal, Evidence
from assessments.models.evidence import Kind, Visibility
from assessments.opening import open_evidence
from assessments.permissions import can_work_on
from assessments.secrecy import Key, open_marks
from workbench.access import require
from workbench.audit import record
from workbench.confining import Limits, Refused, Stopped, run_confined
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.storage import keep_blob
from workbench.uploads import digested

MIB = 1024 * 1024
LIMITS = Limits(memory=1024 * MIB, cpu=60, wall=120, output=80 * MIB)
REASON_LENGTH = 500


def redact(item: Evidence, *, by: User) -> Evidence:
    """Put a copy without the marked secrets beside an item of a draft; the original becomes private.

    The copy takes over what the learner let the badge show and what it supports; the assessor reads both.
    """
    require(can_work_on, by, item.submission)
    if not item.submission.is_editable:
        raise DomainError("not-editable", _("This work was handed in: its evidence can no longer change."))
    if item.redacted_copies.exists():
        raise DomainError("already-redacted", _("There is a cleaned copy of this evidence already."))
    if not open_marks(item):
        raise DomainError("nothing-to-redact", _("Nothing is marked as secret in this evidence."))
    cleaned = digested(_cleaned(item), _name(item.filename), item.media_type)
    description = Description(
        title=(_("%(title)s (cleaned copy)") % {"title": item.title})[:TITLE_LENGTH],
        narrative=item.narrative,
        visibility=Visibility(item.visibility),
        supports={support.criterion: support.justification for support in item.supports.all()},
        kind=Kind(item.kind),
    )
    # The bytes first: writing them must not hold up everybody else.
    keep_blob(cleaned, cleaned.sha256)
    with transaction.atomic():
        copy = add_file(item.submission, cleaned, description, redacted_from=item, by=by)
        Evidence.objects.filter(pk=item.pk).update(
            visibility=Visibility.PRIVATE, consent_at=None, consent_version=""
        )
        record(by, "evidence-redacted", copy, original=str(item.pk), original_sha256=item.sha256)
    return copy


@transaction.atomic
def dismiss(item: Evidence, keys: Collection[Key], *, reason: str, by: User) -> int:
    """Say of marks that they are no secrets, and why; returns how many were settled.

    Also after the badge is out: a new version of an analyser may mark more.
    """
    require(can_work_on, by, item.submission)
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise invalid("reason-missing", _("Say why this is no secret: your assessor reads it."))
    if len(reason) > REASON_LENGTH:
        raise invalid(
            "text-too-long",
            _("A text of %(length)s characters is too long: at most %(limit)s fit here.")
            % {"length": len(reason), "limit": REASON_LENGTH},
        )
    chosen = [mark for mark in open_marks(item) if mark.key in set(keys)]
    if not chosen:
        raise invalid("nothing-chosen", _("Choose at least one of the places that are marked."))
    Dismissal.objects.bulk_create(
        (
            Dismissal(evidence=item, code=code, unit=unit, first=first, last=last, reason=reason)
            for code, unit, first, last in {mark.key for mark in chosen}
        ),
        ignore_conflicts=True,
    )
    # The kinds and how many, never where or what: events are kept for ever.
    record(
        by, "secrets-dismissed", item, codes=sorted({mark.secret.code for mark in chosen}), count=len(chosen)
    )
    return len(chosen)


def _cleaned(item: Evidence) -> bytes:
    with open_evidence(item) as content:
        try:
            return run_confined("assessments.analysers.redaction:redact", content, {}, LIMITS)
        except Refused:
            raise invalid(
                "no-copy",
                _("This kind of file cannot be cleaned here. Take the secrets out and upload it again."),
            ) from None
        except Stopped:
            raise invalid(
                "copy-failed", _("The copy could not be made: the file is too large or damaged.")
            ) from None


def _name(filename: str) -> str:
    stem, dot, extension = (filename or "text.txt").rpartition(".")
    return f"{stem}-cleaned{dot}{extension}" if dot else f"{extension}-cleaned"
