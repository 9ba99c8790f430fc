"""Build what the stories of the demo world need: organisations, people, achievements, programmes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from assessments import importing
from assessments.enrolling import appoint, enrol
from assessments.importing.saving import import_files
from assessments.models import Achievement, Competency, Criterion, Programme, Referential, RequiredLevel
from workbench.access import grant_role
from workbench.audit import record
from workbench.demo import people, plot
from workbench.demo.words import Subject
from workbench.models import Organisation, User

PILOT_FILE: Final = Path(importing.__file__).parent / "pilot" / "cybersecurity.json"
HOME, PARTNER = "universite-de-lille", "technocite"
PILOT_SLUG, EVENING_SLUG = "pilot", "evening-traffic"
# The third of the rubric's four levels, "proficient", is what an achievement asks.
REQUIRED_POSITION: Final = 3

Texts = dict[str, str]


@dataclass(frozen=True)
class Offer:
    """An achievement as it is defined: ``prefix`` begins the codes of its criteria and competencies."""

    code: str
    prefix: str
    names: Texts
    descriptions: Texts
    narratives: Texts
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """Everybody by key, the achievements by subject, and the two programmes."""

    people: dict[str, User]
    achievements: dict[Subject, Achievement]
    pilot: Programme
    evening: Programme


OFFERS: Final[dict[Subject, Offer]] = {
    "firewall": Offer(
        "firewall-management",
        "FW",
        {"en": "Firewall management", "fr": "Gestion de pare-feu", "nl": "Firewallbeheer"},
        {
            "en": "Plans, writes, documents and tests the rules of a firewall between the zones of a "
            "network.",
            "fr": "Conçoit, rédige, documente et teste les règles d'un pare-feu entre les zones d'un réseau.",
            "nl": "Ontwerpt, schrijft, documenteert en test de regels van een firewall tussen de zones "
            "van een netwerk.",
        },
        {
            "en": "An assessor judged a firewall configuration with its documentation and its tests. Every "
            "criterion of the rubric reached the level “Proficient” or better.",
            "fr": "Une évaluatrice ou un évaluateur a jugé une configuration de pare-feu, sa documentation "
            "et ses tests. Chaque critère de la grille atteint au moins le niveau « Maîtrisé ».",
            "nl": "Een beoordelaar beoordeelde een firewallconfiguratie met documentatie en tests. Elk "
            "criterium van de rubric haalt minstens het niveau “Beheerst”.",
        },
        ("cybersecurity", "firewall", "network security"),
    ),
    "traffic": Offer(
        "network-traffic-analysis",
        "NTA",
        {
            "en": "Network traffic analysis",
            "fr": "Analyse du trafic réseau",
            "nl": "Analyse van netwerkverkeer",
        },
        {
            "en": "Captures network traffic lawfully, finds what is abnormal in it and reports it so that "
            "others can act.",
            "fr": "Capture le trafic réseau dans le respect du droit, y repère l'anormal et en rend compte "
            "pour que d'autres puissent agir.",
            "nl": "Neemt netwerkverkeer rechtmatig op, vindt wat er abnormaal aan is en rapporteert het zo "
            "dat anderen kunnen handelen.",
        },
        {
            "en": "An assessor judged a packet capture with the report of its analysis. Every criterion of "
            "the rubric reached the level “Proficient” or better.",
            "fr": "Une évaluatrice ou un évaluateur a jugé une capture de paquets et le rapport de son "
            "analyse. Chaque critère de la grille atteint au moins le niveau « Maîtrisé ».",
            "nl": "Een beoordelaar beoordeelde een pakketopname met het verslag van haar analyse. Elk "
            "criterium van de rubric haalt minstens het niveau “Beheerst”.",
        },
        ("cybersecurity", "packet capture", "Wireshark"),
    ),
}

PILOT_NAMES: Final = {
    "en": "Open Badges for IT: cybersecurity pilot",
    "fr": "Open Badges for IT : pilote cybersécurité",
    "nl": "Open Badges for IT: pilootproject cyberbeveiliging",
}
PILOT_DESCRIPTIONS: Final = {
    "en": "A cohort of jobseekers from both sides of the border shows what it can do with firewalls and "
    "captures.",
    "fr": "Des demandeurs d'emploi des deux côtés de la frontière montrent ce qu'ils savent faire des "
    "pare-feu et des captures.",
    "nl": "Werkzoekenden van beide kanten van de grens tonen wat ze kunnen met firewalls en opnamen.",
}
EVENING_NAMES: Final = {
    "en": "Evening course: reading network traffic",
    "fr": "Cours du soir : lire le trafic réseau",
    "nl": "Avondcursus: netwerkverkeer lezen",
}
EVENING_DESCRIPTIONS: Final = {
    "en": "Ten evenings with Wireshark for people at work.",
    "fr": "Dix soirées avec Wireshark pour des personnes en emploi.",
    "nl": "Tien avonden met Wireshark voor wie werkt.",
}


def build(today: date) -> Stage:
    """Set the whole stage. Call it while the clock stands at the day of the set-up."""
    organisations = {issuer.slug: _organisation(issuer) for issuer in people.ISSUERS}
    everybody = {member.key: _account(member) for member in people.CAST}
    everybody |= {learner.key: _person(learner) for learner in people.LEARNERS}
    root = everybody["root"]
    for slug in (HOME, PARTNER):
        grant_role(root, "administrator", organisations[slug], by=None)
    referential = import_files(
        {PILOT_FILE.name: PILOT_FILE.read_bytes()}, organisation=organisations[HOME], by=root
    )
    achievements = {subject: _achievement(offer, referential, root) for subject, offer in OFFERS.items()}
    pilot = Programme.objects.create(
        organisation=organisations[HOME],
        slug=PILOT_SLUG,
        names=PILOT_NAMES,
        descriptions=PILOT_DESCRIPTIONS,
        starts_on=today - timedelta(days=plot.PILOT_BEGINS),
        ends_on=today + timedelta(days=90),
    )
    evening = Programme.objects.create(
        organisation=organisations[PARTNER],
        slug=EVENING_SLUG,
        names=EVENING_NAMES,
        descriptions=EVENING_DESCRIPTIONS,
        starts_on=today - timedelta(days=plot.EVENING_BEGINS),
        ends_on=today + timedelta(days=60),
    )
    pilot.achievements.set(achievements.values())
    evening.achievements.set([achievements["traffic"]])
    for programme in (pilot, evening):
        record(root, "programme-created", programme)
    stage = Stage(everybody, achievements, pilot, evening)
    _staff(stage)
    _learners(stage)
    return stage


def _organisation(issuer: people.Issuer) -> Organisation:
    fields = {
        "name": issuer.name,
        "descriptions": issuer.descriptions,
        "url": issuer.url,
        "email": issuer.email,
        "country": issuer.country,
    }
    return Organisation.objects.get_or_create(slug=issuer.slug, defaults=fields)[0]


def _person(person: people.Member | people.Learner) -> User:
    user = User.objects.create_user(person.email, None, name=person.name, language=person.language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _account(member: people.Member) -> User:
    """One of the cast: their common password is no good one, so it is set without asking the validators."""
    user = _person(member)
    user.password = make_password(people.PASSWORD)
    user.save(update_fields=["password"])
    return user


def _achievement(offer: Offer, referential: Referential, root: User) -> Achievement:
    criteria = Criterion.objects.filter(rubric__referential=referential, code__startswith=f"{offer.prefix}-")
    criteria = criteria.select_related("rubric").with_levels()
    achievement = Achievement.objects.create(
        organisation=referential.organisation,
        rubric=criteria[0].rubric,
        code=offer.code,
        names=offer.names,
        descriptions=offer.descriptions,
        narratives=offer.narratives,
        tags=list(offer.tags),
    )
    achievement.competencies.set(
        Competency.objects.filter(referential=referential, human_code__startswith=offer.prefix)
    )
    RequiredLevel.objects.bulk_create(
        RequiredLevel(
            achievement=achievement,
            criterion=criterion,
            level=criterion.levels.get(position=REQUIRED_POSITION),
        )
        for criterion in criteria
    )
    record(root, "achievement-defined", achievement)
    return achievement


def _staff(stage: Stage) -> None:
    roles = {"bo": "assessor", "bea": "assessor", "cy": "moderator", "mo": "manager"}
    for key, role in roles.items():
        appoint(stage.pilot, stage.people[key], role, by=stage.people["root"])
    for key in ("bea", "cy", "mo"):
        appoint(stage.evening, stage.people[key], roles[key], by=stage.people["root"])


def _learners(stage: Stage) -> None:
    """Ada and Alan attend the pilot with most of the others; a few attend the evening course."""
    keys = ["ada", "alan", *(learner.key for learner in people.LEARNERS)]
    _enrol(stage, stage.pilot, (key for key in keys if key not in plot.EVENING_LEARNERS))
    _enrol(stage, stage.evening, plot.EVENING_LEARNERS)


def _enrol(stage: Stage, programme: Programme, keys: Iterable[str]) -> None:
    for key in sorted(keys):
        enrol(programme, stage.people[key], by=stage.people["mo"])
