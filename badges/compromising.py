"""Say that an issuer's key may be in other hands, from a moment on, and what follows from it at once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models import Credential, SigningKey
from badges.models.key_act import Act
from badges.models.signing_key import Algorithm, KeyState
from badges.permissions import can_rotate_key
from badges.resigning import moved
from badges.rotating import succeed
from badges.witnessing import NOBODY, Ceremony, enter
from workbench.access import require
from workbench.errors import DomainError, invalid
from workbench.models import Organisation, User


@transaction.atomic
def compromise(
    key: SigningKey, *, since: datetime, ceremony: Ceremony = NOBODY, by: User | None
) -> SigningKey:
    """Distrust what the key signed from ``since`` on. An active key is replaced in the same transaction.

    The date in a signature is whatever its maker wrote, so only our own records tell what was signed before:
    see ``trusting``. For everybody else the key vouches for nothing any more, and ``resigning`` makes the
    issuer's genuine badges valid again. What is planned gets the new key. Raises DomainError
    ``compromised-already``, ``not-yet`` or ``signer-away``. Told again, the earlier moment counts.
    """
    if by is not None:
        require(can_rotate_key, by, key.organisation)
    if since > timezone.now():
        raise invalid("not-yet", _("This moment is still to come. Give the first when others had it."))
    Organisation.objects.select_for_update().get(pk=key.organisation_id)
    locked = SigningKey.objects.select_related("organisation").get(pk=key.pk)
    if locked.compromised_at is not None and locked.compromised_at <= since:
        raise DomainError("compromised-already", _("This key is distrusted from earlier on already."))
    was, algorithm = locked.state, Algorithm(locked.algorithm)
    # Rows are locked before the trail is, as everywhere: badges first, then lists.
    planned = Credential.objects.planned().filter(signing_key=locked).select_for_update(of=("self",))
    waiting = list(planned.order_by("pk"))
    if algorithm == Algorithm.ED25519:
        # Lists that the key signed are worth nothing now.
        locked.organisation.status_lists.all().changed()
    locked.state, locked.compromised_at = KeyState.COMPROMISED, since
    locked.save(update_fields=["state", "compromised_at"])
    if was == KeyState.ACTIVE:
        succeed(locked.organisation, algorithm, by=by)
    for credential in waiting:
        # A worker that is about to store it under the old key loses to this.
        Credential.objects.filter(pk=credential.pk).update(**moved(credential).columns())
    enter(locked, Act.COMPROMISED, ceremony=ceremony, by=by, since=since.isoformat(), was=was)
    return locked
