"""Badges: those I hold, those I answer for, and taking one back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from assessments.api.shapes import IssuedBadge, finds_badges
from badges.listing import tell_the_world
from badges.models import Credential
from badges.models.credential import CredentialState
from badges.revoking import revoke
from badges.suspending import reinstate, suspend
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text
from workbench.api.paging import AtPosition, Page, paged

router = Router(tags=["what is earned"])


class StatusEntryOut(Schema):
    purpose: str
    list: str = Field(description="the address of the signed Bitstring status list")
    index: int


class CredentialOut(Schema):
    id: UUID
    url: str = Field(description="the public address; `.json`, `.jwt`, `.png`, `.svg` and `.pdf` give a file")
    state: CredentialState
    achievement: UUID
    achievement_name: str
    learner: UUID
    learner_name: str
    programme: UUID
    submission: UUID
    issued_at: datetime | None
    valid_until: datetime | None
    revoked_at: datetime | None
    revocation_reason: str | None
    suspended_at: datetime | None
    suspension_reason: str | None
    suspension_entry: StatusEntryOut | None = Field(
        description="where a signed list of the purpose suspension says it; null until it is first suspended"
    )
    sha256: str | None = Field(description="digest of the signed JSON; null until it is issued")


class Filters(Schema):
    programme: UUID | None = None
    achievement: UUID | None = None
    state: CredentialState | None = None
    mine: bool = Field(False, description="only the badges I earned")


class ReasonIn(Schema):
    reason: Text = Field(
        description="anyone who checks the badge will read it", examples=["Issued by mistake."]
    )


@finds_badges
def issued_for(submissions: Iterable[UUID]) -> Mapping[UUID, IssuedBadge]:
    """The issued badge of each of these attempts that has one, the newest where an appeal undid another."""
    found = (
        Credential.objects.published()
        .filter(submission_id__in=list(submissions))
        .defer("award", "signed", "jwt")
        .order_by("planned_at", "pk")
    )
    return {
        credential.submission_id: IssuedBadge(id=credential.pk, url=credential.url) for credential in found
    }


@router.get(
    "/credentials",
    response=Page[CredentialOut],
    operation_id="list-credentials",
    summary="My badges, and those of programmes I manage or moderate, newest first",
)
def index(
    request: ApiRequest, position: AtPosition, filters: Annotated[Filters, Query(...)]
) -> dict[str, Any]:
    rows = _visible(request)
    if filters.mine:
        rows = rows.filter(learner=request.user)
    rows = rows.filter(**filters.model_dump(exclude={"mine"}, exclude_none=True))
    return paged(rows, position, by="-planned_at", shape=shaped)


@router.get(
    "/credentials/{uuid:id}", response=CredentialOut, operation_id="get-credential", summary="One badge"
)
def detail(request: ApiRequest, id: UUID) -> dict[str, Any]:
    return shaped([get_object_or_404(_visible(request), pk=id)])[0]


@router.post(
    "/credentials/{uuid:id}/revoke",
    response=CredentialOut,
    operation_id="revoke",
    summary="Take a badge back for good",
)
def take_back(request: ApiRequest, id: UUID, body: ReasonIn) -> dict[str, Any]:
    """Codes: `already-revoked`, `not-issued`, `reason-missing`, `reason-too-long`.

    The answer comes once the signed status list says it, or after three seconds; until it is signed, the list
    is not served at all.
    """
    credential = get_object_or_404(_visible(request), pk=id)
    return _told(revoke(credential, reason=body.reason, by=request.user))


@router.post(
    "/credentials/{uuid:id}/suspend",
    response=CredentialOut,
    operation_id="suspend",
    summary="Set a badge aside for the time being",
)
def set_aside(request: ApiRequest, id: UUID, body: ReasonIn) -> dict[str, Any]:
    """Codes: `already-suspended`, `already-revoked`, `not-issued`, `reason-missing`, `reason-too-long`."""
    credential = get_object_or_404(_visible(request), pk=id)
    return _told(suspend(credential, reason=body.reason, by=request.user))


@router.post(
    "/credentials/{uuid:id}/reinstate",
    response=CredentialOut,
    operation_id="reinstate",
    summary="Lift the suspension of a badge",
)
def restore(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Codes: `not-suspended`, `already-revoked`, `not-issued`."""
    return _told(reinstate(get_object_or_404(_visible(request), pk=id), by=request.user))


def _told(credential: Credential) -> dict[str, Any]:
    """The badge after a change, once the world is told of it."""
    tell_the_world(credential)
    return shaped([credential])[0]


def shaped(credentials: list[Credential]) -> list[dict[str, Any]]:
    return [
        {
            "id": credential.pk,
            "url": credential.url,
            "state": credential.state,
            "achievement": credential.achievement_id,
            "achievement_name": credential.achievement.name,
            "learner": credential.learner_id,
            "learner_name": credential.learner.name,
            "programme": credential.programme_id,
            "submission": credential.submission_id,
            "issued_at": credential.issued_at,
            "valid_until": credential.valid_until,
            "revoked_at": credential.revoked_at,
            "revocation_reason": credential.revocation_reason or None,
            "suspended_at": credential.suspended_at,
            "suspension_reason": credential.suspension_reason or None,
            "suspension_entry": _suspension_entry(credential),
            "sha256": credential.signed_sha256 or None,
        }
        for credential in credentials
    ]


def _suspension_entry(credential: Credential) -> dict[str, Any] | None:
    found = credential.suspension_list
    if found is None:
        return None
    return {
        "purpose": found.purpose,
        "list": found.url,
        "index": credential.suspension_index,
    }


def _visible(request: ApiRequest) -> Any:
    """Without the long texts, which no shape shows."""
    rows = Credential.objects.visible_to(request.user).select_related(
        "achievement", "learner", "suspension_list"
    )
    return rows.defer("award", "signed", "jwt", "suspension_list__signed")
