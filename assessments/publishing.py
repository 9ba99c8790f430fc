"""Publish referentials as the objects of a CASE 1.1 service."""

import uuid
from typing import Any

from django.conf import settings
from django.db.models import Q

from assessments.importing.case import write_case
from assessments.importing.case.service import write_document, write_item
from assessments.importing.rows import read_competency, read_document, read_record
from assessments.models import Competency, Referential

Json = dict[str, Any]
SERVICE = f"{settings.BASE_URL}/ims/case/v1p1"


def case_package(referential: Referential) -> Json:
    """The CFPackage; importing it again gives the same referential."""
    return write_case(read_record(referential), SERVICE)


def case_document(referential: Referential) -> Json:
    return write_document(read_document(referential), SERVICE)


def case_item(competency: Competency) -> Json:
    return write_item(read_competency(competency), read_document(competency.referential), SERVICE)


def published_referential(identifier: uuid.UUID) -> Referential | None:
    """The version with this id, or the latest public version of the CASE document with this identifier."""
    found = list(Referential.objects.public().filter(Q(pk=identifier) | Q(identifier=identifier)))
    owner = _first_publisher(found)
    return min(found, key=lambda one: _rank(one, identifier, owner), default=None)


def published_competency(identifier: uuid.UUID) -> Competency | None:
    """The competency with this id, or with this CASE identifier in the latest public version that has it."""
    found = list(
        Competency.objects.filter(
            Q(pk=identifier) | Q(identifier=identifier), referential__in=Referential.objects.public()
        ).select_related("referential")
    )
    owner = _first_publisher([one.referential for one in found])
    return min(
        found,
        key=lambda one: (one.pk != identifier, *_rank(one.referential, identifier, owner)),
        default=None,
    )


def _first_publisher(versions: list[Referential]) -> uuid.UUID | None:
    """The organisation that was here first: nobody takes over an identifier by importing it as well."""
    first = min(versions, key=lambda one: one.created_at, default=None)
    return first.organisation_id if first else None


def _rank(
    referential: Referential, identifier: uuid.UUID, owner: uuid.UUID | None
) -> tuple[bool, bool, bool, bool, float]:
    """The asked row first, then its first publisher, adopted before deprecated, current, new before old."""
    return (
        referential.pk != identifier,
        referential.organisation_id != owner,
        not referential.is_adopted,
        not referential.is_current,
        -referential.created_at.timestamp(),
    )
