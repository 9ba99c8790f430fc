"""Let Cy check what the pilot samples, day by day, and leave the last two for whoever tries the demo."""

from datetime import timedelta
from typing import Final

from reviews.answering import answer, points_for
from reviews.claiming import claim
from reviews.deciding import decide
from reviews.models import Decision
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule
from reviews.moderating import Point, accept, send_back
from reviews.sampling_policy import Strategy, set_sampling
from workbench import jobs
from workbench.demo.stage import Stage
from workbench.demo.stories import Calendar, Story

# While the story is told nothing is left to chance, so that the demo is the same on every machine.
TOLD: Final = Strategy(
    share=0,
    least_share=0,
    first_decisions=2,
    period_days=14,
    low_agreement=False,
    borderline=False,
    fast=False,
)
TODAY: Final = Strategy(share=20, least_share=5, first_decisions=2, period_days=14)
# Cy's rounds, in days before today.
FIRST_ROUND, LAST_ROUND = 30, 10
REMARKS: Final = "Les niveaux suivent la grille ; les commentaires disent où regarder."
TO_DO: Final = (
    "Nommez la règle sur laquelle repose ce niveau : le commentaire ne la cite pas.",
    "Dites au moins une fois ce que l'apprenante pourrait encore améliorer.",
)
DONE: Final = (
    "La règle est maintenant citée, et une note se trouve à sa ligne.",
    "Une phrase du retour dit comment aller plus loin.",
)
ADDED: Final = "Pour aller plus loin : automatisez l'essai de chaque règle après un changement."


def begin(built: Stage) -> None:
    """The policy with which the pilot starts."""
    set_sampling(built.pilot, TOLD, by=built.people["mo"])


def settle(built: Stage) -> None:
    """The policy as it stands today, a part of it drawn at random."""
    set_sampling(built.pilot, TODAY, by=built.people["mo"])


def rounds(built: Stage, calendar: Calendar) -> Story:
    """Every evening Cy looks at what is held. The first decision of Bea goes back to her, and is mended."""
    cy, returned = built.people["cy"], False
    for day in range(FIRST_ROUND, LAST_ROUND - 1, -1):
        evening = calendar.at(day, 17.5)
        yield evening
        for decision in _held(built):
            if not returned and decision.decided_by == built.people["bea"]:
                returned = True
                _send_back(built, decision)
                yield from _mend(built, calendar, decision, day - 1)
            else:
                accept(decision, met=EvidenceRule.values, words=REMARKS, by=cy)
                evening += timedelta(seconds=8)
                yield evening
                jobs.run_due()


def _held(built: Stage) -> list[Decision]:
    rows = Decision.objects.awaiting_moderation().filter(submission__programme=built.pilot)
    return list(rows.select_related("decided_by", "submission").order_by("decided_at"))


def _send_back(built: Stage, decision: Decision) -> None:
    criterion = decision.submission.achievement.criteria[1]
    points = [Point(TO_DO[0], criterion), Point(TO_DO[1])]
    send_back(decision, points=points, met=EvidenceRule.values, by=built.people["cy"])


def _mend(built: Stage, calendar: Calendar, decision: Decision, day: int) -> Story:
    bea = built.people["bea"]
    morning = calendar.at(day, 8.6)
    yield morning
    review = claim(decision.submission, by=bea)
    yield morning + timedelta(minutes=21)
    points = points_for(review).order_by("criterion__position")
    for point in points:
        answer(point, review, text=DONE[0] if point.criterion_id else DONE[1], by=bea)
    feedback = f"{review.feedback or decision.feedback}\n\n{ADDED}"
    decide(review, outcome=Outcome.APPROVE, feedback=feedback, by=bea)
