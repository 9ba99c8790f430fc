"""Open the bytes of an evidence item: the one door, which the malware gate guards."""

from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from assessments.models import Evidence
from assessments.scanning import quarantine_refusal
from workbench.errors import DomainError
from workbench.storage import open_blob


def guard_open(item: Evidence) -> None:
    """Raises DomainError while the file is in quarantine."""
    refusal = quarantine_refusal(item.blob) if item.blob else None
    if refusal:
        raise refusal


def open_evidence(item: Evidence) -> File[Any]:
    """The bytes of a file or text. Raises DomainError when they may not be opened, or are gone."""
    guard_open(item)
    try:
        return open_blob(item.sha256)
    except FileNotFoundError:
        raise DomainError(
            "file-gone", _("The bytes of this evidence are no longer in the storage."), status=410
        ) from None
