"""Let two assessors mark traffic analyses of the pilot: one waits, one is disputed, one was settled."""

import random
from datetime import timedelta
from functools import partial
from typing import Final

from assessments.models import Submission
from reviews.adjudicating import Ruling, adjudicate
from reviews.claiming import claim
from reviews.deciding import decide
from reviews.models.decision import Outcome
from reviews.models.policy import Markers
from reviews.models.review import EvidenceRule
from reviews.prescribing import Rules, prescribe
from reviews.scoring import Mark, save_scores
from workbench import jobs
from workbench.demo import words
from workbench.demo.stage import Stage
from workbench.demo.stories import Calendar, Story

SUBJECT: Final = "traffic"
# Days before today, and the hours at which each takes the work up.
PRESCRIBED, MARKED, SETTLED = 3, 2, 1
WAITING, DISPUTED, DECIDED = "Mathilde", "Nawal", "Pieter-Jan"
REASON: Final = (
    "De twee beoordelingen zijn het eens over de opname en over het kader. Ze verschillen over het laatste "
    "criterium: het verslag zegt wat verwijderd is en waarom, dus het gevraagde niveau is gehaald."
)
ON_ONE: Final = "Wat verwijderd is, staat met zijn reden in het verslag."


def story(built: Stage, calendar: Calendar) -> Story:
    """Bo and Bea mark; they differ on the last criterion, and on what to decide."""
    yield calendar.at(PRESCRIBED, 9.2)
    achievement = built.achievements[SUBJECT]
    rules = Rules(Markers.DOUBLE_BLIND, asks_rules=True)
    prescribe(built.pilot, rules, achievement=achievement, by=built.people["mo"])
    yield from _mark(built, calendar, DECIDED, "bo", 9.5, passes=True)
    yield from _mark(built, calendar, DISPUTED, "bo", 10.5, passes=True)
    yield from _mark(built, calendar, DECIDED, "bea", 11.5, passes=False)
    yield from _mark(built, calendar, WAITING, "bo", 14, passes=True)
    yield from _mark(built, calendar, DISPUTED, "bea", 15.5, passes=False)
    yield calendar.at(SETTLED, 13.6)
    disputed = _work(built, DECIDED)
    last = achievement.criteria[-1]
    adjudicate(
        disputed,
        rulings=[Ruling(last, list(last.levels.all())[2], ON_ONE)],
        outcome=Outcome.APPROVE,
        feedback=words.feedback(random.Random(DECIDED), SUBJECT, "approve", disputed.learner.language),
        reason=REASON,
        by=built.people["cy"],
    )
    yield calendar.at(SETTLED, 13.6) + timedelta(seconds=8)
    jobs.run_due()


def _mark(
    built: Stage, calendar: Calendar, learner: str, assessor: str, hour: float, *, passes: bool
) -> Story:
    """Levels alike but for the last criterion, which reaches what is asked or does not."""
    moment = calendar.at(MARKED, hour)
    yield moment
    submission, person = _work(built, learner), built.people[assessor]
    language = submission.learner.language
    review = claim(submission, by=person)
    yield moment + timedelta(minutes=24)
    shared, own = random.Random(learner), random.Random(f"{learner} {assessor}")
    criteria = built.achievements[SUBJECT].criteria
    levels = [*shared.choices((2, 3), (3, 1), k=len(criteria) - 1), 2 if passes else 1]
    say = partial(words.comment, own)
    marks = [
        Mark(criterion, list(criterion.levels.all())[level], say(level, language))
        for criterion, level in zip(criteria, levels, strict=True)
    ]
    review = save_scores(review, version=review.version, marks=marks, by=person)
    yield moment + timedelta(minutes=31)
    outcome = Outcome.APPROVE if passes else Outcome.RETURN
    decide(
        review,
        outcome=outcome,
        feedback=words.feedback(own, SUBJECT, outcome.value, language),  # type: ignore[arg-type]
        met=EvidenceRule.values if passes else [],
        by=person,
    )


def _work(built: Stage, learner: str) -> Submission:
    mine = Submission.objects.of(built.people[learner]).filter(
        programme=built.pilot, achievement=built.achievements[SUBJECT]
    )
    return mine.select_related("learner").get()
