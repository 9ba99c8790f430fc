"""Have the malware scanner look at what was handed in, when the operator has one."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Blob, Evidence
from assessments.models.evidence import Scan
from workbench.audit import record
from workbench.clamd import TooLargeToScan, scan
from workbench.errors import DomainError
from workbench.storage import open_blob


def scan_blob(blob: Blob) -> Blob:
    """Ask the scanner once for each file; a file it has spoken about is not sent again.

    Raises ``workbench.clamd.ScannerAway``: until it answers, the file stays in quarantine.
    """
    if not settings.CLAMD_URL or blob.scan in (Scan.CLEAN, Scan.INFECTED):
        return blob
    with open_blob(blob.sha256) as content:
        try:
            verdict = scan(settings.CLAMD_URL, content)
        except TooLargeToScan:
            return _keep(blob, Scan.UNSCANNABLE, "")
    return _keep(blob, Scan.CLEAN if verdict.clean else Scan.INFECTED, verdict.signature)


@transaction.atomic
def _keep(blob: Blob, found: Scan, signature: str) -> Blob:
    blob.scan, blob.scan_signature, blob.scanned_at = found, signature[:200], timezone.now()
    blob.save(update_fields=["scan", "scan_signature", "scanned_at"])
    if found != Scan.CLEAN:
        for item in Evidence.objects.filter(blob=blob):
            record(None, "evidence-quarantined", item, scan=found.value, signature=signature[:200])
    return blob


def quarantine_refusal(blob: Blob) -> DomainError | None:
    """Why nobody may have these bytes now; None when they may."""
    if not blob.is_quarantined:
        return None
    if blob.scan == Scan.INFECTED:
        return DomainError(
            "infected",
            _("The scanner found malware in this file (%(signature)s): nobody can open it.")
            % {"signature": blob.scan_signature},
        )
    if blob.scan == Scan.UNSCANNABLE:
        return DomainError(
            "unscannable",
            _("This file is too large for the malware scanner: nobody can open it. Hand in a smaller part."),
        )
    return DomainError(
        "not-scanned",
        _("This file is being checked for malware. It opens as soon as the scanner has answered."),
    )
