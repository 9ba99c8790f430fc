"""Tell what our own records say of a badge whose key may be in other hands."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from badges.identifying import fragments
from badges.models import Credential, SigningKey
from badges.openbadges import jws, parsing, vc_jwt
from badges.openbadges.checks import Check
from workbench.models import Organisation

# A key that is ours, in our documents or withdrawn from them; any other fault of the issuer stays.
OVERRULED = ("issuer-ours", "key-withdrawn")


def judged(
    check: Check,
    credential: dict[str, Any],
    method: str,
    owner: Organisation | None,
    record: Credential | None,
) -> Check:
    """The check of the issuer, where a compromised key of ours signed; else ``check`` as it is.

    ``method`` is how the signature, which holds, names its key. Whoever has the key can date a badge as they
    like, so the only thing that counts is our own record: the same words, signed by us before the moment.
    """
    key = _compromised(owner, method)
    if key is None or owner is None or key.compromised_at is None or check.code not in OVERRULED:
        return check
    told = {"name": owner.name, "since": key.compromised_at.isoformat()}
    if record and any(not key.distrusts(at) for at in _signed_by_us(record, key, credential)):
        return Check("issuer", True, "key-compromised-later", told)
    return Check("issuer", False, "key-compromised", told)


def _compromised(owner: Organisation | None, method: str) -> SigningKey | None:
    fragment = method.partition("#")[2]
    found = owner.signing_keys.compromised() if owner else ()
    return next((key for key in found if fragment in fragments(key)), None)


def _signed_by_us(record: Credential, key: SigningKey, credential: dict[str, Any]) -> Iterator[datetime]:
    """When we signed these very words with the key, as far as the badge's record goes back."""
    now = (
        (record.signing_key_id, record.signed, record.signed_at),
        (record.jwt_key_id, record.jwt, record.jwt_signed_at),
    )
    former = record.former_signatures.values_list("key", "text", "signed_at")
    for signer, text, at in (*now, *former):
        if signer == key.pk and at is not None and _says(text, credential):
            yield at


def _says(text: str, credential: dict[str, Any]) -> bool:
    if jws.looks_like_one(text):
        return vc_jwt.read(text).credential == credential
    return parsing.parse(text) == credential
