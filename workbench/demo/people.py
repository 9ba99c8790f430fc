"""Name the organisations of the consortium and the invented people of the demo world."""

import unicodedata
from dataclasses import dataclass
from typing import Final

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Issuer:
    """An organisation that issues badges; `descriptions` has one text per language."""

    slug: str
    name: str
    url: str
    country: str
    descriptions: Texts

    @property
    def email(self) -> str:
        return f"badges.{self.slug}@demo.example"


@dataclass(frozen=True, slots=True)
class Learner:
    """An invented person; `language` is the one they write in."""

    name: str
    language: str
    town: str

    @property
    def key(self) -> str:
        """The first name, which nobody else in the demo world has."""
        return self.name.split()[0]

    @property
    def email(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return ".".join(plain.replace("'", "").replace("-", " ").split()) + "@demo.example"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast, whose account anyone may use in the demo world; ``role`` says what for."""

    key: str
    name: str
    language: str
    role: str

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


PASSWORD: Final = "demo"  # noqa: S105 (meant to be known)

CAST: Final = (
    Member("ada", "Ada Delcourt", "fr", "learner"),
    Member("alan", "Alan Vermeulen", "nl", "learner"),
    Member("bo", "Bo Maes", "en", "assessor"),
    Member("bea", "Bea Lambert", "fr", "assessor"),
    Member("cy", "Cy Dubois", "en", "moderator"),
    Member("mo", "Mo Peeters", "en", "programme manager"),
    Member("root", "Root Claes", "en", "organisation admin"),
    Member("dee", "Dee Martin", "en", "stranger"),
)

ISSUERS: Final = (
    Issuer(
        "universite-de-lille",
        "Université de Lille",
        "https://www.univ-lille.fr/",
        "FR",
        {
            "en": "A public university in the north of France, with initial and continuing education in "
            "computing.",
            "fr": "Université publique du nord de la France, en formation initiale et continue en "
            "informatique.",
            "nl": "Openbare universiteit in het noorden van Frankrijk, met opleiding en bijscholing in "
            "informatica.",
        },
    ),
    Issuer(
        "technocite",
        "Technocité",
        "https://www.technocite.be/",
        "BE",
        {
            "en": "A Walloon skills centre near Mons that trains jobseekers and workers for digital trades.",
            "fr": "Centre de compétence wallon, près de Mons, qui forme demandeurs d'emploi et travailleurs "
            "au numérique.",
            "nl": "Waals competentiecentrum bij Bergen dat werkzoekenden en werknemers opleidt voor digitale "
            "beroepen.",
        },
    ),
    Issuer(
        "ideta",
        "IDETA",
        "https://www.ideta.be/",
        "BE",
        {
            "en": "The development agency of the Tournai region, at work with its companies and "
            "municipalities.",
            "fr": "Agence de développement de la région de Tournai, aux côtés de ses entreprises et de ses "
            "communes.",
            "nl": "Ontwikkelingsagentschap van de streek van Doornik, samen met haar bedrijven en gemeenten.",
        },
    ),
    Issuer(
        "umons",
        "UMons",
        "https://web.umons.ac.be/",
        "BE",
        {
            "en": "The university of Mons, in the province of Hainaut.",
            "fr": "L'université de Mons, en province de Hainaut.",
            "nl": "De universiteit van Bergen, in de provincie Henegouwen.",
        },
    ),
    Issuer(
        "citc",
        "CITC",
        "https://www.citc-eurarfid.com/",
        "FR",
        {
            "en": "An innovation centre in Lille for connected objects and the technologies around them.",
            "fr": "Centre d'innovation lillois dédié aux objets connectés et aux technologies qui les "
            "entourent.",
            "nl": "Innovatiecentrum in Rijsel voor verbonden objecten en de technologie eromheen.",
        },
    ),
)

LEARNERS: Final = (
    Learner("Manon Delattre", "fr", "Lille"),
    Learner("Yanis Benali", "fr", "Roubaix"),
    Learner("Clément Vanhoutte", "fr", "Tourcoing"),
    Learner("Aïcha Traoré", "fr", "Lille"),
    Learner("Mathilde Lefebvre", "fr", "Villeneuve-d'Ascq"),
    Learner("Kévin Caron", "fr", "Lens"),
    Learner("Thanh-Mai Nguyen", "fr", "Lille"),
    Learner("Jérôme Wozniak", "fr", "Douai"),
    Learner("Samira El Idrissi", "fr", "Maubeuge"),
    Learner("Quentin Dhaene", "fr", "Armentières"),
    Learner("Élodie Dubois", "fr", "Mons"),
    Learner("Salvatore Di Marco", "fr", "La Louvière"),
    Learner("Grâce Mbuyi", "fr", "Mons"),
    Learner("François Delcourt", "fr", "Tournai"),
    Learner("Nawal Haddad", "fr", "Mouscron"),
    Learner("Loïc Leclercq", "fr", "Ath"),
    Learner("Emre Yıldız", "fr", "Charleroi"),
    Learner("Lotte Vandenberghe", "nl", "Kortrijk"),
    Learner("Jeroen Claeys", "nl", "Waregem"),
    Learner("Fatima Zahra Amrani", "nl", "Kortrijk"),
    Learner("Pieter-Jan De Smet", "nl", "Roeselare"),
    Learner("Femke D'Hondt", "nl", "Menen"),
    Learner("Mohamed Ouali", "nl", "Gent"),
    Learner("Olena Kovalenko", "en", "Kortrijk"),
    Learner("Rajesh Nair", "en", "Lille"),
    Learner("Sofía Romero", "en", "Mons"),
)
