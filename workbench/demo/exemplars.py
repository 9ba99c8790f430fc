"""Make two exemplars of the pilot's firewall work, with their learners' consent, and let Bo score one."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from assessments.models import Submission
from reviews.calibrating import save, score, start
from reviews.exemplifying import Agreed, agree, answer, make, publish
from reviews.models import Exemplar
from reviews.scoring import Mark
from workbench.demo import words
from workbench.demo.stage import Stage
from workbench.demo.stories import Calendar, Story

# In days before today: made by Cy, answered by the learners, published, scored by Bo.
MADE, ANSWERED, PUBLISHED, SCORED = 9, 8, 7, 6


@dataclass(frozen=True)
class Model:
    """Work of the first attempt that Bea judged, so that it is new to Bo; it names nobody."""

    learner: str
    name: str
    note: str


MODELS: Final = (
    Model(
        "Aïcha",
        "Pare-feu d'agence, politique restrictive",
        "Un travail solide : chaque règle a sa raison, et les essais couvrent les refus comme les accès.",
    ),
    Model(
        "Quentin",
        "Pare-feu d'agence, tout reste ouvert",
        "Un début : les règles existent, mais rien n'est refusé par défaut et aucun essai ne le montre.",
    ),
)


def story(built: Stage, calendar: Calendar) -> Story:
    """The policy of the pilot asks nobody to score them, so that the queue of the demo stays open."""
    cy, bo = built.people["cy"], built.people["bo"]
    rng = random.Random("exemplars")
    yield calendar.at(MADE, 10.5)
    exemplars = [_made(built, model, rng) for model in MODELS]
    for number, exemplar in enumerate(exemplars):
        yield calendar.at(ANSWERED, 12) + timedelta(minutes=25 * number)
        answer(exemplar, agrees=True, by=exemplar.submission.learner)
    for number, exemplar in enumerate(exemplars):
        yield calendar.at(PUBLISHED, 11) + timedelta(minutes=3 * number)
        publish(exemplar, looked_through=True, by=cy)
    yield calendar.at(SCORED, 14)
    exemplar = Exemplar.objects.with_context().get(pk=exemplars[0].pk)
    calibration = start(exemplar, by=bo)
    marks = _as_bo_sees_it(exemplar, rng)
    yield calendar.at(SCORED, 14) + timedelta(minutes=19)
    score(save(calibration, version=calibration.version, marks=marks, by=bo), by=bo)


def _made(built: Stage, model: Model, rng: random.Random) -> Exemplar:
    submission = Submission.objects.with_context().get(
        learner=built.people[model.learner],
        achievement=built.achievements["firewall"],
        attempt=1,
    )
    cy = built.people["cy"]
    exemplar = make(submission, name=model.name, note=model.note, by=cy)
    agreed = set(exemplar.agreed_levels.values_list("criterion", flat=True))
    given = {row["criterion"]: row["level"] for row in submission.decision.results}
    added = []
    for criterion in built.achievements["firewall"].criteria:
        if criterion.pk in agreed:
            continue
        # Where the assessor gave a level without a word, Cy adds the reason.
        level = criterion.levels.get(pk=given[str(criterion.pk)])
        reason = words.comment(rng, level.position - 1, submission.learner.language)
        added.append(Agreed(criterion, level, reason))
    return agree(exemplar, name=model.name, note=model.note, levels=added, by=cy)


def _as_bo_sees_it(exemplar: Exemplar, rng: random.Random) -> list[Mark]:
    """As agreed, but for the last two criteria, on which he is a level stricter."""
    agreed = list(exemplar.agreed_levels.select_related("criterion", "level"))
    marks = []
    for number, one in enumerate(agreed):
        stricter = number >= len(agreed) - 2 and one.level.position > 1
        level = one.criterion.levels.get(position=one.level.position - 1) if stricter else one.level
        marks.append(Mark(one.criterion, level, words.comment(rng, level.position - 1, "nl")))
    return marks
