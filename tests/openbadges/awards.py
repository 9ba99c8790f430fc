"""An award as the workbench would plan it: Ada's firewall badge, decided by Bo, issued by Lille."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.openbadges import contexts, credential, did, keys, proof
from badges.openbadges.award import (
    AchievementDefinition,
    Alignment,
    Award,
    Criterion,
    EvidenceItem,
    Issuer,
    Judgement,
    KeyRef,
    Level,
    Recipient,
    Result,
    StatusEntry,
)
from badges.openbadges.did import KeyRecord

HERE = Path(__file__).parent
SITE = "https://badges.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DID_KEY = did.key_did(KEY.public_key())
DID_WEB = did.web_did(SITE, "lille")
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIST_URL = f"{SITE}/status/7"


def make_criterion(number: int) -> Criterion:
    levels = tuple(
        Level(f"c{number}l{step}", f"Level {step}", f"Rules are ordered, step {step}.", str(step), step)
        for step in range(4)
    )
    return Criterion(f"c{number}", f"FW.{number}", f"Criterion {number}", levels[2].id, levels, 1.5)


def make_achievement() -> AchievementDefinition:
    criteria = tuple(make_criterion(number) for number in range(3))
    return AchievementDefinition(
        id=f"{SITE}/achievements/firewall",
        name="Firewall management",
        description="Keeps a packet filter in order.",
        criteria_narrative="* orders rules\n* logs what it drops",
        criteria_url=f"{SITE}/achievements/firewall/criteria",
        image_url=f"{SITE}/achievements/firewall.png",
        achievement_type="MicroCredential",
        tags=("firewall", "nftables", "firewall"),
        alignments=(
            Alignment(
                "define firewall rules",
                "http://data.europa.eu/esco/skill/054f26ab-cfdc-4077-883c-1c4c9e9b310a",
                framework="ESCO",
                type="ceasn:Competency",
            ),
            Alignment("Firewalls", "https://nice.example/T1515", "T1515", "NICE", "task", "Manage firewalls"),
        ),
        criteria=criteria,
        version="1.2",
        language="en",
    )


def make_evidence(name: str, visibility: str = "public", **changes: Any) -> EvidenceItem:
    item = EvidenceItem(
        id=f"id-{name}",
        url=f"{SITE}/evidence/{name}",
        name=f"{name}.nft",
        narrative="The ruleset of the lab router.",
        genre="Firewall configuration",
        description="Exported with nft list ruleset.",
        sha256="ab" * 32,
        size=2048,
        visibility=visibility,
    )
    return dataclasses.replace(item, **changes)


def make_award(issuer_id: str = DID_KEY, **changes: Any) -> Award:
    achievement = make_achievement()
    award = Award(
        credential_id="11111111-1111-4111-8111-111111111111",
        credential_url=f"{SITE}/badges/11111111-1111-4111-8111-111111111111",
        issuer=Issuer(issuer_id, "Université de Lille", f"{SITE}/issuers/lille", "badges@lille.example"),
        recipient=Recipient("Ada@demo.example", "s4lt", "urn:uuid:22222222-2222-4222-8222-222222222222"),
        achievement=achievement,
        results=tuple(Result(criterion.id, criterion.levels[3].id) for criterion in achievement.criteria),
        evidence=(
            make_evidence("rules"),
            make_evidence("capture", "summary"),
            make_evidence("diary", "private"),
        ),
        judgement=Judgement("33333333-3333-4333-8333-333333333333", MOMENT, ("assessor",), False, "cd" * 32),
        awarded_at=MOMENT,
        key=KeyRef(did.verification_method(issuer_id, KEY.public_key())),
        status=StatusEntry(LIST_URL, 94567, "revocation"),
    )
    return dataclasses.replace(award, **changes)


def sign(award: Award) -> dict[str, Any]:
    return proof.sign(credential.build(award), KEY, award.key.verification_method, award.awarded_at)


def signed_badge(issuer_id: str = DID_KEY, **changes: Any) -> dict[str, Any]:
    return sign(make_award(issuer_id, **changes))


def did_web_document() -> dict[str, Any]:
    method = did.verification_method(DID_WEB, KEY.public_key())
    return did.document(DID_WEB, [KeyRecord(method, DID_WEB, keys.encode_public(KEY.public_key()))])


def resolve(method: str, issuer: str) -> KeyRecord:
    """Keys as the workbench finds them: in a did:key itself, or in the DID document of the known issuer."""
    if method.startswith(did.KEY_PREFIX):
        return did.resolve_key_did(method)
    return did.find_in_document(did_web_document(), method)


def open_badges_schema() -> dict[str, Any]:
    text = (HERE / "schemas" / "ob_v3p0_achievementcredential_schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def bundled_documents() -> dict[str, Any]:
    return {url: contexts.load(url)["document"] for url in contexts.BUNDLED}
