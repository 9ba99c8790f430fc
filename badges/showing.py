"""Turn a badge into what its public page and its certificate show."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessments.models import Evidence
from badges.models import Credential
from badges.openbadges import wording
from badges.openbadges.award import Alignment, Award, Criterion, EvidenceItem

EXCERPT = 220
SHOWN = ("public", "summary")
OWN_FRAMEWORK = "CFItem"


@dataclass(frozen=True)
class ShownLevel:
    """One level of a criterion, for a row of marks and for the rubric table."""

    quality: str
    description: str
    points: str
    required: bool
    achieved: bool
    reached: bool


@dataclass(frozen=True)
class ShownCriterion:
    """What was asked and what was reached; ``above`` when the level is higher than required."""

    code: str
    title: str
    weight: str
    levels: tuple[ShownLevel, ...]
    achieved: str
    description: str
    required: str
    position: int
    above: bool

    @property
    def count(self) -> int:
        return len(self.levels)


@dataclass(frozen=True)
class ShownEvidence:
    """One published item: its frozen description, and its page."""

    item: EvidenceItem
    row: Evidence | None
    url: str
    excerpt: str
    criteria: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.row.kind if self.row else "other"


@dataclass(frozen=True)
class Supported:
    """A criterion that an item supports: the learner's reason, and the level that was reached in it."""

    criterion: ShownCriterion
    justification: str


@dataclass(frozen=True)
class Verdict:
    """The state of a badge right now, in one line and one sentence."""

    verified: bool | None
    title: str
    text: str
    state: str


@dataclass(frozen=True)
class Shown:
    credential: Credential
    award: Award
    verdict: Verdict
    criteria: tuple[ShownCriterion, ...]
    evidence: tuple[ShownEvidence, ...]
    alignments: tuple[tuple[str, tuple[Alignment, ...]], ...]
    roles: tuple[str, ...]

    @property
    def achievement_id(self) -> uuid.UUID:
        return self.credential.achievement_id


def shown(credential: Credential) -> Shown:
    """Everything the page of a badge says, read from the frozen award."""
    award = Award.from_json(credential.award)
    return Shown(
        credential=credential,
        award=award,
        verdict=verdict(credential),
        criteria=tuple(_criteria(award)),
        evidence=tuple(_evidence(award)),
        alignments=_alignments(award),
        roles=tuple(wording.role(role, award.achievement.language) for role in award.judgement.roles),
    )


def verdict(credential: Credential) -> Verdict:
    """Valid, expired, suspended, revoked or still being issued."""
    if credential.is_revoked:
        return Verdict(
            False,
            _("Revoked on %(date)s") % {"date": _date(credential.revoked_at)},
            _("The issuer has taken this badge back. Reason: %(reason)s")
            % {"reason": credential.revocation_reason},
            "revoked",
        )
    if credential.is_suspended:
        return Verdict(
            False,
            _("Suspended on %(date)s") % {"date": _date(credential.suspended_at)},
            _("The issuer has set this badge aside for the time being. Reason: %(reason)s")
            % {"reason": credential.suspension_reason},
            "suspended",
        )
    if credential.is_signed_in_doubt:
        return Verdict(
            False,
            _("To be signed again"),
            _("Others may have had the key that signed it. It counts again once the issuer signs it anew."),
            "in-doubt",
        )
    if not credential.is_published:
        return Verdict(None, _("Being issued"), _("The badge is being signed; it takes a moment."), "planned")
    if credential.is_expired:
        return Verdict(
            None,
            _("Expired on %(date)s") % {"date": _date(credential.valid_until)},
            _("The badge is genuine. It was valid until this date."),
            "expired",
        )
    return Verdict(
        True,
        _("Valid today"),
        _("Signed by %(issuer)s, not revoked.") % {"issuer": credential.award["issuer"]["name"]},
        "issued",
    )


def published_item(award: Award, evidence_id: uuid.UUID) -> EvidenceItem | None:
    """The item of an award that its learner let be shown."""
    found = (item for item in award.evidence if item.id == str(evidence_id) and item.visibility in SHOWN)
    return next(found, None)


def supported(award: Award, item: Evidence) -> list[Supported]:
    """What an item supports, in the words and with the results that the badge has frozen."""
    reasons = {str(support.criterion_id): support.justification for support in item.supports.all()}
    frozen = zip(award.achievement.criteria, _criteria(award), strict=True)
    return [Supported(shown, reasons[criterion.id]) for criterion, shown in frozen if criterion.id in reasons]


def _criteria(award: Award) -> Iterator[ShownCriterion]:
    reached = {result.criterion: result.level for result in award.results}
    for criterion in award.achievement.criteria:
        yield _criterion(criterion, reached.get(criterion.id))


def _criterion(criterion: Criterion, reached: str | None) -> ShownCriterion:
    levels = sorted(criterion.levels, key=lambda level: level.position)
    places = {level.id: place for place, level in enumerate(levels, start=1)}
    achieved = next((level for level in levels if level.id == reached), None)
    required = next((level for level in levels if level.id == criterion.required_level), None)
    position = places[achieved.id] if achieved else 0
    return ShownCriterion(
        code=criterion.code,
        title=criterion.title,
        weight=f"{criterion.weight:g}",
        levels=tuple(
            ShownLevel(
                quality=level.name,
                description=level.description,
                points=level.points,
                required=level is required,
                achieved=level is achieved,
                reached=places[level.id] <= position,
            )
            for level in levels
        ),
        achieved=achieved.name if achieved else "",
        description=achieved.description if achieved else "",
        required=required.name if required else "",
        position=position,
        above=required is not None and position > places[required.id],
    )


def _evidence(award: Award) -> Iterator[ShownEvidence]:
    items = [item for item in award.evidence if item.visibility in SHOWN]
    rows = Evidence.objects.with_supports().in_bulk([uuid.UUID(item.id) for item in items])
    for item in items:
        row = rows.get(uuid.UUID(item.id))
        yield ShownEvidence(
            item=item,
            row=row,
            url=urlsplit(item.url).path,
            excerpt=_excerpt(row.narrative) if row else "",
            criteria=tuple(
                support.criterion.code or support.criterion.title for support in row.supports.all()
            )
            if row
            else (),
        )


def _alignments(award: Award) -> tuple[tuple[str, tuple[Alignment, ...]], ...]:
    """The other frameworks' entries, by framework, then our own referential's."""
    grouped: dict[str, list[Alignment]] = {}
    for alignment in sorted(award.achievement.alignments, key=lambda one: one.type == OWN_FRAMEWORK):
        grouped.setdefault(alignment.framework, []).append(alignment)
    return tuple((framework, tuple(found)) for framework, found in grouped.items())


def _excerpt(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "").lstrip("#>*- ")
    return first if len(first) <= EXCERPT else first[:EXCERPT].rsplit(" ", maxsplit=1)[0] + "…"


def _date(moment: datetime | None) -> Any:
    return date_format(localtime(moment), "DATE_FORMAT") if moment else ""
