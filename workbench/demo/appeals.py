"""Let two learners of the demo world appeal, and have one piece of work looked into."""

from collections.abc import Callable
from typing import Final

from assessments.limiting import limit
from assessments.models import Submission
from assessments.models.submission import SubmissionQuerySet
from reviews.appealing import appeal, rule_on
from reviews.impartial import rulers
from reviews.investigating import place_hold
from reviews.models import Decision
from workbench.demo.stage import Stage
from workbench.demo.stories import Calendar, Story
from workbench.demo.words import Subject

ATTEMPTS, RESUBMIT_DAYS, APPEAL_DAYS = 3, 28, 21
# Days before today: Kévin's appeal is answered, Femke's waits.
KEVIN_FILES, KEVIN_ANSWERED, FEMKE_FILES, LOOKED_INTO = 12, 9, 2, 1
KEVIN_ASKS: Final = (
    "Le premier critère est noté trop bas : la section 2 de mon rapport donne le point de capture, la durée "
    "et l'accord du responsable du réseau. Je pense que cette page n'a pas été lue."
)
KEVIN_READS: Final = (
    "J'ai relu la section 2 et la capture. Le point de mesure et l'accord y sont, mais la durée annoncée ne "
    "correspond pas aux horodatages de la capture, et le rapport ne l'explique pas. Le niveau est donc "
    "juste. Expliquez cet écart et remettez une nouvelle version : vous avez encore du temps."
)
FEMKE_ASKS: Final = (
    "Mijn werk is afgewezen omdat de opname te kort zou zijn. In het verslag staat waarom ik na drie minuten "
    "gestopt ben: de scan was toen volledig zichtbaar. De rubric vraagt geen minimumduur."
)
SUSPICION: Final = (
    "La configuration ressemble de très près à celle remise le mois dernier dans un autre groupe. À comparer "
    "avant qu'un évaluateur la prenne."
)


def begin(built: Stage) -> None:
    """What the pilot allows: three attempts, four weeks to hand in again, three to appeal."""
    limits = {"max_attempts": ATTEMPTS, "resubmit_days": RESUBMIT_DAYS, "appeal_days": APPEAL_DAYS}
    limit(built.pilot, **limits, by=built.people["mo"])
    built.pilot.refresh_from_db()


def answered(built: Stage, calendar: Calendar) -> Story:
    """Kévin appeals a return, and the decision is upheld."""
    yield calendar.at(KEVIN_FILES, 11.2)
    filed = appeal(_decision(built, "Kévin", "traffic"), reason=KEVIN_ASKS, by=built.people["Kévin"])
    yield calendar.at(KEVIN_ANSWERED, 16.4)
    by = rulers(filed.decision.submission)[0]
    rule_on(filed, ruling="upheld", words=KEVIN_READS, by=by)


def waiting(built: Stage, calendar: Calendar) -> Story:
    """Femke appeals a rejection, and waits for the answer."""
    yield calendar.at(FEMKE_FILES, 19.3)
    appeal(_decision(built, "Femke", "traffic"), reason=FEMKE_ASKS, by=built.people["Femke"])


def looked_into(built: Stage, calendar: Calendar) -> Story:
    """Mo holds back what Jeroen handed in."""
    yield calendar.at(LOOKED_INTO, 9.7)
    held = _attempts(built, "Jeroen", "firewall").get()
    place_hold(held, words=SUSPICION, by=built.people["mo"])


STORIES: Final[tuple[Callable[[Stage, Calendar], Story], ...]] = (answered, waiting, looked_into)


def _attempts(built: Stage, learner: str, subject: Subject) -> SubmissionQuerySet:
    mine = Submission.objects.of(built.people[learner]).filter(programme=built.pilot)
    return mine.filter(achievement=built.achievements[subject])


def _decision(built: Stage, learner: str, subject: Subject) -> Decision:
    attempts = _attempts(built, learner, subject)
    return Decision.objects.released().select_related("submission").get(submission__in=attempts)
