"""The comment bank of a programme: read it, add to it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from assessments.models import Criterion, Programme
from reviews.comment_form import MAX_WORDS, containing
from reviews.commenting import share, unknown_criterion
from reviews.models import BankComment
from reviews.models.comment import MAX_TEXT
from reviews.permissions import can_share_comments
from workbench.access import require
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text
from workbench.api.paging import AtPosition, Page, paged

router = Router(tags=["what is judged"])

Language = Literal["en", "fr", "nl"]


class CommentsIn(Schema):
    criterion: UUID | None = Field(None, description="in whatever version of its rubric")
    language: Language | None = None
    q: Text = Field("", max_length=MAX_WORDS, description="words that it holds")
    retired: bool = Field(False, description="those that were taken out of the bank")


class CommentIn(Schema):
    criterion: UUID = Field(examples=[EXAMPLE_ID])
    language: Language = Field(examples=["en"])
    text: Text = Field(max_length=MAX_TEXT, examples=["The default policy drops; well argued."])


class CommentOut(Schema):
    id: UUID
    programme: UUID
    criterion: UUID
    language: Language
    text: str
    author: UUID
    uses: int = Field(description="how often it was inserted, by anybody")
    last_used_at: datetime | None
    created_at: datetime
    retired: bool


def shaped(comments: list[BankComment]) -> list[dict[str, Any]]:
    return [
        {
            "id": comment.pk,
            "programme": comment.programme_id,
            "criterion": comment.criterion_id,
            "language": comment.language,
            "text": comment.text,
            "author": comment.author_id,
            "uses": comment.uses,
            "last_used_at": comment.last_used_at,
            "created_at": comment.created_at,
            "retired": comment.is_retired,
        }
        for comment in comments
    ]


@router.get(
    "/programmes/{uuid:id}/comments",
    response=Page[CommentOut],
    operation_id="list-comments",
    summary="The comment bank of a programme where I work",
)
def index(
    request: ApiRequest, id: UUID, position: AtPosition, filters: Annotated[CommentsIn, Query(...)]
) -> dict[str, Any]:
    """Code: `unknown-criterion`."""
    rows = BankComment.objects.filter(programme=_find(request, id))
    rows = rows.exclude(retired_at=None) if filters.retired else rows.active()
    if filters.criterion:
        rows = rows.on([_criterion(filters.criterion)])
    if filters.language:
        rows = rows.filter(language=filters.language)
    return paged(containing(rows, filters.q), position, by="created_at", shape=shaped)


@router.post(
    "/programmes/{uuid:id}/comments",
    response={201: CommentOut},
    operation_id="share-comment",
    summary="Add a comment to the bank",
)
def create(request: ApiRequest, id: UUID, body: CommentIn) -> Status[Any]:
    """Codes: `unknown-criterion`, `text-missing`, `too-many-comments`, `comment-kept`."""
    programme = _find(request, id)
    criterion = _criterion(body.criterion)
    comment = share(programme, criterion, text=body.text, language=body.language, by=request.user)
    return Status(201, shaped([comment])[0])


def _find(request: ApiRequest, id: UUID) -> Programme:
    programme: Programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=id)
    require(can_share_comments, request.user, programme)
    return programme


def _criterion(pk: UUID) -> Criterion:
    criterion = Criterion.objects.filter(pk=pk).first()
    if criterion is None:
        raise unknown_criterion()
    return criterion
