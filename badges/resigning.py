"""Sign genuine badges again whose key others may have: the same badge, the same id, a new signature."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.identifying import issuer_id, public_half, verification_method
from badges.issuing import Jwt, digest, jwt_of
from badges.models import Credential, FormerSignature, SigningKey, StatusList
from badges.models.credential import CredentialQuerySet
from badges.models.key_act import Act
from badges.models.signing_key import KeyState
from badges.openbadges import award as awards
from badges.openbadges.cohort import Cohort
from badges.permissions import can_rotate_key
from badges.placing import draw_place
from badges.rotating import active_key
from badges.signing import private_half
from badges.witnessing import NOBODY, Ceremony, enter
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError
from workbench.jobs import enqueue
from workbench.models import User

RESIGN = "resign-credential"


@dataclass(frozen=True)
class Move:
    """What changes in a badge that gets another key: never what it says of its holder."""

    award: dict[str, Any]
    key: SigningKey
    status_list: StatusList
    status_index: int

    def columns(self) -> dict[str, Any]:
        return {
            "award": self.award,
            "signing_key": self.key,
            "status_list": self.status_list,
            "status_index": self.status_index,
        }


def signed_with(key: SigningKey) -> CredentialQuerySet:
    """The published badges of which one form at least has this key's signature."""
    return Credential.objects.published().filter(Q(signing_key=key) | Q(jwt_key=key))


def still_signed(key: SigningKey) -> int:
    """How many badges have this key's signature."""
    return signed_with(key).count()


@transaction.atomic
def resign_all(key: SigningKey, *, ceremony: Ceremony = NOBODY, by: User | None) -> int:
    """Have the worker sign again all that we have on record with a compromised key; returns how many.

    The issuer's people answer for it: what was issued after the key got into other hands was still decided
    here, and whatever was not is on no record. Raises DomainError ``not-compromised`` or ``nothing-signed``.
    """
    if by is not None:
        require(can_rotate_key, by, key.organisation)
    key.refresh_from_db()
    if key.state != KeyState.COMPROMISED:
        raise DomainError("not-compromised", _("What this key signed is valid, so nothing is signed again."))
    found = list(signed_with(key).values_list("pk", flat=True))
    if not found:
        raise DomainError("nothing-signed", _("No badge has this key's signature any more."))
    for pk in found:
        enqueue(RESIGN, pk)
    enter(key, Act.RESIGNED, ceremony=ceremony, by=by, badges=len(found))
    return len(found)


def resign(credential_id: uuid.UUID) -> Credential:
    """Sign both forms again where their key is compromised; done twice, the second time changes nothing.

    The former text is kept: a copy that the holder took along is known by it.
    """
    credential = Credential.objects.select_related("signing_key__organisation", "jwt_key").get(
        pk=credential_id
    )
    if credential.is_published and credential.signing_key.is_compromised:
        _resign_embedded(credential)
    if credential.jwt and credential.jwt_key and credential.jwt_key.is_compromised:
        _resign_jwt(credential, jwt_of(credential))
    return credential


def moved(credential: Credential) -> Move:
    """The badge under the issuer's present key; under another did:key it needs another list."""
    key = active_key(credential.signing_key.organisation)
    award = awards.Award.from_json(credential.award)
    issuer = issuer_id(key)
    status_list, index = credential.status_list, credential.status_index
    status = award.status
    if status_list.issuer != issuer:
        status_list, index = draw_place(credential.organisation, issuer)
        status = awards.StatusEntry(status_list.url, index, status_list.purpose)
    changed = replace(
        award,
        issuer=replace(award.issuer, id=issuer),
        key=awards.KeyRef(verification_method(key)),
        status=status,
    )
    return Move(changed.to_json(), key, status_list, index)


@transaction.atomic
def _resign_embedded(credential: Credential) -> None:
    """Signing takes a millisecond, so the row is locked meanwhile: no revocation is lost in between."""
    locked = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if locked.signing_key_id != credential.signing_key_id:
        return
    now, move = timezone.now(), moved(locked)
    text = Cohort(private_half(move.key), public_half(move.key)).text(move.award, now)
    former = FormerSignature(
        credential=locked,
        key=credential.signing_key,
        text=locked.signed,
        signed_at=locked.signed_at or now,
        replaced_at=now,
    )
    if move.status_list != locked.status_list:
        former.status_list, former.status_index = locked.status_list, locked.status_index
        StatusList.objects.filter(pk__in=[locked.status_list_id, move.status_list.pk]).changed()
    former.save(force_insert=True)
    Credential.objects.filter(pk=locked.pk).update(
        **move.columns(), signed=text, signed_sha256=digest(text), resigned_at=now
    )
    credential.refresh_from_db()
    record(None, "badge-resigned", credential, sha256=credential.signed_sha256, key=str(move.key.pk))


@transaction.atomic
def _resign_jwt(credential: Credential, jwt: Jwt) -> None:
    locked = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if locked.jwt_key_id != credential.jwt_key_id or credential.jwt_key is None:
        return
    now = timezone.now()
    FormerSignature.objects.create(
        credential=locked,
        key=credential.jwt_key,
        text=locked.jwt,
        signed_at=locked.jwt_signed_at or now,
        replaced_at=now,
    )
    Credential.objects.filter(pk=locked.pk).update(jwt=jwt.text, jwt_key=jwt.key, jwt_signed_at=now)
    credential.refresh_from_db()
    record(None, "badge-resigned-as-jwt", credential, jwt_sha256=digest(jwt.text), key=str(jwt.key.pk))
