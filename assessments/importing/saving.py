"""Save a referential that was read: checked first, all of it or nothing."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assessments.importing.difference import Difference, difference
from assessments.importing.messages import message
from assessments.importing.problems import Problem
from assessments.importing.reading import read
from assessments.importing.records import ReferentialRecord
from assessments.importing.rows import content_digest, document_fields, read_record, write_content
from assessments.models import Referential
from assessments.models.referential import AdoptionStatus
from assessments.permissions import can_administer, can_adopt
from workbench.access import require
from workbench.audit import record as record_event
from workbench.errors import DomainError, invalid
from workbench.models import Organisation, User


@dataclass(frozen=True)
class Preview:
    """What an import would do; nothing can be saved while there are problems."""

    record: ReferentialRecord | None
    problems: tuple[Problem, ...]
    replaces: Referential | None
    difference: Difference | None

    @property
    def changes_nothing(self) -> bool:
        return bool(
            self.record and self.replaces and self.replaces.content_digest == content_digest(self.record)
        )

    @property
    def compared_with(self) -> str:
        """The digest of the version that the organisation has now; empty when it has none."""
        return self.replaces.content_digest if self.replaces else ""


def preview(files: Mapping[str, bytes], *, organisation: Organisation, by: User | None) -> Preview:
    """Read and check files, and compare them with the version that the organisation has now.

    Here and below, ``by`` is None only when the operator's command asks.
    """
    _allow(organisation, by)
    found = read(files)
    if found.record is None:
        return Preview(None, found.problems, None, None)
    current = _current(organisation, found.record)
    before = read_record(current) if current else None
    return Preview(found.record, (), current, difference(before, found.record))


def import_files(files: Mapping[str, bytes], *, organisation: Organisation, by: User | None) -> Referential:
    """Read, check and save in one go.

    Raises DomainError ``referential-invalid`` with every problem and its place, and what ``save`` raises.
    """
    seen = preview(files, organisation=organisation, by=by)
    if seen.record is None:
        raise invalid(
            "referential-invalid",
            _("The referential was not imported: put right what is listed, and import it again."),
            errors=[
                {
                    "location": "file",
                    "field": problem.where,
                    "code": problem.code,
                    "detail": str(message(problem)),
                }
                for problem in seen.problems
            ],
        )
    return save(seen.record, organisation=organisation, by=by)


@transaction.atomic
def save(record: ReferentialRecord, *, organisation: Organisation, by: User | None) -> Referential:
    """Make a new version, or rewrite the draft of the same version; an adopted version never changes.

    Raises DomainError ``nothing-changed`` with the id of the version that says the same.
    """
    _allow(organisation, by)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = _current(organisation, record)
    if current and current.content_digest == content_digest(record):
        raise DomainError(
            "nothing-changed",
            _("This version of the referential is there already, with the same content."),
            extra={"id": str(current.pk)},
        )
    referential = _row_for(record, organisation, current)
    write_content(referential, record)
    if referential.is_adopted:
        _succeed(referential)
    record_event(
        by,
        "referential-imported",
        referential,
        version=referential.version,
        sha256=referential.content_digest,
        status=referential.adoption_status,
    )
    return referential


@transaction.atomic
def adopt(referential: Referential, *, by: User) -> Referential:
    """Make a draft binding: it is public from now on, never changes, and replaces the version before."""
    require(can_adopt, by, referential)
    # The lock of ``save``: an import that has seen a draft must not rewrite what is adopted meanwhile.
    Organisation.objects.select_for_update().get(pk=referential.organisation_id)
    referential = Referential.objects.select_for_update().get(pk=referential.pk)
    if not referential.is_draft:
        raise DomainError("not-a-draft", _("Only a draft can be adopted."))
    referential.adoption_status = AdoptionStatus.ADOPTED
    referential.save(update_fields=["adoption_status"])
    _succeed(referential)
    record_event(by, "referential-adopted", referential, version=referential.version)
    return referential


def _allow(organisation: Organisation, by: User | None) -> None:
    if by is not None:
        require(can_administer, by, organisation)


def _current(organisation: Organisation, record: ReferentialRecord) -> Referential | None:
    """The newest version the organisation has of this CASE document, drafts included."""
    return Referential.objects.versions_of(organisation, uuid.UUID(record.identifier)).current().first()


def _row_for(
    record: ReferentialRecord, organisation: Organisation, current: Referential | None
) -> Referential:
    if current and current.is_draft and record.version in (current.version, _base(current.version)):
        for related in (current.rubrics, current.associations, current.competencies):
            related.all().delete()
        for name, value in document_fields(record).items():
            setattr(current, name, value)
        current.save()
        return current
    version = _free_version(organisation, record)
    try:
        with transaction.atomic():
            return Referential.objects.create(
                organisation=organisation, version=version, **document_fields(record)
            )
    except IntegrityError:
        raise DomainError(
            "imported-meanwhile",
            _("Somebody imported this referential at the same moment. Look at it and try again."),
        ) from None


def _free_version(organisation: Organisation, record: ReferentialRecord) -> str:
    """The version as the file names it, or with ``+2``, ``+3`` … when that name is taken by other content."""
    taken = set(
        Referential.objects.versions_of(organisation, uuid.UUID(record.identifier)).values_list(
            "version", flat=True
        )
    )
    if record.version not in taken:
        return record.version
    number = 2
    while f"{record.version}+{number}" in taken:
        number += 1
    return f"{record.version}+{number}"


def _base(version: str) -> str:
    return re.sub(r"\+\d+$", "", version)


def _succeed(referential: Referential) -> None:
    """Point the adopted versions before this one to it."""
    Referential.objects.versions_of(referential.organisation, referential.identifier).current().filter(
        adoption_status=AdoptionStatus.ADOPTED
    ).exclude(pk=referential.pk).update(replaced_by=referential)
