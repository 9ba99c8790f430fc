"""Data Integrity proofs of the suite eddsa-rdfc-2022 (W3C Data Integrity EdDSA Cryptosuites v1.0 §3.2)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.openbadges import contexts, keys, multibase
from badges.openbadges.canonical import TooComplex
from badges.openbadges.expansion import Repeats
from badges.openbadges.linked_data import canonical_form, compare_paths
from badges.openbadges.processor import Loader, UnsafeDocument

TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-rdfc-2022"
PURPOSE = "assertionMethod"
SIGNATURE_BYTES = 64
TIMESTAMP = re.compile(r"-?\d{4,9}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)\Z")


# Makes the 64 bytes that are signed of a document and the options of its proof; raises what `hash_data` does.
Hashing = Callable[[dict[str, Any], dict[str, Any]], bytes]


class ProofInvalid(ValueError):
    """The proof does not hold for the document; `code` says why in one word or two."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class CannotSign(ValueError):
    """The document may not be signed, since part of it would stay outside the signature."""


def sign(
    document: dict[str, Any],
    private_key: keys.SignsEmbedded,
    verification_method: str,
    created: datetime,
    *,
    loader: Loader = contexts.load,
    repeats: Repeats | None = None,
) -> dict[str, Any]:
    """A copy of `document` with one proof in its `proof` array; raises `CannotSign`.

    Documents of one run that have much in common are signed faster with the same `repeats`.
    Ed25519 is deterministic: the same document, key and time give the same proof.
    """
    if "proof" in document:
        raise CannotSign("the document already has a proof")
    options = {
        "type": TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": timestamp(created),
        "verificationMethod": verification_method,
        "proofPurpose": PURPOSE,
    }
    try:
        signature = private_key.sign(hash_data(document, options, loader, repeats))
    except (UnsafeDocument, TooComplex, contexts.UnknownContext) as error:
        raise CannotSign(str(error)) from error
    return {**document, "proof": [{**options, "proofValue": multibase.encode(signature)}]}


def verify_proof(
    document: dict[str, Any],
    proof: dict[str, Any],
    public_key: Ed25519PublicKey,
    *,
    loader: Loader = contexts.load,
    repeats: Repeats | None = None,
    hashing: Hashing | None = None,
) -> None:
    """Raises `ProofInvalid` unless `public_key` made `proof` over all of `document`, its `proof` aside.

    `hashing` does the work of `hash_data` elsewhere, for whoever keeps strangers' documents apart.
    """
    signature = _signature(proof)
    unsecured, options = _parts(document, proof)
    try:
        signed = hashing(unsecured, options) if hashing else hash_data(unsecured, options, loader, repeats)
    except contexts.UnknownContext as error:
        raise ProofInvalid("unknown-context", str(error)) from error
    except UnsafeDocument as error:
        raise ProofInvalid("unsigned-data", str(error)) from error
    except TooComplex as error:
        raise ProofInvalid("too-complex", str(error)) from error
    try:
        public_key.verify(signature, signed)
    except InvalidSignature as error:
        raise ProofInvalid("signature", "the signature does not match the document") from error


def hash_data(
    document: dict[str, Any],
    options: dict[str, Any],
    loader: Loader = contexts.load,
    repeats: Repeats | None = None,
) -> bytes:
    """The 64 bytes that are signed: the hash of the proof options, then that of the document (§3.2.4)."""
    if "@context" not in document:
        raise UnsafeDocument("the document has no @context")
    options = {"@context": document["@context"], **options}
    return hashes_of(canonical_form(options, loader), canonical_form(document, loader, repeats))


def hashes_of(options: bytes, document: bytes) -> bytes:
    """The same of the two canonical forms."""
    return sha256(options).digest() + sha256(document).digest()


def cross_check(document: dict[str, Any], proof: dict[str, Any], repeats: Repeats | None = None) -> None:
    """Raises `linked_data.PathsDiffer` unless the compiled and the general path hash both parts alike."""
    unsecured, options = _parts(document, proof)
    compare_paths(unsecured, repeats)
    compare_paths({"@context": document["@context"], **options})


def timestamp(moment: datetime) -> str:
    """`moment` as an XSD dateTimeStamp in UTC, to the second."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be signed")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _parts(document: dict[str, Any], proof: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two things that are hashed: the document without proofs, the proof without its value (§3.2.1)."""
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    return unsecured, {key: value for key, value in proof.items() if key != "proofValue"}


def _signature(proof: dict[str, Any]) -> bytes:
    expected = {"type": TYPE, "cryptosuite": CRYPTOSUITE, "proofPurpose": PURPOSE}
    for member, value in expected.items():
        if proof.get(member) != value:
            raise ProofInvalid("unsupported", f"{member} of the proof is not {value}")
    for member in ("@context", "id", "previousProof", "domain", "challenge"):
        if member in proof:
            raise ProofInvalid("unsupported", f"{member} in a proof is not supported")
    for member in ("created", "expires"):
        if member in proof and not (isinstance(proof[member], str) and TIMESTAMP.match(proof[member])):
            raise ProofInvalid("malformed", f"{member} of the proof is not a time with zone")
    if not isinstance(proof.get("verificationMethod"), str):
        raise ProofInvalid("malformed", "the proof names no key")
    try:
        return multibase.decode(proof.get("proofValue", ""), SIGNATURE_BYTES)
    except multibase.BadMultibase as error:
        raise ProofInvalid("malformed", str(error)) from error
