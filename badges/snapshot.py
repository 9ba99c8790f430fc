"""Freeze what was judged into the award that a credential is built from."""

import re
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.explaining.findings import summary
from assessments.models import Achievement, Criterion, Evidence
from assessments.models.evidence import Visibility
from assessments.secrecy import analysis_of, shown_visibility
from badges.approval import Approval
from badges.identifying import issuer_id, verification_method
from badges.models import Credential
from badges.openbadges import award, identity

FRAMEWORKS = (
    ("http://data.europa.eu/esco/", "ESCO"),
    ("https://esco.ec.europa.eu/", "ESCO"),
    ("e-cf", "e-CF"),
    ("nice", "NICE Workforce Framework"),
)
# Verifiers refuse documents beyond a size: without a limit an item, a learner could write so much that the
# badge of an approved decision can never be signed. The evidence page has the whole text.
NARRATIVE_BYTES = 12_000
NO_CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


def absolute(name: str, *args: object) -> str:
    """The public address of a page, as badges carry it for years."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def freeze(approval: Approval, credential: Credential) -> award.Award:
    """Everything the credential will say, in the learner's language, read once and never again."""
    submission = approval.submission
    language = submission.learner.language
    with translation.override(language):
        achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
        return award.Award(
            credential_id=str(credential.pk),
            credential_url=credential.url,
            issuer=_issuer(credential),
            recipient=award.Recipient(
                email=submission.learner.email,
                salt=identity.new_salt(),
                subject_id=f"urn:uuid:{uuid.uuid4()}",
            ),
            achievement=_achievement(achievement, language),
            results=tuple(award.Result(str(one), str(level)) for one, level in approval.levels.items()),
            evidence=tuple(
                _evidence(item)
                for item in submission.evidence.in_order().with_supports().with_reading()
                if item.visibility != Visibility.PRIVATE
            ),
            judgement=award.Judgement(
                decision=str(approval.decision_id),
                decided_at=approval.decided_at,
                roles=approval.roles,
                moderated=approval.moderated,
                manifest_sha256=submission.manifest_sha256,
            ),
            awarded_at=approval.released_at,
            valid_until=credential.valid_until,
            key=award.KeyRef(verification_method(credential.signing_key)),
            status=award.StatusEntry(
                list_url=absolute("status-list", credential.status_list_id),
                index=credential.status_index,
                purpose=credential.status_list.purpose,
            ),
        )


def _issuer(credential: Credential) -> award.Issuer:
    organisation = credential.organisation
    return award.Issuer(
        id=issuer_id(credential.signing_key),
        name=organisation.name,
        url=absolute("issuer", organisation.slug),
        email=organisation.email or None,
        description=organisation.description or None,
        image_url=None,
    )


def _achievement(achievement: Achievement, language: str) -> award.AchievementDefinition:
    url = absolute("achievement", achievement.pk)
    return award.AchievementDefinition(
        id=url,
        name=achievement.name,
        description=achievement.description,
        criteria_narrative=achievement.narrative,
        criteria_url=url,
        image_url=f"{absolute('achievement-image', achievement.pk)}?language={language}",
        achievement_type=achievement.achievement_type,
        tags=tuple(achievement.tags),
        alignments=_alignments(achievement),
        criteria=tuple(_criterion(achievement, criterion) for criterion in achievement.criteria),
        version=achievement.version,
        language=language,
    )


def _alignments(achievement: Achievement) -> tuple[award.Alignment, ...]:
    """Our own competencies first, then what they are aligned to in other frameworks, each address once."""
    referential = achievement.rubric.referential
    found: dict[str, award.Alignment] = {}
    for competency in achievement.competencies.all():
        url = f"{absolute('referential', referential.pk)}#{competency.identifier}"
        found[url] = award.Alignment(
            name=competency.name,
            url=url,
            code=competency.human_code,
            framework=referential.title,
            type="CFItem",
        )
        for link in competency.associations.alignments():
            found.setdefault(
                link.destination_uri,
                award.Alignment(
                    name=link.destination_title or link.destination_uri,
                    url=link.destination_uri,
                    code=_code(link.destination_identifier),
                    framework=_framework(link.destination_uri),
                ),
            )
    return tuple(found.values())


def _code(identifier: str) -> str:
    """What people call the entry; an address or a UUID is no such thing."""
    return "" if "/" in identifier or NO_CODE.match(identifier) else identifier


def _framework(uri: str) -> str:
    return next((name for mark, name in FRAMEWORKS if mark in uri.lower()), "")


def _criterion(achievement: Achievement, criterion: Criterion) -> award.Criterion:
    required = achievement.required_by_criterion.get(criterion.pk)
    return award.Criterion(
        id=str(criterion.pk),
        code=criterion.code,
        title=criterion.title or criterion.description,
        required_level=str(required) if required else None,
        levels=tuple(
            award.Level(
                id=str(level.pk),
                name=level.quality,
                description=level.description,
                points=f"{level.points.normalize():f}" if level.points is not None else "",
                position=level.position,
            )
            for level in criterion.levels.all()
        ),
        weight=float(criterion.weight) if criterion.weight is not None else 1.0,
    )


def _evidence(item: Evidence) -> award.EvidenceItem:
    visibility = shown_visibility(item)
    reading = _reading(item)
    original = item.redacted_from.sha256 if item.redacted_from else ""
    return award.EvidenceItem(
        id=str(item.pk),
        url=absolute("public-evidence", item.pk),
        name=item.title,
        narrative=_shortened(_told(item, reading, original)),
        genre=str(item.get_kind_display()),
        # Who shows a summary keeps the content back, and the content of a link is its address.
        description=item.filename or (item.url if visibility == Visibility.PUBLIC else ""),
        sha256=item.sha256,
        size=item.size,
        visibility=visibility.value,
        reading=reading,
        original_sha256=original,
    )


def _told(item: Evidence, reading: str, original: str) -> str:
    """The learner's narrative, what the program read, and what the item supports, as Markdown."""
    supports = [
        f"- **{support.criterion}**: {support.justification}"
        if support.justification
        else f"- **{support.criterion}**"
        for support in item.supports.all()
    ]
    cleaned = _(
        "A copy without passwords and personal data. The assessors had the original, SHA-256 %(digest)s."
    ) % {"digest": original}
    parts = [
        item.narrative,
        _("What the program read: %(summary)s.") % {"summary": reading} if reading else "",
        cleaned if original else "",
        _("Supports:") + "\n" + "\n".join(supports),
    ]
    return "\n\n".join(filter(None, parts))


def _reading(item: Evidence) -> str:
    analysis = analysis_of(item)
    if analysis is None or not analysis.is_done or analysis.analyser == "none":
        return ""
    return summary(analysis.analyser, analysis.dialect, analysis.facts)


def _shortened(text: str) -> str:
    """The text within NARRATIVE_BYTES of UTF-8, cut with an ellipsis."""
    if len(text.encode()) <= NARRATIVE_BYTES:
        return text
    return text.encode()[: NARRATIVE_BYTES - len("…".encode())].decode(errors="ignore") + "…"
