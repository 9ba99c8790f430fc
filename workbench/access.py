"""Who may do what: roles that are granted, and rules that are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm

from workbench.audit import record
from workbench.models import User

# --- Roles -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Role:
    """A role that is granted on one object: a programme or an organisation."""

    code: str
    permission: str
    label: Any


ROLES = {
    role.code: role
    for role in (
        Role("assessor", "assess_programme", _("assessor")),
        Role("moderator", "moderate_programme", _("moderator")),
        Role("manager", "manage_programme", _("programme manager")),
        Role("administrator", "administer_organisation", _("organisation administrator")),
    )
}


def role_group(role: str, scope: models.Model) -> Group:
    """The group whose members hold ``role`` on ``scope``, with its one guardian grant."""
    group, created = Group.objects.get_or_create(name=f"{scope._meta.label_lower}:{scope.pk}:{role}")
    if created:
        assign_perm(ROLES[role].permission, group, scope)
    return group


def members(role: str, scope: models.Model) -> QuerySet[User]:
    return User.objects.filter(groups__name=f"{scope._meta.label_lower}:{scope.pk}:{role}").order_by("name")


@transaction.atomic
def grant_role(user: User, role: str, scope: models.Model, *, by: User | None) -> None:
    """Give a role. Callers ask their own rule first; ``by`` is None only when the system seeds itself."""
    user.groups.add(role_group(role, scope))
    user.forget_grants()
    record(by, "role-granted", scope, role=role, person=str(user.pk))


@transaction.atomic
def take_role(user: User, role: str, scope: models.Model, *, by: User) -> None:
    user.groups.remove(role_group(role, scope))
    user.forget_grants()
    record(by, "role-taken", scope, role=role, person=str(user.pk))


# --- Rules -------------------------------------------------------------------------------------------

Rule = Callable[[User, Any], bool]
RULES: dict[str, Rule] = {}


class Forbidden(PermissionDenied):
    """The person may see the thing and may not do this to it."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def rule(function: Rule) -> Rule:
    """Register ``can_claim`` as the rule "claim"."""
    name = function.__name__.removeprefix("can_").replace("_", "-")
    if name in RULES and RULES[name] is not function:
        raise RuntimeError(f"two rules are called {name}")
    RULES[name] = function
    return function


def may(user: Any, name: str, subject: Any) -> bool:
    """Whether a rule allows an act; nobody who is signed out or switched off may do anything."""
    return bool(user.is_authenticated and user.is_active and RULES[name](user, subject))


def require(rule: Rule, by: User, subject: Any) -> None:
    """Refuse unless the rule allows it. The first line of every verb."""
    if not (by.is_authenticated and by.is_active and rule(by, subject)):
        raise Forbidden(rule.__name__)


# --- Policies: what a view declares, checked at start-up ------------------------------------------------

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Anyone may open this page."""
    view.policy = "public"  # type: ignore[attr-defined]
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Anyone with an account may open this page; what they see there is decided by visible_to and rules."""
    view.policy = "signed-in"  # type: ignore[attr-defined]
    return view
