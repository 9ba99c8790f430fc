"""What assessors note at a place in the evidence, and why learners say that a mark is no secret."""

from typing import Final

# By the family of the finding that the note is made at; "other" for every finding without words of its own.
NOTES: Final[dict[str, tuple[dict[str, str], ...]]] = {
    "open": (
        {
            "en": "Who needs to reach this from everywhere? Name the addresses, or put it behind the VPN.",
            "fr": "Qui doit pouvoir y accéder de partout ? Précisez les adresses, ou passez par le VPN.",
            "nl": "Wie moet hier van overal bij kunnen? Noem de adressen, of zet dit achter de VPN.",
        },
        {
            "en": "This opens a door that your zone plan keeps shut. Which of the two is right?",
            "fr": "Vous ouvrez ici un accès que votre plan de zones interdit. Lequel des deux est juste ?",
            "nl": "Dit opent een deur die uw zoneplan gesloten houdt. Welk van de twee klopt?",
        },
    ),
    "order": (
        {
            "en": "An earlier rule decides this already, so this one never counts. Which did you mean?",
            "fr": "Une règle précédente en décide déjà : celle-ci ne sert à rien. Laquelle vouliez-vous ?",
            "nl": "Een eerdere regel beslist dit al, dus deze telt nooit mee. Welke bedoelde u?",
        },
        {
            "en": "Good that you tested the order. This line can go without anything changing: try it.",
            "fr": "Bonne idée d'avoir testé l'ordre. Sans cette ligne, rien ne changerait : essayez.",
            "nl": "Goed dat u de volgorde testte. Deze regel kan weg zonder enig verschil: probeer het.",
        },
    ),
    "clear-text": (
        {
            "en": "Everyone on the path reads this along. Which protocol would you choose today, and why?",
            "fr": "N'importe qui peut lire ceci en chemin. Quel protocole choisir aujourd'hui, et pourquoi ?",
            "nl": "Iedereen onderweg kan dit meelezen. Welk protocol zou u vandaag kiezen, en waarom?",
        },
    ),
    "capture": (
        {
            "en": "Exactly here it starts. Say in your report how you found this packet among the others.",
            "fr": "Tout commence bien ici. Dites dans le rapport comment vous avez repéré ce paquet.",
            "nl": "Precies hier begint het. Zeg in uw verslag hoe u dit pakket tussen de andere vond.",
        },
        {
            "en": "Well spotted. Which of the addresses is the one that answers, and what does that prove?",
            "fr": "Bien vu. Laquelle de ces adresses répond, et qu'est-ce que cela prouve ?",
            "nl": "Goed gezien. Welk van de adressen antwoordt, en wat bewijst dat antwoord?",
        },
    ),
    "other": (
        {
            "en": "Say in a comment why this is here: in a year somebody else will read it.",
            "fr": "Expliquez en commentaire pourquoi c'est là : dans un an, quelqu'un d'autre vous lira.",
            "nl": "Zet er in een opmerking bij waarom dit er staat: over een jaar leest iemand anders het.",
        },
        {
            "en": "Clear and easy to follow.",
            "fr": "Clair et facile à suivre.",
            "nl": "Duidelijk en vlot te volgen.",
        },
    ),
}

REASONS: Final[tuple[dict[str, str], ...]] = (
    {
        "en": "These are the addresses of the training lab's machines, not of people.",
        "fr": "Ces adresses sont celles des machines du labo de formation, pas de personnes réelles.",
        "nl": "Dit zijn de adressen van toestellen uit het opleidingslabo, niet van personen.",
    },
    {
        "en": "The machines were virtual and no longer exist.",
        "fr": "C'étaient des machines virtuelles, et elles n'existent plus.",
        "nl": "Het waren virtuele machines en ze bestaan niet meer.",
    },
)
