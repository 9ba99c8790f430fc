"""Evidence of a draft: a file, a link or a text, and which criteria it supports."""

from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from assessments.analysers.names import clean_filename
from assessments.api.criteria import CRITERIA, supports_from
from assessments.api.shapes import EvidenceOut, evidence_shape
from assessments.api.submissions import find
from assessments.evidencing import (
    ADDED_A_MINUTE,
    NARRATIVE_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    Description,
    add_file,
    add_link,
    add_text,
    remove,
)
from assessments.models import Evidence, Submission
from assessments.models.evidence import Kind, Visibility
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text
from workbench.errors import DomainError, invalid
from workbench.limits import count

router = Router(tags=["what is handed in"])

# What people call the two kinds that the pilot is about.
ALIASES = {
    "configuration": Kind.FIREWALL_CONFIGURATION,
    "firewall": Kind.FIREWALL_CONFIGURATION,
    "capture": Kind.PACKET_CAPTURE,
    "pcap": Kind.PACKET_CAPTURE,
}


class EvidenceIn(Schema):
    """Exactly one of ``file``, ``url`` and ``text``."""

    url: Text = Field("", max_length=URL_LENGTH, description="a link; nothing fetches it")
    text: str = Field("", description="a text, kept as bytes with a digest")
    kind: Text = Field(
        "",
        max_length=40,
        description="left out: told by the content. One of " + ", ".join(Kind.values),
        examples=["firewall-configuration"],
    )
    title: Text = Field(
        "", max_length=TITLE_LENGTH, description="left out: the name of the file, the link, or the first line"
    )
    narrative: Text = Field("", max_length=NARRATIVE_LENGTH)
    visibility: Visibility = Field(
        Visibility.PRIVATE,
        description="what the badge shows of it: public (file and page), summary (page only) or private",
    )
    criteria: list[Text] = Field([], max_length=200, description=CRITERIA)


@router.post(
    "/submissions/{uuid:id}/evidence",
    response={201: EvidenceOut},
    operation_id="add-evidence",
    summary="Add a file, a link or a text to a draft",
)
def add(
    request: ApiRequest,
    id: UUID,
    body: Annotated[EvidenceIn, Form(...)],
    file: Annotated[UploadedFile | None, File(description="the evidence itself")] = None,
) -> dict[str, Any]:
    """Codes: `not-editable`, `one-source`, `unknown-kind`, `type-mismatch`, `kind-mismatch`,
    `program-refused`, `empty-file`, `empty-text`, `bad-link`, `too-large`, `too-many-items`,
    `quota-exceeded`, `bad-criteria`, `unknown-criterion`, `too-many-requests`.
    """
    count("upload", request, limit=ADDED_A_MINUTE, window=60, by_person=True)
    submission = find(request, id)
    given = [bool(file), bool(body.url.strip()), bool(body.text)]
    if given.count(True) != 1:
        raise invalid("one-source", _("Give one of file, url and text."))
    if file:
        description = _description(submission, body, clean_filename(file.name or ""))
        evidence = add_file(submission, file, description, by=request.user)  # type: ignore[arg-type]
    elif body.url:
        evidence = add_link(submission, body.url, _description(submission, body, body.url), by=request.user)
    else:
        first_line = next(iter(body.text.strip().splitlines()), "")
        description = _description(submission, body, first_line)
        evidence = add_text(submission, body.text, description, by=request.user)
    return evidence_shape(evidence)


@router.delete(
    "/submissions/{uuid:id}/evidence/{uuid:evidence}",
    response={204: None},
    operation_id="remove-evidence",
    summary="Take an item out of a draft",
)
def take_out(request: ApiRequest, id: UUID, evidence: UUID) -> None:
    """Code: `not-editable`."""
    item: Evidence = get_object_or_404(find(request, id).evidence, pk=evidence)
    remove(item, by=request.user)


def _description(submission: Submission, body: EvidenceIn, usual_title: str) -> Description:
    return Description(
        title=body.title.strip() or _shown(usual_title),
        narrative=body.narrative,
        visibility=body.visibility,
        supports=supports_from(body.criteria, submission),
        kind=_kind(body.kind),
    )


def _shown(title: str) -> str:
    """A title made from what was handed in, without characters that cannot be shown or stored."""
    return "".join(character for character in title if character.isprintable())[:TITLE_LENGTH].strip() or "…"


def _kind(given: str) -> Kind | None:
    name = given.strip().lower().replace("_", "-").replace(" ", "-")
    if not name:
        return None
    if name in ALIASES:
        return ALIASES[name]
    if name in Kind.values:
        return Kind(name)
    raise unknown_kind()


def unknown_kind() -> DomainError:
    return invalid(
        "unknown-kind", _("Choose one of these kinds: %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
    )
