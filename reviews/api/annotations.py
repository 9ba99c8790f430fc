"""Notes of a review: read them, put them at places in the evidence, change them, take them away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from assessments.models import Criterion, Evidence
from reviews.annotating import Anchor, annotate, remove, rewrite, unknown_criterion, unknown_evidence
from reviews.models import Annotation, Review
from reviews.models.annotation import LARGEST_PLACE, MAX_NAME, MAX_TEXT, Unit
from workbench.api.auth import ApiRequest
from workbench.api.fields import EXAMPLE_ID, Text

router = Router(tags=["what is judged"])

LARGEST_VERSION = 2**31 - 1


class AnchorIn(Schema):
    unit: Unit = Field(examples=["line"])
    first: int = Field(
        0, ge=0, le=LARGEST_PLACE, description="counted from 1; left out for an item", examples=[12]
    )
    last: int = Field(0, ge=0, le=LARGEST_PLACE, description="left out: the same as first", examples=[14])
    name: Text = Field("", max_length=MAX_NAME, description="of a rule or a flow", examples=[""])


class AnnotationIn(Schema):
    anchor: AnchorIn
    text: Text = Field(max_length=MAX_TEXT, examples=["Why is the source not limited here?"])
    criterion: UUID | None = Field(None, examples=[EXAMPLE_ID])


class NewAnnotationIn(AnnotationIn):
    evidence: UUID = Field(description="an item of the submission", examples=[EXAMPLE_ID])


class ChangedAnnotationIn(AnnotationIn):
    version: int = Field(ge=0, le=LARGEST_VERSION, examples=[1], description="the version that you saw")


class AnchorOut(Schema):
    unit: Unit
    first: int = Field(description="counted from 1; 0 for an item")
    last: int
    name: str


class AnnotationOut(Schema):
    id: UUID
    review: UUID
    evidence: UUID
    anchor: AnchorOut
    criterion: UUID | None
    text: str
    quote: str = Field(description="the lines as they stood, without secrets")
    version: int = Field(description="give it back when you change the note")
    created_at: datetime
    changed_at: datetime


class AnnotationsOut(Schema):
    items: list[AnnotationOut]
    next: str | None = Field(None, description="always null: a review holds at most 200 notes")


def annotation_shape(annotation: Annotation) -> dict[str, Any]:
    return {
        "id": annotation.pk,
        "review": annotation.review_id,
        "evidence": annotation.evidence_id,
        "anchor": {name: getattr(annotation, name) for name in ("unit", "first", "last", "name")},
        "criterion": annotation.criterion_id,
        "text": annotation.text,
        "quote": annotation.quote,
        "version": annotation.version,
        "created_at": annotation.created_at,
        "changed_at": annotation.changed_at,
    }


@router.get(
    "/reviews/{uuid:id}/annotations",
    response=AnnotationsOut,
    operation_id="list-annotations",
    summary="The notes of a review, as the evidence is read",
)
def index(request: ApiRequest, id: UUID) -> dict[str, Any]:
    rows = Annotation.objects.visible_to(request.user).filter(review=_find(request, id)).in_order()
    return {"items": [annotation_shape(row) for row in rows], "next": None}


@router.post(
    "/reviews/{uuid:id}/annotations",
    response={201: AnnotationOut},
    operation_id="annotate",
    summary="Put a note at a place in the evidence",
)
def create(request: ApiRequest, id: UUID, body: NewAnnotationIn) -> Status[Any]:
    """Codes: `lease-lost`, `already-decided`, `unknown-evidence`, `unknown-criterion`, `no-such-place`,
    `text-missing`, `too-many-annotations`.
    """
    review = _find(request, id)
    item = Evidence.objects.with_reading().filter(submission=review.submission_id, pk=body.evidence).first()
    if item is None:
        raise unknown_evidence()
    annotation = annotate(
        review,
        item,
        _anchor(body),
        text=body.text,
        criterion=_criterion(body),
        by=request.user,
    )
    return Status(201, annotation_shape(annotation))


@router.put(
    "/reviews/{uuid:id}/annotations/{uuid:annotation}",
    response=AnnotationOut,
    operation_id="change-annotation",
    summary="Change a note, its place in the item or its criterion",
)
def change(request: ApiRequest, id: UUID, annotation: UUID, body: ChangedAnnotationIn) -> dict[str, Any]:
    """Codes: `stale` (with the `version` and the `kept` text), `annotation-gone`, and those of a new note."""
    row = rewrite(
        _note(request, id, annotation),
        _anchor(body),
        version=body.version,
        text=body.text,
        criterion=_criterion(body),
        by=request.user,
    )
    return annotation_shape(row)


@router.delete(
    "/reviews/{uuid:id}/annotations/{uuid:annotation}",
    response={204: None},
    operation_id="remove-annotation",
    summary="Take a note away",
)
def delete(request: ApiRequest, id: UUID, annotation: UUID) -> Status[None]:
    """Codes: `lease-lost`, `already-decided`."""
    remove(_note(request, id, annotation), by=request.user)
    return Status(204, None)


def _find(request: ApiRequest, id: UUID) -> Review:
    review: Review = get_object_or_404(
        Review.objects.visible_to(request.user).select_related("submission__achievement"), pk=id
    )
    return review


def _note(request: ApiRequest, review: UUID, annotation: UUID) -> Annotation:
    rows = Annotation.objects.select_related("review__submission__achievement", "evidence__blob__analysis")
    row: Annotation = get_object_or_404(rows, pk=annotation, review=_find(request, review))
    return row


def _anchor(body: AnnotationIn) -> Anchor:
    return Anchor(body.anchor.unit, body.anchor.first, body.anchor.last, body.anchor.name)


def _criterion(body: AnnotationIn) -> Criterion | None:
    if body.criterion is None:
        return None
    criterion = Criterion.objects.filter(pk=body.criterion).first()
    if criterion is None:
        raise unknown_criterion()
    return criterion
