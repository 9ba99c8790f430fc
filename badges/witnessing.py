"""Keep the key register: each thing done with a key, in the audit trail and for whoever audits the issuer."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from badges.models import KeyAct, SigningKey
from badges.models.key_act import Act
from badges.permissions import can_rotate_key
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

MAX_WITNESSES = 300
MAX_NOTE = 1000


@dataclass(frozen=True)
class Ceremony:
    """What people add to an act: who watched, and what should be known of it. Both may be empty."""

    witnesses: str = ""
    note: str = ""

    def checked(self) -> "Ceremony":
        """The same without stray spaces. Raises DomainError ``witnesses-too-long`` or ``note-too-long``."""
        if len(self.witnesses.strip()) > MAX_WITNESSES:
            raise invalid(
                "witnesses-too-long",
                _("Witnesses have at most %(limit)s characters.") % {"limit": MAX_WITNESSES},
            )
        if len(self.note.strip()) > MAX_NOTE:
            raise invalid(
                "note-too-long", _("A note has at most %(limit)s characters.") % {"limit": MAX_NOTE}
            )
        return Ceremony(self.witnesses.strip(), self.note.strip())


NOBODY = Ceremony()


def enter(
    key: SigningKey, act: Act, *, ceremony: Ceremony = NOBODY, by: User | None, **data: str | int
) -> KeyAct:
    """Add one act to trail and register, in the transaction of the act.

    Names and notes stay out of the trail, which nobody can change: it holds their salted digest.
    """
    told = ceremony.checked()
    entry = KeyAct(
        organisation=key.organisation,
        key=key,
        act=act,
        by=by,
        witnesses=told.witnesses,
        note=told.note,
        salt=secrets.token_hex(32) if told != NOBODY else "",
    )
    witnessed = {"witnessed_sha256": entry.digest} if entry.salt else {}
    event = record(by, f"key-{act}", key.organisation, **named(key), **data, **witnessed)
    entry.event, entry.at = event.sequence, event.at
    entry.save(force_insert=True)
    return entry


def named(key: SigningKey) -> dict[str, str | int]:
    """A key as the trail names it."""
    return {
        "key": str(key.pk),
        "algorithm": key.algorithm,
        "version": key.version,
        "public": key.public_multibase,
        "fingerprint": key.fingerprint,
    }


@transaction.atomic
def forget_witnesses(entry: KeyAct, *, by: User) -> KeyAct:
    """Take the names and the note out of an entry; the digest in the trail says nothing without its salt.

    Raises DomainError ``nothing-to-forget``.
    """
    require(can_rotate_key, by, entry.organisation)
    locked = KeyAct.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if not locked.salt:
        raise DomainError("nothing-to-forget", _("This entry names nobody."))
    locked.witnesses = locked.note = locked.salt = ""
    locked.save(update_fields=["witnesses", "note", "salt"])
    record(by, "key-witnesses-forgotten", locked.organisation, event=locked.event)
    return locked
