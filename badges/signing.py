"""Where private halves are: pairs are made and signatures asked for here, and nowhere else."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from badges.hardware import Module
from badges.models import SigningKey
from badges.models.signing_key import Algorithm, Keeper
from badges.openbadges import keys, p256
from badges.openbadges.keys import SignsEmbedded, SignsJwt

_ANSWERING: ContextVar[bool] = ContextVar("answering a request", default=False)


class SignsNothingHere(RuntimeError):
    """A request asked for a signature. Signing belongs to the worker: see decision 0010."""


class Signer(Protocol):
    """A place that keeps private halves. Whatever it raises on failure is a ``keys.SealError``."""

    def make(self, key: SigningKey) -> None:
        """Draw a pair for a key that is not saved yet: set its public half and what is kept of the other."""

    def embedded(self, key: SigningKey) -> SignsEmbedded:
        """What signs embedded proofs with the key."""

    def jwt(self, key: SigningKey) -> SignsJwt:
        """What signs the JWT form with the key."""


class LocalSigner:
    """Keeps private halves in our own table, sealed under the key-encryption key; the default."""

    def make(self, key: SigningKey) -> None:
        kek = settings.KEY_ENCRYPTION_KEY
        if key.algorithm == Algorithm.P256:
            jwt_half = p256.generate()
            key.public_multibase = p256.encode_public(jwt_half.public_key())
            key.sealed = p256.seal(jwt_half, kek, key.associated_data)
        else:
            private = keys.generate()
            key.public_multibase = keys.encode_public(private.public_key())
            key.sealed = keys.seal(private, kek, key.associated_data)

    def embedded(self, key: SigningKey) -> Ed25519PrivateKey:
        return keys.from_seed(self.opened(key))

    def jwt(self, key: SigningKey) -> EllipticCurvePrivateKey:
        return p256.from_scalar(self.opened(key))

    def opened(self, key: SigningKey) -> bytes:
        """The private half. Until keys are wrapped anew, the former key-encryption key opens them too."""
        sealed, error = bytes(key.sealed), keys.SealError("the key is not sealed here")
        for kek in filter(None, (settings.KEY_ENCRYPTION_KEY, settings.KEY_ENCRYPTION_KEY_OLD)):
            try:
                return keys.unseal_raw(sealed, kek, key.associated_data)
            except keys.SealError as failed:
                error = failed
        raise error


@cache
def module() -> Module:
    """The security module of the settings, opened once in a process."""
    return Module(settings.SIGNER, settings.SIGNER_PIN)


SIGNERS: Mapping[str, Callable[[], Signer]] = {Keeper.LOCAL: LocalSigner, Keeper.PKCS11: module}


def make(key: SigningKey) -> None:
    """Draw the pair of a new key where the settings say that keys are kept from now on."""
    key.keeper = Keeper.PKCS11 if settings.SIGNER else Keeper.LOCAL
    SIGNERS[key.keeper]().make(key)


def private_half(key: SigningKey) -> SignsEmbedded:
    """What signs embedded proofs. Raises ``keys.SealError`` when its keeper does not open it."""
    _not_in_a_request()
    return SIGNERS[key.keeper]().embedded(key)


def jwt_private_half(key: SigningKey) -> SignsJwt:
    """What signs the JWT form. Raises ``keys.SealError`` as ``private_half`` does."""
    _not_in_a_request()
    return SIGNERS[key.keeper]().jwt(key)


# --- Never in a request ----------------------------------------------------------------------------------


def signs_nothing(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: whatever answers a request, no private half is opened for it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with answering():
            return get_response(request)

    return answer


@contextmanager
def answering() -> Iterator[None]:
    token = _ANSWERING.set(True)
    try:
        yield
    finally:
        _ANSWERING.reset(token)


def _not_in_a_request() -> None:
    if _ANSWERING.get():
        raise SignsNothingHere("signing belongs to the worker")
