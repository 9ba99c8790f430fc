"""Take back an issued badge, at once and for good, with a reason that anyone may read."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models import Credential, StatusList
from badges.models.credential import CredentialState
from badges.notices import REVOKED
from badges.permissions import can_revoke
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify

MAX_REASON = 2000


@transaction.atomic
def revoke(credential: Credential, *, reason: str, by: User) -> Credential:
    """Revoke a badge, suspended or not. Its list is withdrawn in the same commit, until it is signed anew.

    Raises DomainError ``already-revoked``, ``not-issued``, ``reason-missing`` or ``reason-too-long``.
    """
    require(can_revoke, by, credential)
    return take_back(credential, reason=reason, by=by)


def take_back(credential: Credential, *, reason: str, by: User) -> Credential:
    """Revoke within another verb that has asked its own rule. Raises what ``revoke`` raises."""
    reason = checked_reason(reason)
    locked = locked_badge(credential)
    was_suspended = locked.is_suspended
    locked.state = CredentialState.REVOKED
    locked.revoked_at = timezone.now()
    locked.revoked_by = by
    locked.revocation_reason = reason
    locked.save(update_fields=["state", "revoked_at", "revoked_by", "revocation_reason"])
    withdraw_lists(locked, both=was_suspended)
    notify(locked.learner, REVOKED.code, locked, by=by, achievement=locked.achievement.names)
    # The reason may name somebody, so the trail, which nobody can change, keeps only that there is one.
    record(by, "badge-revoked", locked, status_list=str(locked.status_list_id), index=locked.status_index)
    return locked


def checked_reason(reason: str) -> str:
    """The reason without stray spaces. Raises DomainError ``reason-missing`` or ``reason-too-long``."""
    reason = reason.strip()
    if not reason:
        raise invalid("reason-missing", _("Say why: whoever checks the badge will read it."))
    if len(reason) > MAX_REASON:
        raise invalid(
            "reason-too-long",
            _("A reason has at most %(limit)s characters.") % {"limit": MAX_REASON},
        )
    return reason


def locked_badge(credential: Credential) -> Credential:
    """The badge as it is, locked until commit. Raises DomainError ``already-revoked`` or ``not-issued``."""
    locked = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if locked.is_revoked:
        raise DomainError("already-revoked", _("This badge is revoked already."))
    if not locked.is_published:
        raise DomainError("not-issued", _("This badge is not issued yet. Wait a moment, then try again."))
    return locked


def withdraw_lists(credential: Credential, *, both: bool = True) -> None:
    """Have the badge's lists signed anew; until then nobody is served them."""
    pks = [credential.status_list_id, credential.suspension_list_id if both else None]
    StatusList.objects.filter(pk__in=[pk for pk in pks if pk]).changed()
