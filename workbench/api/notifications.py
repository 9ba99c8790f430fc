"""Notifications: what I was told, and that I have read it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from ninja import Field, Query, Router, Schema

from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID
from workbench.api.paging import AtPosition, Page, paged
from workbench.models import Notification
from workbench.notifying import KINDS, inbox, mark_read, sentence, unread_count

router = Router(tags=["account"])
MOST_IDS = 500


class SubjectOut(Schema):
    type: str = Field(examples=["assessments.submission"])
    id: UUID = Field(examples=[EXAMPLE_ID])


class NotificationOut(Schema):
    id: UUID = Field(examples=[EXAMPLE_ID])
    kind: str = Field(examples=["decided"])
    text: str = Field(
        description="what happened, in the language of the account",
        examples=["An assessor is looking at your work for “Firewall management” (Cybersecurity pilot)."],
    )
    url: str = Field(description="the page it leads to", examples=["https://badges.example/queue/"])
    subject: SubjectOut
    created_at: datetime
    read_at: datetime | None


class ReadIn(Schema):
    ids: list[UUID] | None = Field(
        None, max_length=MOST_IDS, description="which ones; null: all", examples=[[EXAMPLE_ID]]
    )


class ReadOut(Schema):
    read: int = Field(description="how many were unread until now", examples=[1])
    unread: int = Field(description="how many still are; 100 stands for a hundred or more", examples=[0])


class Filters(Schema):
    unread: bool = Field(False, description="only what I have not read")


def _shaped(rows: list[Notification]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "text": sentence(row),
            "url": f"{settings.BASE_URL}{KINDS[row.kind].place(row)}",
            "subject": {"type": row.subject_type, "id": row.subject_id},
            "created_at": row.created_at,
            "read_at": row.read_at,
        }
        for row in rows
    ]


@router.get(
    "/notifications",
    response=Page[NotificationOut],
    operation_id="list-notifications",
    summary="What I was told, newest first",
)
def index(
    request: ApiRequest, position: AtPosition, filters: Annotated[Filters, Query(...)]
) -> dict[str, Any]:
    rows = inbox(request.user)
    return paged(rows.unread() if filters.unread else rows, position, by="-created_at", shape=_shaped)


@router.post(
    "/notifications/read",
    response=ReadOut,
    operation_id="read-notifications",
    summary="Mark notifications as read",
)
def read(request: ApiRequest, body: ReadIn) -> dict[str, int]:
    """Ids of others and of what was read before change nothing."""
    return {"read": mark_read(request.user, body.ids), "unread": unread_count(request.user)}
