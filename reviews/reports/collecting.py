"""Read the figures of a programme from the database, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Achievement, Programme, Submission
from assessments.models.lifecycle import QUEUED, State
from badges.models import Credential
from badges.models.credential import CredentialState
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.reports.figures import (
    CriterionResults,
    LearnerRow,
    LevelCount,
    Load,
    ProgrammeFigures,
    Progress,
    Turnaround,
    middle,
    slow,
)

Tell = Callable[[int], None]


def collect(programme: Programme, *, tell: Tell = lambda percent: None) -> ProgrammeFigures:
    """Everything a report says, in the active language; ``tell`` hears the percentage done."""
    achievements = list(
        Achievement.objects.with_rubric().filter(programmes=programme).order_by("code", "version")
    )
    tell(10)
    decisions = list(
        Decision.objects.released()
        .filter(submission__programme=programme)
        .select_related("submission", "decided_by", "review")
        .order_by("decided_at")
    )
    tell(30)
    rows = _rows(programme, achievements, decisions)
    tell(50)
    return ProgrammeFigures(
        name=programme.name,
        organisation=programme.organisation.name,
        description=programme.description,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        made_at=timezone.localtime(),
        learners=programme.enrolments.count(),
        progress=_progress(programme, achievements),
        results=_results(achievements, decisions),
        turnaround=_turnaround(programme, decisions),
        loads=_loads(programme, decisions),
        rows=rows,
    )


def _progress(programme: Programme, achievements: list[Achievement]) -> tuple[Progress, ...]:
    states: dict[UUID, dict[str, int]] = defaultdict(dict)
    counted = programme.submissions.values("achievement", "state").annotate(count=Count("pk"))
    for row in counted.order_by():
        states[row["achievement"]][row["state"]] = row["count"]
    learners = dict(
        programme.submissions.values_list("achievement")
        .annotate(count=Count("learner", distinct=True))
        .order_by()
    )
    held = {
        row["achievement"]: row
        for row in Credential.objects.filter(programme=programme)
        .values("achievement")
        .annotate(
            issued=Count("pk", filter=Q(state=CredentialState.ISSUED)),
            revoked=Count("pk", filter=Q(state=CredentialState.REVOKED)),
        )
        .order_by()
    }
    return tuple(
        Progress(
            name=one.name,
            states=states[one.pk],
            learners=learners.get(one.pk, 0),
            badges=held[one.pk]["issued"] if one.pk in held else 0,
            revoked=held[one.pk]["revoked"] if one.pk in held else 0,
        )
        for one in achievements
    )


def _results(achievements: list[Achievement], decisions: list[Decision]) -> tuple[CriterionResults, ...]:
    counted = Counter(
        result["level"] for decision in decisions for result in decision.results if result["level"]
    )
    found = []
    for achievement in achievements:
        for criterion in achievement.criteria:
            levels = list(criterion.levels.all())
            required = achievement.required_by_criterion.get(criterion.pk)
            found.append(
                CriterionResults(
                    achievement=achievement.name,
                    code=criterion.code,
                    title=criterion.title or criterion.description,
                    required=next((level.position for level in levels if level.pk == required), None),
                    levels=tuple(
                        LevelCount(level.quality, level.position, counted[str(level.pk)]) for level in levels
                    ),
                )
            )
    return tuple(found)


def _turnaround(programme: Programme, decisions: list[Decision]) -> Turnaround:
    durations = [
        decision.decided_at - decision.submission.submitted_at
        for decision in decisions
        if decision.submission.submitted_at
    ]
    waiting = programme.submissions.filter(state__in=QUEUED).order_by("submitted_at")
    oldest = waiting.values_list("submitted_at", flat=True).first()
    return Turnaround(
        decided=len(decisions),
        median_days=middle(durations),
        slow_days=slow(durations),
        waiting=waiting.count(),
        oldest_waiting=timezone.localdate(oldest) if oldest else None,
    )


def _loads(programme: Programme, decisions: list[Decision]) -> tuple[Load, ...]:
    names: dict[UUID, str] = {}
    held: Counter[UUID] = Counter()
    for review in Review.objects.open().filter(submission__programme=programme).select_related("assessor"):
        names[review.assessor_id] = str(review.assessor)
        held[review.assessor_id] += 1
    outcomes: dict[UUID, Counter[str]] = defaultdict(Counter)
    times: dict[UUID, list[timedelta]] = defaultdict(list)
    for decision in decisions:
        names[decision.decided_by_id] = str(decision.decided_by)
        outcomes[decision.decided_by_id][decision.outcome] += 1
        times[decision.decided_by_id].append(decision.decided_at - decision.review.claimed_at)
    return tuple(
        Load(
            name=name,
            open=held[pk],
            approved=outcomes[pk][Outcome.APPROVE],
            returned=outcomes[pk][Outcome.RETURN],
            rejected=outcomes[pk][Outcome.REJECT],
            median_days=middle(times[pk]),
        )
        for pk, name in sorted(names.items(), key=lambda item: item[1].casefold())
    )


def _rows(
    programme: Programme, achievements: list[Achievement], decisions: list[Decision]
) -> tuple[LearnerRow, ...]:
    """Every learner with the latest attempt at every achievement; who left stays while work is there."""
    latest: dict[tuple[UUID, UUID], Submission] = {}
    learners: dict[UUID, Any] = {
        enrolment.learner_id: enrolment.learner
        for enrolment in programme.enrolments.select_related("learner")
    }
    for submission in programme.submissions.select_related("learner").order_by("attempt"):
        latest[submission.learner_id, submission.achievement_id] = submission
        learners.setdefault(submission.learner_id, submission.learner)
    totals = {decision.submission_id: decision.total for decision in decisions}
    badges = {
        credential.submission_id: credential
        for credential in Credential.objects.filter(programme=programme)
        .defer("signed", "award", "jwt")
        .order_by("planned_at", "pk")  # the newest counts, where an appeal undid another
    }
    ordered = sorted(learners.values(), key=lambda learner: (str(learner).casefold(), str(learner.pk)))
    return tuple(
        _row(learner, achievement, latest.get((learner.pk, achievement.pk)), totals, badges)
        for learner in ordered
        for achievement in achievements
    )


def _row(
    learner: Any,
    achievement: Achievement,
    submission: Submission | None,
    totals: dict[UUID, Any],
    badges: dict[UUID, Credential],
) -> LearnerRow:
    badge = badges.get(submission.pk) if submission else None
    total = totals.get(submission.pk) if submission else None
    return LearnerRow(
        name=learner.name,
        email=learner.email,
        achievement=achievement.name,
        attempt=submission.attempt if submission else None,
        state=submission.state if submission else "",
        state_label=str(State(submission.state).label) if submission else _("not begun"),
        submitted=submission.submitted_at if submission else None,
        decided=submission.decided_at if submission else None,
        total=f"{total:.0f} %" if total is not None else "",
        badge=badge.url if badge and badge.is_published else "",
        badge_state=str(badge.get_state_display()) if badge else "",
    )
