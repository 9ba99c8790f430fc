"""Make an issuer's signing keys, and replace them without touching what older ones signed."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges import signing
from badges.models import SigningKey
from badges.models.key_act import Act
from badges.models.signing_key import Algorithm, KeyState
from badges.openbadges import keys
from badges.permissions import can_rotate_key
from badges.witnessing import NOBODY, Ceremony, enter
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError
from workbench.models import Organisation, User


@transaction.atomic
def prepare_keys(
    organisation: Organisation, *, ceremony: Ceremony = NOBODY, by: User | None
) -> list[SigningKey]:
    """Make the next key of each kind ahead: published from now on, signing once the present one is replaced.

    Others who keep the issuer's DID document for a while then know a key before they meet it. Raises
    DomainError ``keys-waiting`` when both are there already, ``signer-away`` when none can be made.
    """
    if by is not None:
        require(can_rotate_key, by, organisation)
    _locked(organisation)
    waiting = set(organisation.signing_keys.pending().values_list("algorithm", flat=True))
    missing = [algorithm for algorithm in Algorithm if algorithm not in waiting]
    if not missing:
        raise DomainError(
            "keys-waiting", _("The next keys are made already. They wait to be put into service.")
        )
    made = [_make(organisation, algorithm, KeyState.PENDING) for algorithm in missing]
    for key in made:
        enter(key, Act.MADE, ceremony=ceremony, by=by, state=KeyState.PENDING.value)
    return made


@transaction.atomic
def rotate_key(organisation: Organisation, *, ceremony: Ceremony = NOBODY, by: User | None) -> SigningKey:
    """Retire the active keys and put others into service, of which that for embedded proofs is returned.

    Keys made ahead go first; where there is none, one is made. ``by`` is None when the operator's command
    asks. What is planned keeps the key it was planned with; its JWT form gets the key that is active when
    it is signed. Raises DomainError ``signer-away``.
    """
    if by is not None:
        require(can_rotate_key, by, organisation)
    _locked(organisation)
    for active in organisation.signing_keys.active():
        active.state, active.retired_at = KeyState.RETIRED, timezone.now()
        active.save(update_fields=["state", "retired_at"])
        enter(active, Act.RETIRED, ceremony=ceremony, by=by)
    key, jwt_key = (succeed(organisation, algorithm, ceremony=ceremony, by=by) for algorithm in Algorithm)
    record(
        by,
        "key-rotated",
        organisation,
        key=str(key.pk),
        version=key.version,
        public=key.public_multibase,
        jwt_key=str(jwt_key.pk),
        jwt_public=jwt_key.public_multibase,
    )
    return key


def succeed(
    organisation: Organisation, algorithm: Algorithm, *, ceremony: Ceremony = NOBODY, by: User | None
) -> SigningKey:
    """Put the key that was made ahead into service, else a new one; the caller holds the issuer's lock."""
    key = organisation.signing_keys.pending().of(algorithm).first()
    if key is None:
        key = _make(organisation, algorithm, KeyState.ACTIVE)
        enter(key, Act.MADE, ceremony=ceremony, by=by, state=KeyState.ACTIVE.value)
        return key
    key.state, key.activated_at = KeyState.ACTIVE, timezone.now()
    key.save(update_fields=["state", "activated_at"])
    enter(key, Act.ACTIVATED, ceremony=ceremony, by=by)
    return key


@transaction.atomic
def active_key(organisation: Organisation, algorithm: Algorithm = Algorithm.ED25519) -> SigningKey:
    """The key that signs now; an issuer's first key of each kind is made when it is first needed.

    The event takes the chain's lock early. Nobody can wait for it in a circle: an issuer without a key has no
    status list and no badge that another transaction could hold, and the first key for the JWT form is asked
    for by the worker, in a transaction of its own.
    """
    key = organisation.signing_keys.active().of(algorithm).first()
    if key is None:
        _locked(organisation)
        key = organisation.signing_keys.active().of(algorithm).first()
    return key or succeed(organisation, algorithm, by=None)


def _locked(organisation: Organisation) -> None:
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _make(organisation: Organisation, algorithm: Algorithm, state: KeyState) -> SigningKey:
    last = organisation.signing_keys.of(algorithm).order_by("-version").first()
    key = SigningKey(
        id=uuid.uuid4(),
        organisation=organisation,
        algorithm=algorithm,
        version=last.version + 1 if last else 1,
        state=state,
        activated_at=timezone.now() if state == KeyState.ACTIVE else None,
    )
    try:
        signing.make(key)
    except keys.SealError as error:
        raise DomainError(
            "signer-away",
            _("No key can be made: the module that keeps the keys does not answer. Ask the operator."),
            status=503,
        ) from error
    key.save(force_insert=True)
    return key
