"""What the program read in one file: all of it, and what to do about marked secrets."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from assessments import redacting
from assessments.analysers.configurations import telling
from assessments.api.shapes import AnalysisOut, EvidenceOut, analysis_shape, evidence_shape
from assessments.api.submissions import find
from assessments.evidencing import ADDED_A_MINUTE
from assessments.models import Analysis, Evidence
from assessments.secrecy import analysis_of, marks
from assessments.viewing.configurations import ruleset_of
from workbench.access import may
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text
from workbench.errors import DomainError, invalid
from workbench.limits import count

router = Router(tags=["what is handed in"])


class FullAnalysisOut(AnalysisOut):
    facts: dict[str, Any] = Field(description="by kind; docs/analysers.md lists them")
    findings_left_out: int
    secrets_left_out: int
    rules: list[dict[str, Any]] | None = Field(
        description="every rule of a configuration with its lines; null for other kinds"
    )
    lists: list[dict[str, Any]] | None = Field(
        description="its lists with their defaults; null for other kinds"
    )
    objects: list[dict[str, Any]] | None = Field(description="the objects it names; null for other kinds")


class DismissalIn(Schema):
    """Without ``places``: all open marks of the code."""

    code: Text = Field(description="the kind of mark to settle", max_length=40, examples=["mac-address"])
    places: list[tuple[str, int, int]] | None = Field(None, description="unit, first and last of each")
    reason: Text = Field(
        description="why it is no secret; the assessor reads it", max_length=redacting.REASON_LENGTH
    )


@router.get(
    "/submissions/{uuid:id}/evidence/{uuid:evidence}/analysis",
    response=FullAnalysisOut,
    operation_id="get-analysis",
    summary="What the program read in a file, with all rules of a configuration",
)
def analysis(request: ApiRequest, id: UUID, evidence: UUID) -> dict[str, Any]:
    """A link, or a file that is not read yet, answers with empty facts."""
    item = _item(request, id, evidence)
    if not may(request.user, "read-evidence", item):
        raise DomainError("forbidden", _("You may not read this evidence."), status=403)
    found = analysis_of(item) if item.blob and not item.blob.is_quarantined else None
    return {
        **analysis_shape(item),
        "facts": found.facts if found else {},
        "findings_left_out": found.findings_left_out if found else 0,
        "secrets_left_out": found.secrets_left_out if found else 0,
        **_rules(found),
    }


def _rules(found: Analysis | None) -> dict[str, Any]:
    if found is None or not found.is_done or found.analyser != "firewall-configuration":
        return {"rules": None, "lists": None, "objects": None}
    told = telling.told(ruleset_of(found))
    return {part: told[part] for part in ("rules", "lists", "objects")}


@router.post(
    "/submissions/{uuid:id}/evidence/{uuid:evidence}/redact",
    response={201: EvidenceOut},
    operation_id="redact-evidence",
    summary="Hand in a copy without the marked secrets; the original becomes private",
)
def redact(request: ApiRequest, id: UUID, evidence: UUID) -> dict[str, Any]:
    """Codes: `not-editable`, `already-redacted`, `nothing-to-redact`, `no-copy`, `copy-failed`,
    `too-many-requests`.
    """
    count("upload", request, limit=ADDED_A_MINUTE, window=60, by_person=True)
    return evidence_shape(redacting.redact(_item(request, id, evidence), by=request.user))


@router.post(
    "/submissions/{uuid:id}/evidence/{uuid:evidence}/dismissals",
    response={201: EvidenceOut},
    operation_id="dismiss-marks",
    summary="Say of marks that they are no secrets, and why",
)
def dismiss(request: ApiRequest, id: UUID, evidence: UUID, body: DismissalIn) -> dict[str, Any]:
    """Codes: `reason-missing`, `text-too-long`, `nothing-chosen`."""
    item = _item(request, id, evidence)
    places = None if body.places is None else set(body.places)
    keys = [
        mark.key
        for mark in marks(item)
        if mark.secret.code == body.code and (places is None or mark.key[1:] in places)
    ]
    if not keys:
        raise invalid("nothing-chosen", _("Choose at least one of the places that are marked."))
    redacting.dismiss(item, keys, reason=body.reason, by=request.user)
    return evidence_shape(_item(request, id, evidence))


def _item(request: ApiRequest, id: UUID, evidence: UUID) -> Evidence:
    submission = find(request, id)
    rows = submission.evidence.with_supports().with_reading()
    item: Evidence = get_object_or_404(rows, pk=evidence)
    item.submission = submission
    return item
