"""Builds the unsigned OpenBadgeCredential of an award (1EdTech Open Badges 3.0, JSON-LD form)."""

import re
from datetime import UTC
from typing import Any

from badges.openbadges import wording
from badges.openbadges.award import (
    AchievementDefinition,
    Alignment,
    Award,
    Criterion,
    EvidenceItem,
    Issuer,
    Judgement,
    Level,
    Result,
    StatusEntry,
)
from badges.openbadges.contexts import ISSUED_WITH
from badges.openbadges.identity import hashed_email
from badges.openbadges.proof import timestamp
from badges.openbadges.vocabulary import ACHIEVEMENT_TYPES, TARGET_TYPES, term

PUBLISHED = ("public", "summary")
# Canonicalisers disagree on these, and half surrogates have no UTF-8: they leave every text before signing.
UNSIGNABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Spaces beyond ASCII too: other verifiers take an address with one for a relative address.
NOT_IN_AN_IRI = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`\s\ufeff]|%(?![0-9A-Fa-f]{2})")
ABSOLUTE = re.compile(r"(https?://[^/?#]|(urn|did|data|mailto):[^\s])", re.IGNORECASE)


class CannotBuild(ValueError):
    """The award lacks something a credential must have, or holds an address that is not absolute."""


def build(award: Award, achievement_json: dict[str, Any] | None = None) -> dict[str, Any]:
    """The credential that `award` stands for, without proof; raises `CannotBuild`.

    It holds no null and no empty array. The same award always gives the same credential.
    `achievement_json` is the achievement of another badge that was built of the same definition.
    """
    achievement = award.achievement
    status = award.status
    return _present(
        {
            "@context": list(ISSUED_WITH),
            "id": iri(award.credential_url),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": text(achievement.name),
            "description": text(achievement.description),
            "issuer": _issuer(award.issuer),
            "validFrom": timestamp(award.awarded_at),
            "validUntil": timestamp(award.valid_until) if award.valid_until else None,
            "credentialSubject": _subject(award, achievement_json or _achievement(award.achievement)),
            "evidence": [
                _evidence(item, achievement.language)
                for item in award.evidence
                if item.visibility in PUBLISHED
            ],
            "credentialStatus": _status(status) if status else None,
        }
    )


def text(value: str) -> str:
    """`value` without the characters that cannot be signed alike everywhere."""
    return UNSIGNABLE.sub("", value)


def iri(value: str) -> str:
    """`value` as an absolute IRI, what is not allowed in one percent-encoded; raises `CannotBuild`."""
    cleaned = text(value).strip()
    if not ABSOLUTE.match(cleaned):
        raise CannotBuild(f"{cleaned[:120]!r} is not an absolute address")
    return NOT_IN_AN_IRI.sub(_percent_encoded, cleaned)


def _percent_encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8"))


def criterion_iri(achievement: AchievementDefinition, criterion: str) -> str:
    """The id of a criterion's ResultDescription."""
    return iri(f"{achievement.id}#criterion-{criterion}")


def level_iri(achievement: AchievementDefinition, level: str) -> str:
    """The id of a RubricCriterionLevel."""
    return iri(f"{achievement.id}#level-{level}")


def _subject(award: Award, achievement_json: dict[str, Any]) -> dict[str, Any]:
    levels = {(item.id, level.id) for item in award.achievement.criteria for level in item.levels}
    return _present(
        {
            "id": iri(award.recipient.subject_id),
            "type": ["AchievementSubject"],
            "identifier": [hashed_email(award.recipient.email, award.recipient.salt)],
            "narrative": text(_judgement(award.judgement, award.achievement.language)),
            "achievement": achievement_json,
            "result": [_result(award.achievement, result, levels) for result in award.results],
        }
    )


def _issuer(issuer: Issuer) -> dict[str, Any]:
    return _present(
        {
            "id": iri(issuer.id),
            "type": ["Profile"],
            "name": text(issuer.name),
            "url": iri(issuer.url),
            "email": text(issuer.email or ""),
            "description": text(issuer.description or ""),
            "image": _image(issuer.image_url),
        }
    )


def _achievement(achievement: AchievementDefinition) -> dict[str, Any]:
    narrative = text(achievement.criteria_narrative)
    return _present(
        {
            "id": iri(achievement.id),
            "type": ["Achievement"],
            "name": text(achievement.name),
            "description": text(achievement.description),
            "achievementType": term(text(achievement.achievement_type), ACHIEVEMENT_TYPES),
            "criteria": _present({"id": iri(achievement.criteria_url), "narrative": narrative}),
            "image": _image(achievement.image_url),
            "tag": _tags(achievement.tags),
            "alignment": [_alignment(alignment) for alignment in achievement.alignments],
            "resultDescription": [_result_description(achievement, item) for item in achievement.criteria],
            "version": text(achievement.version),
        },
        required=("name", "description"),
    )


def _result_description(achievement: AchievementDefinition, criterion: Criterion) -> dict[str, Any]:
    known = {level.id for level in criterion.levels}
    if criterion.required_level is not None and criterion.required_level not in known:
        raise CannotBuild(f"the required level of criterion {criterion.code!r} is none of its levels")
    levels = sorted(criterion.levels, key=lambda level: level.position)
    required = criterion.required_level
    title = f"{criterion.code} {criterion.title}" if criterion.code else criterion.title
    return _present(
        {
            "id": criterion_iri(achievement, criterion.id),
            "type": ["ResultDescription"],
            "name": text(title),
            "resultType": "RubricCriterionLevel",
            "rubricCriterionLevel": [_level(achievement, level) for level in levels],
            "requiredLevel": level_iri(achievement, required) if required else None,
        },
        required=("name",),
    )


def _level(achievement: AchievementDefinition, level: Level) -> dict[str, Any]:
    return _present(
        {
            "id": level_iri(achievement, level.id),
            "type": ["RubricCriterionLevel"],
            "name": text(level.name),
            "description": text(level.description),
            "level": str(level.position),
            "points": text(level.points),
        },
        required=("name",),
    )


def _result(
    achievement: AchievementDefinition, result: Result, levels: set[tuple[str, str]]
) -> dict[str, Any]:
    if (result.criterion, result.level) not in levels:
        raise CannotBuild("a result names a criterion or level that the achievement does not have")
    return {
        "type": ["Result"],
        "resultDescription": criterion_iri(achievement, result.criterion),
        "achievedLevel": level_iri(achievement, result.level),
    }


def _alignment(alignment: Alignment) -> dict[str, Any]:
    return _present(
        {
            "type": ["Alignment"],
            "targetName": text(alignment.name),
            "targetUrl": iri(alignment.url),
            "targetCode": text(alignment.code),
            "targetFramework": text(alignment.framework),
            "targetDescription": text(alignment.description),
            "targetType": term(text(alignment.type), TARGET_TYPES),
        },
        required=("targetName",),
    )


def _evidence(item: EvidenceItem, language: str) -> dict[str, Any]:
    sentences = [item.description]
    if item.sha256:
        sentences.append(wording.say(wording.DIGEST, language, size=item.size, digest=item.sha256))
    if item.visibility == "summary":
        sentences.append(wording.say(wording.ONLY_SUMMARY, language))
    return _present(
        {
            "id": iri(item.url),
            "type": ["Evidence"],
            "name": text(item.name),
            "narrative": text(item.narrative),
            "description": text(" ".join(sentence for sentence in sentences if sentence)),
            "genre": text(item.genre),
        }
    )


def _judgement(judgement: Judgement, language: str) -> str:
    roles = ", ".join(wording.role(role, language) for role in judgement.roles)
    date = judgement.decided_at.astimezone(UTC).date().isoformat()
    sentences = [
        wording.say(wording.JUDGED, language, date=date, roles=roles or "-"),
        wording.say(wording.MODERATED if judgement.moderated else wording.NOT_MODERATED, language),
        wording.say(wording.DECISION, language, decision=judgement.decision),
        wording.say(wording.MANIFEST, language, digest=judgement.manifest_sha256),
    ]
    return "\n\n".join(sentences)


def _status(status: StatusEntry) -> dict[str, Any]:
    url = iri(status.list_url)
    return {
        "id": f"{url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": status.purpose,
        "statusListIndex": str(status.index),
        "statusListCredential": url,
    }


def _image(url: str | None) -> dict[str, Any] | None:
    return {"id": iri(url), "type": "Image"} if url else None


def _tags(tags: tuple[str, ...]) -> list[str]:
    return [tag for tag in dict.fromkeys(text(tag).strip() for tag in tags) if tag]


def _present(members: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The members that say something, and those that the schema asks for in any case."""
    return {
        key: value for key, value in members.items() if key in required or value not in (None, "", [], {})
    }
