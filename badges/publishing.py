"""Make the public documents of an issuer: profile, DID document, key set and badge images."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation

from assessments.models import Achievement
from badges.identifying import issuer_id, jwt_public_half, public_half
from badges.models import Credential, SigningKey
from badges.models.signing_key import Algorithm, KeyState
from badges.openbadges import baking, contexts, did, images
from badges.openbadges.award import Award
from badges.openbadges.design import Design, design
from badges.snapshot import absolute
from workbench.languages import in_language
from workbench.models import Organisation
from workbench.storage import open_blob

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
    """The DID document with every key ever used: a badge signed by a retired key still verifies.

    A key made ahead is in it too. A compromised one stays known, with the moment, and vouches for nothing.
    """
    identifier = current_issuer_id(organisation)
    return did.document(identifier, [key_record(key, identifier) for key in organisation.signing_keys.all()])


def jwks(organisation: Organisation) -> dict[str, Any]:
    """The keys that may have signed a JWT of this issuer, each under the ``kid`` that the JWTs name.

    A key set has no word for a key that is known to others, so such a key is not in it.
    """
    identifier = current_issuer_id(organisation)
    trusted = organisation.signing_keys.of(Algorithm.P256).exclude(state=KeyState.COMPROMISED)
    records = [key_record(key, identifier) for key in trusted]
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
    """The key as the DID document tells it; a compromised one vouches for nothing any more."""
    return replace(_record(key, identifier), may_assert=not key.is_compromised, revoked=key.compromised_at)


def _record(key: SigningKey, identifier: str) -> did.KeyRecord:
    if key.algorithm == Algorithm.P256:
        public = jwt_public_half(key)
        is_web = identifier.startswith(did.WEB_PREFIX)
        return did.jwk_record(identifier if is_web else did.key_did(public), public)
    owner = identifier if identifier.startswith(did.WEB_PREFIX) else did.key_did(public_half(key))
    return did.KeyRecord(did.verification_method(owner, public_half(key)), owner, key.public_multibase)


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
