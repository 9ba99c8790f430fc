"""Who the token belongs to, and what they do where."""

from typing import Any
from uuid import UUID

from ninja import Field, Router, Schema

from assessments.models import Enrolment
from workbench.access import ROLES
from workbench.api.auth import ApiRequest

router = Router(tags=["account"])


class RoleOut(Schema):
    """A role in one programme or one organisation; the other of the two is null."""

    role: str = Field(description="learner, assessor, moderator, manager or administrator")
    programme: UUID | None = None
    organisation: UUID | None = None


class MeOut(Schema):
    id: UUID
    email: str
    name: str
    language: str = Field(description="in which names and messages are told", examples=["fr"])
    roles: list[RoleOut]


@router.get("/me", response=MeOut, operation_id="me", summary="The person this token belongs to")
def me(request: ApiRequest) -> dict[str, Any]:
    user = request.user
    enrolments = Enrolment.objects.filter(learner=user).order_by("enrolled_at", "id")
    roles: list[dict[str, Any]] = [
        {"role": "learner", "programme": programme}
        for programme in enrolments.values_list("programme", flat=True)
    ]
    for role in ROLES.values():
        scope = role.permission.rpartition("_")[2]
        roles += [{"role": role.code, scope: pk} for pk in sorted(user.grants.ids(role.permission))]
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "roles": roles,
    }
