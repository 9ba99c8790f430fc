"""Set a badge aside for a while, with a reason, and restore it: what is looked into is not yet taken back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models import Credential
from badges.models.credential import CredentialState
from badges.models.status_list import Purpose
from badges.notices import REINSTATED, SUSPENDED
from badges.permissions import can_suspend
from badges.placing import draw_place
from badges.revoking import checked_reason, locked_badge, withdraw_lists
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError
from workbench.models import User
from workbench.notifying import notify


@transaction.atomic
def suspend(credential: Credential, *, reason: str, by: User) -> Credential:
    """Suspend a badge. At its first suspension it draws a place on a suspension list, which it keeps.

    Raises DomainError ``already-suspended``, ``already-revoked``, ``not-issued``, ``reason-missing`` or
    ``reason-too-long``.
    """
    require(can_suspend, by, credential)
    return put_aside(credential, reason=reason, by=by)


def put_aside(credential: Credential, *, reason: str, by: User) -> Credential:
    """Suspend within another verb that has asked its own rule. Raises what ``suspend`` raises."""
    reason = checked_reason(reason)
    locked = locked_badge(credential)
    if locked.is_suspended:
        raise DomainError("already-suspended", _("This badge is suspended already."))
    if locked.suspension_list is None:
        issuer = locked.status_list.issuer
        locked.suspension_list, locked.suspension_index = draw_place(
            locked.organisation, issuer, Purpose.SUSPENSION
        )
    locked.state = CredentialState.SUSPENDED
    locked.suspended_at = timezone.now()
    locked.suspended_by = by
    locked.suspension_reason = reason
    locked.save(
        update_fields=[
            "state",
            "suspended_at",
            "suspended_by",
            "suspension_reason",
            "suspension_list",
            "suspension_index",
        ]
    )
    withdraw_lists(locked)
    notify(locked.learner, SUSPENDED.code, locked, by=by, achievement=locked.achievement.names)
    # As with a revocation, the reason itself stays out of the trail.
    record(by, "badge-suspended", locked, list=str(locked.suspension_list_id), index=locked.suspension_index)
    return locked


@transaction.atomic
def reinstate(credential: Credential, *, by: User) -> Credential:
    """Lift the suspension: the badge is again what it was. Raises DomainError ``not-suspended``."""
    require(can_suspend, by, credential)
    return restore(credential, by=by)


def restore(credential: Credential, *, by: User) -> Credential:
    """Reinstate within another verb that has asked its own rule. Raises what ``reinstate`` raises."""
    locked = locked_badge(credential)
    if not locked.is_suspended:
        raise DomainError("not-suspended", _("This badge is not suspended."))
    locked.state = CredentialState.ISSUED
    locked.suspended_at = locked.suspended_by = None
    locked.suspension_reason = ""
    locked.save(update_fields=["state", "suspended_at", "suspended_by", "suspension_reason"])
    withdraw_lists(locked)
    notify(locked.learner, REINSTATED.code, locked, by=by, achievement=locked.achievement.names)
    record(by, "badge-reinstated", locked, list=str(locked.suspension_list_id), index=locked.suspension_index)
    return locked
