"""Put evidence into a draft, describe it, take it out again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments.analysers.names import clean_filename
from assessments.analysers.recognising import HEAD_BYTES, TAIL_BYTES, Recognised, lies, recognise
from assessments.models import Analysis, Blob, Criterion, Evidence, Submission, Support
from assessments.models.analysis import EXAMINE
from assessments.models.evidence import Form, Kind, Visibility
from assessments.permissions import can_work_on
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.jobs import enqueue
from workbench.models import User
from workbench.storage import keep_blob, open_blob
from workbench.uploads import DigestedFile, digested

CONSENT_VERSION = "2026-11"

# How many items one person may add in a minute: more than anybody does by hand.
ADDED_A_MINUTE = 60

TITLE_LENGTH = 200
NARRATIVE_LENGTH = 10_000
REASON_LENGTH = 2000
URL_LENGTH = 2000

# What a learner may call content that was recognised as something else, because it is that as well.
ALSO = {
    Kind.FIREWALL_CONFIGURATION: {Kind.FIREWALL_CONFIGURATION, Kind.DOCUMENT, Kind.OTHER},
    Kind.PACKET_CAPTURE: {Kind.PACKET_CAPTURE, Kind.OTHER},
    Kind.DOCUMENT: {Kind.DOCUMENT, Kind.FIREWALL_CONFIGURATION, Kind.OTHER},
    Kind.IMAGE: {Kind.IMAGE, Kind.DOCUMENT, Kind.OTHER},
    Kind.OTHER: {Kind.OTHER, Kind.DOCUMENT},
}


@dataclass(frozen=True)
class Description:
    """What the learner says of an evidence item; ``supports`` gives a reason by criterion."""

    title: str
    narrative: str
    visibility: Visibility
    supports: Mapping[Criterion, str]
    kind: Kind | None = None


def add_file(
    submission: Submission,
    file: DigestedFile,
    description: Description,
    *,
    redacted_from: Evidence | None = None,
    replaces: Evidence | None = None,
    by: User,
) -> Evidence:
    """Take an upload: its type is told by its content, its bytes are kept under their digest."""
    require(can_work_on, by, submission)
    _guard_room(submission)
    filename = clean_filename(file.name or "")
    if file.too_large:
        raise invalid(
            "too-large",
            _("“%(name)s” is larger than %(limit)s MB. Hand in a smaller part, or a link to it.")
            % {"name": filename, "limit": settings.MAX_EVIDENCE_BYTES // (1024 * 1024)},
        )
    if not file.size:
        raise invalid("empty-file", _("“%(name)s” is empty. Choose the file again.") % {"name": filename})
    recognised = _recognise(file)
    kind = _kind_of(filename, recognised, description.kind)
    return _add(
        submission,
        description,
        by,
        form=Form.FILE,
        kind=kind,
        dialect=recognised.dialect or "",
        media_type=recognised.media_type,
        filename=filename,
        content=file,
        redacted_from=redacted_from,
        replaces=replaces,
    )


def replace(evidence: Evidence, file: DigestedFile, *, by: User) -> Evidence:
    """Put a new version in a file's place, so that what was annotated can be followed into it."""
    description = Description(
        title=evidence.title,
        narrative=evidence.narrative,
        visibility=Visibility(evidence.visibility),
        supports={support.criterion: support.justification for support in evidence.supports.all()},
    )
    submission = evidence.submission
    if file.sha256 == evidence.sha256:
        raise invalid("same-file", _("This is the file that is here already. Choose the new version."))
    # First the new one: if it is refused, the old one is still there.
    with transaction.atomic():
        added = add_file(submission, file, description, replaces=evidence.earlier, by=by)
        added.position = evidence.position
        added.save(update_fields=["position"])
        remove(evidence, by=by)
    return added


def add_text(submission: Submission, text: str, description: Description, *, by: User) -> Evidence:
    """Take a text typed on the page; it is kept as bytes with a digest, as a file is."""
    require(can_work_on, by, submission)
    _guard_room(submission)
    if not text.strip():
        raise invalid("empty-text", _("Write the text of your evidence."))
    file = digested(text.encode(errors="replace"), "text.txt", "text/plain")
    if file.too_large:
        raise invalid("too-large", _("This text is too long. Hand it in as a file."))
    recognised = _recognise(file)
    return _add(
        submission,
        description,
        by,
        form=Form.TEXT,
        kind=_kind_of_text(recognised, description.kind),
        dialect=recognised.dialect or "",
        media_type="text/plain",
        filename="",
        content=file,
    )


def add_link(submission: Submission, url: str, description: Description, *, by: User) -> Evidence:
    """Take an address. Nothing fetches it: what it shows is not held here and has no digest."""
    require(can_work_on, by, submission)
    _guard_room(submission)
    url = _clean(url)
    if len(url) > URL_LENGTH:
        raise invalid("bad-link", _("This address is too long to keep. Give a shorter one."))
    try:
        URLValidator(schemes=["https", "http"])(url)
    except ValidationError:
        raise invalid("bad-link", _("Give a complete address that begins with https://.")) from None
    if urlsplit(url).username is not None:
        raise invalid(
            "bad-link", _("Take the user name and password out of the address: everyone would see them.")
        )
    return _add(submission, description, by, form=Form.LINK, kind=description.kind or Kind.OTHER, url=url)


def describe(evidence: Evidence, description: Description, *, by: User) -> Evidence:
    """Change what is said of an item; the bytes never change: a new file is new evidence."""
    require(can_work_on, by, evidence.submission)
    # Outside the transaction: looking into stored bytes may take a bucket's time.
    kind = _kind_again(evidence, description.kind)
    return _describe(evidence, description, kind, by)


@transaction.atomic
def remove(evidence: Evidence, *, by: User) -> None:
    """Take an item out of a draft. The bytes stay while anything else refers to them."""
    require(can_work_on, by, evidence.submission)
    _locked_item(evidence)
    gone = str(evidence.pk)
    evidence.delete()
    record(by, "evidence-removed", evidence.submission, evidence=gone, sha256=evidence.sha256)


# --- Guards ------------------------------------------------------------------------------------------


def _locked_draft(submission: Submission) -> Submission:
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if not locked.is_editable:
        raise DomainError("not-editable", _("This work was handed in: its evidence can no longer change."))
    return locked


def _locked_item(evidence: Evidence) -> None:
    """Lock the draft and make sure the item is still in it: saving one that is gone would bring it back."""
    if not _locked_draft(evidence.submission).evidence.filter(pk=evidence.pk).exists():
        raise DomainError(
            "evidence-gone", _("There is nothing here, or nothing that you may see."), status=404
        )


def _guard_room(submission: Submission, *, added: int = 0, sha256: str = "") -> None:
    """Refuse what is over a limit. Bytes the learner has stored already take no room again."""
    if not submission.is_editable:
        raise DomainError("not-editable", _("This work was handed in: its evidence can no longer change."))
    if submission.evidence.count() >= settings.MAX_EVIDENCE_ITEMS:
        raise invalid(
            "too-many-items",
            ngettext_lazy(
                "A submission holds at most one item of evidence.",
                "A submission holds at most %(limit)s items of evidence. Take one out first.",
                settings.MAX_EVIDENCE_ITEMS,
            )
            % {"limit": settings.MAX_EVIDENCE_ITEMS},
        )
    held = Evidence.objects.filter(submission__learner=submission.learner_id, sha256=sha256)
    if not added or held.exists():
        return
    if Evidence.objects.bytes_of(submission.learner) + added > settings.MAX_LEARNER_BYTES:
        raise invalid(
            "quota-exceeded",
            _("All your evidence together may take %(limit)s MB. Take out what you no longer need.")
            % {"limit": settings.MAX_LEARNER_BYTES // (1024 * 1024)},
        )


def _guard_description(submission: Submission, description: Description) -> None:
    if not _clean(description.title):
        raise invalid("title-missing", _("Give the evidence a title."))
    lengths = [(description.title, TITLE_LENGTH), (description.narrative, NARRATIVE_LENGTH)]
    lengths += [(reason, REASON_LENGTH) for reason in description.supports.values()]
    for text, limit in lengths:
        if len(_clean(text)) > limit:
            raise invalid(
                "text-too-long",
                _("A text of %(length)s characters is too long: at most %(limit)s fit here.")
                % {"length": len(_clean(text)), "limit": limit},
            )
    rubric = submission.achievement.rubric_id
    if any(criterion.rubric_id != rubric for criterion in description.supports):
        raise invalid("unknown-criterion", _("A criterion you chose does not belong to this achievement."))


def _recognise(file: File[Any]) -> Recognised:
    size = file.size or 0
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    file.seek(0)
    return recognise(head, size, tail)


def _kind_of(filename: str, recognised: Recognised, claimed: Kind | None) -> Kind:
    """The kind by content. Raises DomainError when the name or the learner says another one."""
    if recognised.executable and recognised.label_code != "script":
        raise invalid(
            "program-refused",
            _("“%(name)s” is a program. Hand in what it produced, or its source as text.")
            % {"name": filename},
        )
    found = Kind(recognised.kind)
    if lies(filename, recognised) or (claimed is not None and claimed not in ALSO[found]):
        raise invalid(
            "type-mismatch",
            _("“%(name)s” does not hold what its name or kind says: its content is a %(found)s (%(type)s).")
            % {"name": filename, "found": found.label, "type": recognised.media_type},
        )
    return claimed or found


def _kind_of_text(recognised: Recognised, claimed: Kind | None) -> Kind:
    if claimed in (Kind.PACKET_CAPTURE, Kind.IMAGE):
        raise invalid(
            "kind-mismatch", _("A typed text cannot be a packet capture or an image. Upload the file.")
        )
    allowed = recognised.kind in (Kind.FIREWALL_CONFIGURATION, Kind.DOCUMENT)
    return claimed or (Kind(recognised.kind) if allowed else Kind.DOCUMENT)


def _kind_again(evidence: Evidence, claimed: Kind | None) -> Kind:
    """The kind after an edit: what was stored, unless the learner names another that the content allows."""
    if claimed is None or claimed == evidence.kind:
        return Kind(evidence.kind)
    if evidence.form == Form.LINK:
        return claimed
    with open_blob(evidence.sha256) as content:
        recognised = _recognise(content)
    if evidence.form == Form.TEXT:
        return _kind_of_text(recognised, claimed)
    return _kind_of(evidence.filename, recognised, claimed)


def _clean(text: str) -> str:
    """Without what a database refuses (NUL, halves of surrogate pairs) and without blanks around it."""
    return text.replace("\0", "").encode(errors="replace").decode().strip()


# --- Changes -----------------------------------------------------------------------------------------


@transaction.atomic
def _describe(evidence: Evidence, description: Description, kind: Kind, by: User) -> Evidence:
    _locked_item(evidence)
    _guard_description(evidence.submission, description)
    evidence.kind = kind
    _apply(evidence, description)
    evidence.save()
    _support(evidence, description.supports)
    record(by, "evidence-described", evidence, visibility=evidence.visibility)
    return evidence


def _add(
    submission: Submission,
    description: Description,
    by: User,
    *,
    content: DigestedFile | None = None,
    **fields: Any,
) -> Evidence:
    _guard_description(submission, description)
    size, sha256 = (content.size or 0, content.sha256) if content else (0, "")
    if content:
        _guard_room(submission, added=size, sha256=sha256)
        # Outside the transaction: writing 64 MB to a slow disk must not hold up everybody else.
        keep_blob(content, sha256)
    with transaction.atomic():
        locked = _locked_draft(submission)
        _guard_room(locked, added=size, sha256=sha256)
        blob = _stored(sha256, size) if content else None
        last = locked.evidence.order_by("-position").values_list("position", flat=True).first()
        evidence = Evidence(
            id=uuid.uuid4(),
            submission=locked,
            position=0 if last is None else last + 1,
            blob=blob,
            size=size,
            sha256=sha256,
            **fields,
        )
        _apply(evidence, description)
        evidence.save(force_insert=True)
        _support(evidence, description.supports)
        record(
            by,
            "evidence-added",
            evidence,
            submission=str(locked.pk),
            sha256=sha256,
            visibility=evidence.visibility,
        )
    return evidence


def _stored(sha256: str, size: int) -> Blob:
    """The row of stored bytes, to be read by an analyser when they are new here."""
    blob, _created = Blob.objects.get_or_create(sha256=sha256, defaults={"size": size})
    analysis, unread = Analysis.objects.get_or_create(blob=blob)
    if unread:
        enqueue(EXAMINE, analysis.pk)
    return blob


def _apply(evidence: Evidence, description: Description) -> None:
    evidence.title = _clean(description.title)
    evidence.narrative = _clean(description.narrative)
    if evidence.visibility != description.visibility or evidence.consent_at is None:
        shown = description.visibility != Visibility.PRIVATE
        evidence.consent_at = timezone.now() if shown else None
        evidence.consent_version = CONSENT_VERSION if shown else ""
    evidence.visibility = description.visibility


def _support(evidence: Evidence, supports: Mapping[Criterion, str]) -> None:
    evidence.supports.all().delete()
    Support.objects.bulk_create(
        Support(evidence=evidence, criterion=criterion, justification=_clean(reason))
        for criterion, reason in supports.items()
    )
