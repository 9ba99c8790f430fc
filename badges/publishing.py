"""Make the public documents of an issuer: profile, DID document, status lists and badge images."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from assessments.models import Achievement
from badges.models import Credential, SigningKey, StatusList
from badges.models.credential import CredentialState
from badges.models.signing_key import Algorithm
from badges.openbadges import baking, contexts, did, images, parsing, proof
from badges.openbadges import status_list as bitstring
from badges.openbadges.award import Award
from badges.openbadges.design import Design, design
from badges.rotating import active_key, issuer_id, jwt_public_half, private_half, public_half
from badges.snapshot import absolute
from workbench.languages import in_language
from workbench.models import Organisation
from workbench.storage import open_blob

# A list is signed anew at this age although nothing changed: verifiers distrust old lists.
REFRESH = timedelta(hours=12)
IMAGE_SIZE = 512


# --- The issuer ----------------------------------------------------------------------------------------


def current_issuer_id(organisation: Organisation) -> str:
    """The DID that new badges name; the page's address while a did:key issuer has no key yet."""
    if settings.HTTPS:
        return did.web_did(settings.BASE_URL, organisation.slug)
    key = organisation.signing_keys.active().of(Algorithm.ED25519).first()
    return issuer_id(key) if key else absolute("issuer", organisation.slug)


def issuer_profile(organisation: Organisation) -> dict[str, Any]:
    """The OB 3.0 Profile of an organisation."""
    profile = {
        "@context": [contexts.CREDENTIALS, contexts.OPEN_BADGES],
        "id": current_issuer_id(organisation),
        "type": ["Profile"],
        "name": organisation.name,
        "url": absolute("issuer", organisation.slug),
        "email": organisation.email,
        "description": in_language(organisation.descriptions, settings.LANGUAGE_CODE),
    }
    return {member: value for member, value in profile.items() if value}


def did_document(organisation: Organisation) -> dict[str, Any]:
    """The DID document with every key ever used: a badge signed by a retired key still verifies."""
    identifier = current_issuer_id(organisation)
    return did.document(identifier, [key_record(key, identifier) for key in organisation.signing_keys.all()])


def jwks(organisation: Organisation) -> dict[str, Any]:
    """Every key that ever signed a JWT of this issuer, each under the ``kid`` that the JWTs name."""
    identifier = current_issuer_id(organisation)
    records = [key_record(key, identifier) for key in organisation.signing_keys.of(Algorithm.P256)]
    return {
        "keys": [
            {**(record.jwk or {}), "kid": record.verification_method, "alg": "ES256", "use": "sig"}
            for record in records
        ]
    }


def published_key(key: SigningKey) -> did.KeyRecord:
    """A key for the JWT form as any verifier finds it: in the DID document, or in a did:key itself."""
    record = did.jwk_record(issuer_id(key), jwt_public_half(key))
    if record.controller.startswith(did.KEY_PREFIX):
        return did.resolve_key_did(record.verification_method)
    return did.find_in_document(did_document(key.organisation), record.verification_method)


def key_record(key: SigningKey, identifier: str) -> did.KeyRecord:
    if key.algorithm == Algorithm.P256:
        public = jwt_public_half(key)
        is_web = identifier.startswith(did.WEB_PREFIX)
        return did.jwk_record(identifier if is_web else did.key_did(public), public)
    owner = identifier if identifier.startswith(did.WEB_PREFIX) else did.key_did(public_half(key))
    return did.KeyRecord(did.verification_method(owner, public_half(key)), owner, key.public_multibase)


# --- Status lists --------------------------------------------------------------------------------------


def signed_status_list(status_list: StatusList) -> StatusList:
    """The list with ``signed`` for its newest version, signed now when a revocation or its age asks for it.

    The version is read before the bits, so a revocation in between can only make the list newer than its
    number says, and the next reader signs once more. The conditional update never puts an old list back.
    """
    status_list.refresh_from_db()
    if _is_fresh(status_list):
        return status_list
    version, now = status_list.version, timezone.now()
    key, identifier = _signer(status_list)
    listing = bitstring.build(
        bitstring.StatusListDefinition(
            url=_list_url(status_list),
            issuer_id=identifier,
            purpose=status_list.purpose,
            issued_at=now,
            indexes=_revoked_indexes(status_list),
        )
    )
    method = did.verification_method(identifier, public_half(key))
    text = parsing.serialise(proof.sign(listing, private_half(key), method, now))
    StatusList.objects.filter(pk=status_list.pk, signed_version__lte=version).update(
        signed=text, signed_version=version, signed_at=now
    )
    status_list.refresh_from_db()
    return status_list


def _is_fresh(status_list: StatusList) -> bool:
    return (
        status_list.signed_version == status_list.version
        and status_list.signed_at is not None
        and status_list.signed_at > timezone.now() - REFRESH
    )


def _revoked_indexes(status_list: StatusList) -> frozenset[int]:
    revoked = status_list.credentials.filter(state=CredentialState.REVOKED)
    return frozenset(revoked.values_list("status_index", flat=True))


def _signer(status_list: StatusList) -> tuple[SigningKey, str]:
    """Verifiers ask that a list has the issuer of its badges: all of one list have the same (see issuing)."""
    sample = _sample(status_list)
    if sample is None:
        key = active_key(status_list.organisation)
        return key, issuer_id(key)
    identifier = sample.award["issuer"]["id"]
    if identifier.startswith(did.KEY_PREFIX):
        return sample.signing_key, identifier
    return active_key(status_list.organisation), identifier


def _list_url(status_list: StatusList) -> str:
    """The address that the badges carry, even when the product has moved since."""
    sample = _sample(status_list)
    url: str = sample.award["status"]["list_url"] if sample else absolute("status-list", status_list.pk)
    return url


def _sample(status_list: StatusList) -> Credential | None:
    return status_list.credentials.select_related("signing_key__organisation").order_by("pk").first()


# --- Images --------------------------------------------------------------------------------------------


def achievement_png(achievement: Achievement, language: str) -> bytes:
    """The achievement's own image, else the drawn one with its title in ``language``."""
    if achievement.image:
        with open_blob(achievement.image) as file:
            uploaded: bytes = file.read()
        return uploaded
    with translation.override(language):
        return _drawn_png(_design(achievement.name, achievement.organisation.name, str(achievement.pk)))


def badge_png(credential: Credential) -> bytes:
    """The badge's image without the credential in it."""
    return achievement_png(credential.achievement, Award.from_json(credential.award).achievement.language)


def badge_svg(credential: Credential) -> bytes:
    award = Award.from_json(credential.award)
    return _drawn_svg(_design(award.achievement.name, award.issuer.name, str(credential.achievement_id)))


def baked_png(credential: Credential, text: str = "") -> bytes:
    """The badge's image with one of its signed forms inside, byte for byte as it is served."""
    return baking.bake_png(badge_png(credential), text or credential.signed)


def baked_svg(credential: Credential, text: str = "") -> bytes:
    return baking.bake_svg(badge_svg(credential), text or credential.signed)


def _design(title: str, issuer: str, seed: str) -> Design:
    return design(title, issuer, seed=seed)


@lru_cache(maxsize=256)
def _drawn_png(drawn: Design) -> bytes:
    return images.draw_png(drawn, IMAGE_SIZE)


@lru_cache(maxsize=256)
def _drawn_svg(drawn: Design) -> bytes:
    return images.draw_svg(drawn)
