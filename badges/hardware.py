"""Keys inside a security module, reached through PKCS#11; no private half ever leaves it."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurveSignatureAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from badges.models import SigningKey
from badges.models.signing_key import Algorithm
from badges.openbadges import keys, p256

# DER, as PKCS#11 v3.0 §6.3 names the curves: the text "edwards25519" and the identifier of P-256.
EDWARDS25519: Final = bytes.fromhex("130c") + b"edwards25519"
PRIME256V1: Final = bytes.fromhex("06082a8648ce3d030107")
HALF: Final = 32


class ModuleError(keys.SealError):
    """The module is not there, does not let us in, or does not hold the key."""


@dataclass(frozen=True)
class _Embedded:
    """A key of the module, signing as an Ed25519 key of ours does."""

    module: "Module"
    label: str

    def sign(self, data: bytes) -> bytes:
        return self.module.sign(self.label, data, "EDDSA")


@dataclass(frozen=True)
class _Jwt:
    """A key of the module, signing as a P-256 key of ours does; the module itself does not hash."""

    module: "Module"
    label: str

    def sign(self, data: bytes, signature_algorithm: EllipticCurveSignatureAlgorithm) -> bytes:
        digest = hashlib.new(signature_algorithm.algorithm.name, data).digest()  # type: ignore[union-attr]
        raw = self.module.sign(self.label, digest, "ECDSA")
        halves = (int.from_bytes(half, "big") for half in (raw[:HALF], raw[HALF:]))
        return encode_dss_signature(*halves)


class Module:
    """One token of one PKCS#11 library: ``pkcs11:/path/of/library.so?token=LABEL``, and its PIN.

    A session is opened when it is first needed and again after the module went away. Sessions are not for
    two threads at once, so each call holds the lock.
    """

    def __init__(self, address: str, pin: str) -> None:
        parts = urlsplit(address)
        self.library = parts.path
        self.token = parse_qs(parts.query).get("token", [""])[0]
        self.pin = pin
        self.lock = threading.RLock()
        self.session: Any = None

    def make(self, key: SigningKey) -> None:
        """Have the module draw the pair, neither to be read nor to be taken out."""
        curve, kind, mechanism = (
            (PRIME256V1, "EC", "EC_KEY_PAIR_GEN")
            if key.algorithm == Algorithm.P256
            else (EDWARDS25519, "EC_EDWARDS", "EC_EDWARDS_KEY_PAIR_GEN")
        )
        label = str(key.pk)
        with self._opened() as (pkcs11, session):
            domain = session.create_domain_parameters(
                pkcs11.KeyType[kind], {pkcs11.Attribute.EC_PARAMS: curve}, local=True
            )
            public, _private = domain.generate_keypair(
                mechanism=pkcs11.Mechanism[mechanism],
                store=True,
                label=label,
                id=key.pk.bytes,
                private_template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
            )
            point = bytes(public[pkcs11.Attribute.EC_POINT])
        key.public_multibase = _multibase(key.algorithm, point)
        key.sealed = b""

    def embedded(self, key: SigningKey) -> _Embedded:
        return _Embedded(self, str(key.pk))

    def jwt(self, key: SigningKey) -> _Jwt:
        return _Jwt(self, str(key.pk))

    def sign(self, label: str, data: bytes, mechanism: str) -> bytes:
        """The signature of the key with this label, 64 bytes; raises ``ModuleError``."""
        with self._opened() as (pkcs11, session):
            private = session.get_key(label=label, object_class=pkcs11.ObjectClass.PRIVATE_KEY)
            return bytes(private.sign(data, mechanism=pkcs11.Mechanism[mechanism]))

    def close(self) -> None:
        """End the session; the next call opens another."""
        session, self.session = self.session, None
        if session is not None:
            with suppress(import_module("pkcs11").PKCS11Error):  # it may be the session that broke
                session.close()

    @contextmanager
    def _opened(self) -> Iterator[tuple[Any, Any]]:
        try:
            pkcs11 = import_module("pkcs11")
        except ImportError as error:
            raise ModuleError("the package python-pkcs11 is not installed") from error
        with self.lock:
            try:
                self.session = self.session or self._logged_in(pkcs11)
                yield pkcs11, self.session
            except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
                self.close()
                raise ModuleError(f"the security module refused: {type(error).__name__}") from error

    def _logged_in(self, pkcs11: Any) -> Any:
        token = pkcs11.lib(self.library).get_token(token_label=self.token)
        try:
            return token.open(rw=True, user_pin=self.pin)
        except pkcs11.UserAlreadyLoggedIn:
            # Logging in is of the whole process: a session that could not be closed still holds it.
            return token.open(rw=True)


def _multibase(algorithm: str, point: bytes) -> str:
    """The Multikey of a point as PKCS#11 gives it: a DER octet string of less than 128 bytes."""
    raw = point[2:]
    if algorithm == Algorithm.P256:
        return p256.encode_public(p256.from_point(raw))
    keys.refuse_weak(raw)
    return keys.encode_public(Ed25519PublicKey.from_public_bytes(raw))
