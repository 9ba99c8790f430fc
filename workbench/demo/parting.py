"""Put the learners of the demo world into groups, and keep a few people apart."""

from collections.abc import Mapping
from typing import Final

from assessments.conflicting import declare, state_employer
from assessments.enrolling import put_in_group
from assessments.models import Programme
from assessments.models.conflict import Tie
from workbench.demo import people, plot
from workbench.models import User

GROUPS: Final = {"fr": "Lille", "nl": "Kortrijk", "en": "Lille"}
WALLOON_TOWNS: Final = frozenset({"Mons", "La Louvière", "Tournai", "Mouscron", "Ath", "Charleroi"})
# François works where Bea does, so the rule keeps them apart; Bo taught Loïc.
EMPLOYERS: Final = {"bea": "IDETA", "François": "ideta", "bo": "Technocité", "mo": "Université de Lille"}
TAUGHT: Final = ("Loïc", "bo")
READS: Final = {"bea": ["en", "fr"]}


def part(pilot: Programme, everybody: Mapping[str, User]) -> None:
    """The learners of the pilot learn in three places; Bea reads no Dutch."""
    mo = everybody["mo"]
    for key, group in _groups().items():
        put_in_group(pilot, everybody[key], group, by=mo)
    for key, employer in EMPLOYERS.items():
        state_employer(everybody[key], employer, by=everybody[key])
    for key, languages in READS.items():
        User.objects.filter(pk=everybody[key].pk).update(reads=languages)
    learner, assessor = TAUGHT
    declare(everybody[learner], everybody[assessor], tie=Tie.TAUGHT, by=everybody[assessor])


def _groups() -> dict[str, str]:
    found = {"ada": GROUPS["fr"], "alan": GROUPS["nl"]}
    for learner in people.LEARNERS:
        if learner.key not in plot.EVENING_LEARNERS:
            walloon = learner.town in WALLOON_TOWNS
            found[learner.key] = "Tournai" if walloon else GROUPS[learner.language]
    return found
