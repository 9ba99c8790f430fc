"""Whom a new version of a referential hits: programmes, drafts, work that is judged, badges in force."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from assessments.models import Achievement, Programme, Referential, RubricMove, Submission
from assessments.models.achievement import AchievementQuerySet
from assessments.models.lifecycle import State
from assessments.models.move import Answer
from assessments.version_differences import rubric_difference
from assessments.versioning import Uptake, asked_about, movable
from workbench.models import User

COUNTED = (State.SUBMITTED, State.IN_REVIEW, State.MODERATION)


@dataclass(frozen=True)
class Hit:
    """What of one achievement in one programme is under the old version; what is being judged never moves."""

    programme: Programme
    drafts: int
    returned: int
    submitted: int
    in_review: int
    moderation: int
    badges: int
    uptake: str
    open: int = 0
    moved: int = 0
    kept: int = 0
    askable: int = 0

    @property
    def movable(self) -> int:
        return self.drafts + self.returned

    @property
    def judged(self) -> int:
        return self.submitted + self.in_review + self.moderation


@dataclass(frozen=True)
class Impact:
    """An achievement on an older version of the referential, and its successor once there is one.

    ``difference`` is None where the new version has no such rubric.
    """

    achievement: Achievement
    successor: Achievement | None
    rubric: UUID | None
    difference: Any
    hits: list[Hit]


def impact(referential: Referential, *, seen_by: User) -> list[Impact]:
    """Of every achievement on an older version; a manager sees the programmes they manage."""
    rubrics = dict(referential.rubrics.values_list("identifier", "pk"))
    programmes = list(
        Programme.objects.managed_by(seen_by)
        .filter(organisation=referential.organisation_id)
        .prefetch_related("achievements", "closed")
        .order_by("-starts_on", "slug")
    )
    found = []
    for achievement in hit_achievements(referential):
        successor = next(
            (one for one in achievement.replacements.all() if one.rubric.referential_id == referential.pk),
            None,
        )
        offering = [one for one in programmes if achievement in one.achievements.all()]
        found.append(
            Impact(
                achievement,
                successor,
                rubrics.get(achievement.rubric.identifier),
                rubric_difference(achievement.rubric, referential),
                _hits(achievement, successor, offering),
            )
        )
    return found


@dataclass(frozen=True)
class Numbers:
    """All of it in four figures."""

    achievements: int
    movable: int
    judged: int
    badges: int


def numbers(impacts: list[Impact]) -> Numbers | None:
    """None where nothing rests on an earlier version."""
    hits = [hit for one in impacts for hit in one.hits]
    if not impacts:
        return None
    return Numbers(
        achievements=len(impacts),
        movable=sum(hit.movable for hit in hits),
        judged=sum(hit.judged for hit in hits),
        badges=sum(hit.badges for hit in hits),
    )


def hit_achievements(referential: Referential) -> AchievementQuerySet:
    """Those that rest on a version from before this one."""
    older = Referential.objects.filter(
        organisation=referential.organisation_id,
        identifier=referential.identifier,
        created_at__lt=referential.created_at,
    )
    return (
        Achievement.objects.filter(rubric__referential__in=older)
        .select_related("rubric__referential", "organisation")
        .prefetch_related("replacements__rubric")
        .order_by("code", "version")
    )


def _hits(achievement: Achievement, successor: Achievement | None, offering: list[Programme]) -> list[Hit]:
    states = _counts(achievement, offering)
    badges = dict(
        achievement.credentials.filter(programme__in=offering, state="issued")
        .order_by()
        .values_list("programme")
        .annotate(Count("pk"))
    )
    answers = _answers(achievement, successor)
    found = []
    for programme in offering:
        waiting = movable(programme, [achievement])
        found.append(
            Hit(
                programme=programme,
                drafts=waiting.filter(state=State.DRAFT).count(),
                returned=waiting.filter(state=State.RETURNED).count(),
                submitted=states[programme.pk, State.SUBMITTED],
                in_review=states[programme.pk, State.IN_REVIEW],
                moderation=states[programme.pk, State.MODERATION],
                badges=badges.get(programme.pk, 0),
                uptake=uptake_of(programme, achievement, successor),
                askable=_askable(programme, achievement, successor),
                **answers.get(programme.pk, {}),
            )
        )
    return found


def _askable(programme: Programme, old: Achievement, new: Achievement | None) -> int:
    """How many could be offered the move and were not yet."""
    if new is None or uptake_of(programme, old, new) not in (Uptake.NEW, Uptake.BOTH):
        return 0
    return movable(programme, [old]).exclude(pk__in=asked_about(new)).count()


def uptake_of(programme: Programme, old: Achievement, new: Achievement | None) -> str:
    """What a programme chose; empty while there is nothing to choose or nothing was chosen."""
    if new is None or new not in programme.achievements.all():
        return ""
    closed: Collection[Achievement] = programme.closed.all()
    if new in closed:
        return Uptake.OLD
    return Uptake.NEW if old in closed else Uptake.BOTH


def _counts(achievement: Achievement, programmes: list[Programme]) -> dict[tuple[UUID, str], int]:
    grouped = (
        Submission.objects.filter(achievement=achievement, programme__in=programmes, state__in=COUNTED)
        .order_by()
        .values_list("programme", "state")
        .annotate(Count("pk"))
    )
    return defaultdict(int, {(programme, state): number for programme, state, number in grouped})


def _answers(old: Achievement, new: Achievement | None) -> dict[UUID, dict[str, int]]:
    """How many offers are open, accepted and refused, by programme."""
    rows = (
        RubricMove.objects.filter(old=old, new=new)
        .order_by()
        .values("submission__programme")
        .annotate(
            open=Count("pk", filter=Q(answer="", lapsed_at=None)),
            moved=Count("pk", filter=Q(answer=Answer.MOVE)),
            kept=Count("pk", filter=Q(answer=Answer.KEEP)),
        )
    )
    return {
        row["submission__programme"]: {name: row[name] for name in ("open", "moved", "kept")} for row in rows
    }
