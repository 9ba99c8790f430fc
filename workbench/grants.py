"""Read the guardian grants of a person in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guardian.models import GroupObjectPermission


@dataclass(frozen=True)
class Grants:
    """Object ids by permission codename, for example ``assess_programme``."""

    by_permission: Mapping[str, frozenset[UUID]]

    def ids(self, permission: str) -> frozenset[UUID]:
        return self.by_permission.get(permission, frozenset())

    def any_of(self, permissions: Iterable[str]) -> frozenset[UUID]:
        return frozenset[UUID]().union(*(self.ids(permission) for permission in permissions))


def grants_of(user: Any) -> Grants:
    """Grants given to the groups of an active person.

    Being superuser gives nothing here: whoever operates the server is no assessor.
    """
    if not user.is_active:
        return Grants({})
    found: dict[str, set[UUID]] = {}
    rows = GroupObjectPermission.objects.filter(group__user=user.pk)
    for codename, object_pk in rows.values_list("permission__codename", "object_pk"):
        found.setdefault(codename, set()).add(UUID(object_pk))
    return Grants({codename: frozenset(ids) for codename, ids in found.items()})
