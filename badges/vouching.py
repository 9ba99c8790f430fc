"""Vouch for an issuer elsewhere, so that a verified badge of theirs is shown as that of a known partner."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from badges.models import TrustedIssuer
from badges.models.trusted_issuer import MAX_IDENTIFIER
from badges.openbadges.v2.addresses import host_of
from badges.permissions import can_trust_issuers
from badges.resolving import is_ours, own_issuer
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import Organisation, User

DID = re.compile(r"did:(web|key|jwk):[A-Za-z0-9._:%-]+\Z")


def vouch_for(
    organisation: Organisation, *, identifier: str, name: str, note: str = "", by: User
) -> TrustedIssuer:
    """List an issuer as known.

    Raises DomainError ``bad-identifier``, ``own-issuer`` or ``already-trusted``.
    """
    require(can_trust_issuers, by, organisation)
    identifier = identifier.strip()
    if len(identifier) > MAX_IDENTIFIER or not (DID.match(identifier) or host_of(identifier)):
        raise invalid(
            "bad-identifier",
            _("Give the identifier as the issuer's badges name it: did:web, did:key, did:jwk or https."),
        )
    if is_ours(identifier) or own_issuer(identifier) is not None:
        raise invalid("own-issuer", _("This is an issuer of this workbench: its badges are known already."))
    try:
        with transaction.atomic():
            vouched = TrustedIssuer.objects.create(
                organisation=organisation,
                identifier=identifier,
                name=name.strip(),
                note=note.strip(),
                added_by=by,
            )
            record(by, "issuer-trusted", organisation, identifier=identifier)
    except IntegrityError as error:
        raise DomainError("already-trusted", _("This issuer is on the list already.")) from error
    return vouched


@transaction.atomic
def stop_vouching(vouched: TrustedIssuer, *, by: User) -> None:
    """Take an issuer off the list."""
    require(can_trust_issuers, by, vouched.organisation)
    identifier = vouched.identifier
    vouched.delete()
    record(by, "issuer-distrusted", vouched.organisation, identifier=identifier)
