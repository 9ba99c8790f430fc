"""Score exemplars before judging, and see how far one's own scale lies from the agreed one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Level, Programme
from assessments.permissions import can_manage
from reviews.calibrated import closed_to, course_of
from reviews.models import AgreedLevel, Calibration, CalibrationScore, Exemplar, MarkingPolicy
from reviews.models.exemplar import MAX_REASON
from reviews.notices import CALIBRATION_OPEN
from reviews.permissions import can_calibrate, can_reopen_calibration, can_score_exemplar
from reviews.policies import policy_for
from reviews.scoring import Mark, guard_level, kept_text
from workbench.access import members, require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import Notification, User
from workbench.notifying import notify, notify_all

MOST_EXEMPLARS = 10


# --- What is asked -----------------------------------------------------------------------------------


@transaction.atomic
def ask(
    programme: Programme, *, exemplars: int, exact: int, achievement: Achievement | None = None, by: User
) -> MarkingPolicy:
    """Ask assessors for so many exemplars, ``exact`` percent of the criteria hit; 0 asks for nothing.

    With an achievement: in that achievement's own marking policy. Whom it closes the queue to is told.
    Raises DomainError ``unknown-number``, or ``no-own-policy`` where the achievement has none.
    """
    require(can_manage, by, programme)
    if not (0 <= exemplars <= MOST_EXEMPLARS and 0 <= exact <= 100):
        raise invalid(
            "unknown-number",
            _("Ask for at most %(most)s exemplars, and for a share from 0 to 100 percent.")
            % {"most": MOST_EXEMPLARS},
        )
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    policy = policy_for(programme.pk, achievement.pk if achievement else None)
    if achievement is not None and policy.achievement_id != achievement.pk:
        raise invalid("no-own-policy", _("This achievement follows the marking rules of the programme."))
    before = {"exemplars": policy.calibration_exemplars, "exact": policy.calibration_exact}
    if before == {"exemplars": exemplars, "exact": exact}:
        return policy
    policy.calibration_exemplars, policy.calibration_exact = exemplars, exact
    policy.save()
    tell_who_is_asked(programme)
    record(
        by,
        "calibration-asked",
        programme,
        achievement=str(achievement.pk) if achievement else None,
        before=before,
        exemplars=exemplars,
        exact=exact,
    )
    return policy


def tell_who_is_asked(programme: Programme) -> list[Notification]:
    """Tell the assessors whose queue waits for a calibration, once until they have read it."""
    waiting = Notification.objects.unread().filter(kind=CALIBRATION_OPEN.code, subject_id=programme.pk)
    told = set(waiting.values_list("recipient", flat=True))
    asked = [
        one
        for one in members("assessor", programme)
        if one.pk not in told and any(course.programme == programme.pk for course in closed_to(one))
    ]
    return notify_all(asked, CALIBRATION_OPEN.code, programme, programme=programme.names, again=False)


# --- A try -------------------------------------------------------------------------------------------


@transaction.atomic
def start(exemplar: Exemplar, *, by: User) -> Calibration:
    """Begin to score an exemplar, or go on with the try that is open.

    Raises DomainError ``calibration-passed``, or ``calibration-closed`` where another exemplar comes first or
    the time until the next try is not over.
    """
    require(can_calibrate, by, exemplar)
    # Begun in two windows at once, the second finds the first one's try.
    Exemplar.objects.select_for_update().get(pk=exemplar.pk)
    open_one = Calibration.objects.open().filter(exemplar=exemplar, assessor=by).first()
    if open_one is not None:
        return open_one
    course = course_of(by, exemplar)
    step = next((one for one in course.steps if one.exemplar == exemplar), None) if course else None
    if step is None or not step.may_start:
        if step is not None and step.is_passed:
            raise DomainError("calibration-passed", _("You have passed this exemplar already."))
        raise DomainError(
            "calibration-closed",
            _("You have seen the agreed levels of this exemplar. Score the next one, or try it again later."),
        )
    made = Calibration.objects.filter(exemplar=exemplar, assessor=by).count()
    calibration = Calibration.objects.create(exemplar=exemplar, assessor=by, attempt=made + 1)
    record(by, "calibration-started", exemplar, calibration=str(calibration.pk), attempt=made + 1)
    return calibration


@transaction.atomic
def save(calibration: Calibration, *, version: int, marks: Iterable[Mark], by: User) -> Calibration:
    """Keep draft scores; criteria that are not in ``marks`` keep theirs.

    Raises DomainError ``stale`` (with what is kept now in ``extra``), ``calibration-finished``,
    ``exemplar-retired``, ``unknown-criterion`` or ``unknown-level``.
    """
    require(can_score_exemplar, by, calibration)
    marks = [replace(mark, comment=kept_text(mark.comment, limit=MAX_REASON)) for mark in marks]
    rubric = calibration.exemplar.submission.achievement.rubric_id
    for mark in marks:
        guard_level(mark.criterion, mark.level, rubric=rubric)
    rows = Calibration.objects.open().filter(pk=calibration.pk, version=version)
    advanced = rows.update(version=F("version") + 1)
    calibration.refresh_from_db(fields=["version", "scored_at"])
    _guard_open(calibration)
    if not advanced:
        raise _stale(calibration)
    for mark in marks:
        CalibrationScore.objects.update_or_create(
            calibration=calibration,
            criterion=mark.criterion,
            defaults={"level": mark.level, "comment": mark.comment},
        )
    return calibration


@transaction.atomic
def score(calibration: Calibration, *, by: User) -> Calibration:
    """Finish: count the criteria hit exactly and those one level beside. From here on nothing changes.

    Passed is who hits the share of criteria that the policy asks for exactly, and no criterion by more than
    one level. Raises DomainError ``scores-missing``, ``calibration-finished`` or ``exemplar-retired``.
    """
    require(can_score_exemplar, by, calibration)
    kept = Calibration.objects.select_for_update().get(pk=calibration.pk)
    calibration.scored_at = kept.scored_at
    _guard_open(calibration)
    compared = comparison(calibration)
    missing = [one for one in compared if one.own is None]
    if missing:
        raise invalid(
            "scores-missing",
            _("Choose a level for every criterion. Still missing: %(criteria)s.")
            % {"criteria": ", ".join(one.criterion.code or one.criterion.title for one in missing)},
        )
    exemplar = calibration.exemplar
    policy = policy_for(exemplar.programme_id, exemplar.submission.achievement_id)
    calibration.criteria = len(compared)
    calibration.exact = sum(one.distance == 0 for one in compared)
    calibration.adjacent = sum(abs(one.distance or 0) == 1 for one in compared)
    enough = 100 * calibration.exact >= policy.calibration_exact * calibration.criteria
    calibration.passed = enough and not calibration.far
    calibration.scored_at = timezone.now()
    calibration.save(update_fields=["criteria", "exact", "adjacent", "passed", "scored_at"])
    record(
        by,
        "calibration-scored",
        exemplar,
        calibration=str(calibration.pk),
        exact=calibration.exact,
        adjacent=calibration.adjacent,
        criteria=calibration.criteria,
        passed=calibration.passed,
    )
    return calibration


@transaction.atomic
def reopen(calibration: Calibration, *, by: User) -> Calibration:
    """Let the assessor try a failed exemplar again at once. Raises DomainError ``not-failed``."""
    require(can_reopen_calibration, by, calibration)
    kept = Calibration.objects.select_for_update(of=("self",)).with_context().get(pk=calibration.pk)
    later = Calibration.objects.filter(
        exemplar=kept.exemplar, assessor=kept.assessor, attempt__gt=kept.attempt
    )
    if kept.is_open or kept.passed or kept.reopened_at or later.exists() or not kept.exemplar.is_in_use:
        raise DomainError("not-failed", _("There is nothing to open again: see the newest try."))
    kept.reopened_at, kept.reopened_by = timezone.now(), by
    kept.save(update_fields=["reopened_at", "reopened_by"])
    programme = kept.exemplar.programme
    notify(kept.assessor, CALIBRATION_OPEN.code, programme, by=by, programme=programme.names, again=True)
    record(by, "calibration-reopened", kept.exemplar, calibration=str(kept.pk))
    return kept


# --- What came of it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """One criterion: the own level and the agreed one; ``distance`` is negative where the own is lower."""

    criterion: Criterion
    own: Level | None
    agreed: Level
    reason: str
    comment: str = ""

    @property
    def distance(self) -> int | None:
        """In levels of the rubric; None as long as there is no own level."""
        return None if self.own is None else self.own.position - self.agreed.position


def comparison(calibration: Calibration) -> list[Compared]:
    """Every agreed level beside what the assessor gave, in the rubric's order."""
    own = {one.criterion_id: one for one in calibration.scores.select_related("level")}
    agreed = AgreedLevel.objects.filter(exemplar=calibration.exemplar_id)
    return [
        Compared(
            one.criterion,
            own[one.criterion_id].level if one.criterion_id in own else None,
            one.level,
            one.reason,
            own[one.criterion_id].comment if one.criterion_id in own else "",
        )
        for one in agreed.select_related("criterion", "level")
    ]


def marks_of(calibration: Calibration) -> list[Mark]:
    return [
        Mark(one.criterion, one.level, one.comment)
        for one in calibration.scores.select_related("criterion", "level")
    ]


def scores_of(calibration: Calibration) -> list[dict[str, Any]]:
    return [
        {
            "criterion": str(one.criterion_id),
            "level": str(one.level_id) if one.level_id else None,
            "comment": one.comment,
        }
        for one in calibration.scores.all()
    ]


def _guard_open(calibration: Calibration) -> None:
    if calibration.scored_at is not None:
        raise DomainError("calibration-finished", _("You have finished this exemplar already."))
    if Exemplar.objects.filter(pk=calibration.exemplar_id, retired_at__isnull=False).exists():
        raise DomainError("exemplar-retired", _("This exemplar is no longer in use. Score another one."))


def _stale(calibration: Calibration) -> DomainError:
    return DomainError(
        "stale",
        _("This was saved from another window meanwhile. Both texts are shown: choose what to keep."),
        extra={"version": calibration.version, "scores": scores_of(calibration), "feedback": ""},
    )
