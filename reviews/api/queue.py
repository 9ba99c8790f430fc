"""The queue: what waits for review, and taking work from it."""

from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from assessments.api.shapes import SubmissionOut, shaped
from assessments.api.submissions import find, with_evidence
from reviews.api.shapes import ReviewOut, review_shape
from reviews.claiming import claim, claim_next
from reviews.queueing import Filters, narrow, queue_of
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text
from workbench.api.paging import AtPosition, Page, paged

router = Router(tags=["what is judged"])

# The queue calls what is free to be taken "waiting"; in a submission its state reads "submitted".
STATES = {None: "", "submitted": "waiting", "waiting": "waiting", "in_review": "in_review"}


class NextIn(Schema):
    programme: UUID | None = None
    achievement: UUID | None = None
    age: int | None = Field(None, ge=0, le=3650, description="handed in more than so many days ago")
    overdue: bool = Field(False, description="only what waits longer than its programme promises")
    flagged: bool = Field(False, description="only what somebody flagged for a second look")
    assigned: Literal["", "me", "none", "others"] = Field("", description="who is to review it")
    group: Text = Field("", max_length=60, description="only the work of this group of learners")


class QueueIn(NextIn):
    state: Literal["submitted", "waiting", "in_review"] | None = Field(
        None, description="waiting (or submitted): free to be taken; in_review: somebody holds it"
    )
    mine: bool = Field(False, description="only what I hold")


@router.get(
    "/queue",
    response=Page[SubmissionOut],
    operation_id="queue",
    summary="What waits for review where I work, oldest first",
)
def index(
    request: ApiRequest, position: AtPosition, filters: Annotated[QueueIn, Query(...)]
) -> dict[str, Any]:
    chosen = Filters(**filters.model_dump(exclude={"state"}), state=STATES[filters.state])
    rows = narrow(queue_of(request.user), chosen, user=request.user)
    return paged(with_evidence(rows), position, by="submitted_at", shape=partial(shaped, reader=request.user))


@router.post(
    "/queue/next",
    response={201: ReviewOut, 204: None},
    operation_id="claim-next",
    summary="Claim the oldest that I may review",
)
def take_next(request: ApiRequest, filters: Annotated[NextIn, Query(...)]) -> Status[Any]:
    """204 when there is none."""
    among = narrow(queue_of(request.user), Filters(**filters.model_dump()), user=request.user)
    review = claim_next(among, by=request.user)
    return Status(201, review_shape(review)) if review else Status(204, None)


@router.post(
    "/submissions/{uuid:id}/claim",
    response={201: ReviewOut},
    operation_id="claim",
    summary="Claim one submission for 45 minutes",
)
def take(request: ApiRequest, id: UUID) -> dict[str, Any]:
    """Code: `not-claimable` when somebody else holds it, or it was decided."""
    return review_shape(claim(find(request, id), by=request.user))
