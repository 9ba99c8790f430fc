"""How a programme's work is marked: read it, prescribe it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from assessments.api.programmes import tells_markers
from assessments.models import Achievement, Programme
from assessments.permissions import can_manage
from reviews.models import MarkingPolicy
from reviews.models.policy import Choice, Markers
from reviews.policies import policy_for
from reviews.prescribing import Rules, follow_general, prescribe
from workbench.access import require
from workbench.api.auth import ApiRequest

router = Router(tags=["what is judged"])


class RulesIn(Schema):
    markers: Markers = Field(Markers.SINGLE, examples=["double_blind"])
    third_marker: bool = Field(False, description="a third assessor marks where two disagree")
    tolerance: int = Field(0, ge=0, le=1, description="how many levels two may lie apart and still agree")
    choice: Choice = Field(Choice.MODERATOR, description="who or what chooses within that distance")
    hides_learner: bool = Field(False, description="assessors do not see whose work it is until the release")
    asks_rules: bool = Field(False, description="an approval needs the four rules of evidence")


class PolicyOut(RulesIn):
    programme: UUID
    achievement: UUID | None = Field(description="null: the general policy of the programme")


@tells_markers
def markers_of(programmes: Iterable[UUID]) -> Mapping[UUID, str]:
    """The general policies, in one query."""
    rows = MarkingPolicy.objects.filter(programme__in=list(programmes), achievement=None)
    return dict(rows.values_list("programme", "markers"))


@router.get(
    "/programmes/{uuid:id}/marking-policy",
    response=PolicyOut,
    operation_id="get-marking-policy",
    summary="How the work of a programme, or of one achievement in it, is marked",
)
def detail(request: ApiRequest, id: UUID, achievement: UUID | None = None) -> dict[str, Any]:
    """For managers. An achievement without a policy of its own answers the general one."""
    programme = _find(request, id)
    return _shape(policy_for(programme.pk, _offered(programme, achievement)))


@router.put(
    "/programmes/{uuid:id}/marking-policy",
    response=PolicyOut,
    operation_id="set-marking-policy",
    summary="Prescribe how work is marked",
)
def change(request: ApiRequest, id: UUID, body: RulesIn, achievement: UUID | None = None) -> dict[str, Any]:
    """It holds for every marking that ends from now on; work that has enough markings goes on at once."""
    programme = _find(request, id)
    pk = _offered(programme, achievement)
    found = Achievement.objects.get(pk=pk) if pk else None
    rules = Rules(**body.model_dump(mode="json"))
    return _shape(prescribe(programme, rules, achievement=found, by=request.user))


@router.delete(
    "/programmes/{uuid:id}/marking-policy",
    response=PolicyOut,
    operation_id="remove-marking-policy",
    summary="Let an achievement follow the general policy again",
)
def remove(request: ApiRequest, id: UUID, achievement: UUID) -> dict[str, Any]:
    programme = _find(request, id)
    found = get_object_or_404(programme.achievements.all(), pk=achievement)
    follow_general(programme, found, by=request.user)
    return _shape(policy_for(programme.pk, None))


def _find(request: ApiRequest, id: UUID) -> Programme:
    programme: Programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=id)
    require(can_manage, request.user, programme)
    return programme


def _offered(programme: Programme, achievement: UUID | None) -> UUID | None:
    if achievement is None:
        return None
    return get_object_or_404(programme.achievements.only("pk"), pk=achievement).pk


def _shape(policy: MarkingPolicy) -> dict[str, Any]:
    return {
        "programme": policy.programme_id,
        "achievement": policy.achievement_id,
        **{name: getattr(policy, name) for name in RulesIn.model_fields},
    }
