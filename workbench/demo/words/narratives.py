"""Titles and narratives that learners give to their evidence."""

from typing import Final

Texts = dict[str, str]

TITLES: Final[dict[tuple[str, str], tuple[Texts, ...]]] = {
    ("firewall", "firewall-configuration"): (
        {
            "en": "Rule set of the branch office",
            "fr": "Jeu de règles de l'agence",
            "nl": "Regels van het bijkantoor",
        },
        {
            "en": "My firewall after the review",
            "fr": "Mon pare-feu après revue",
            "nl": "Mijn firewall na nazicht",
        },
        {
            "en": "Filtering between five zones",
            "fr": "Filtrage entre cinq zones",
            "nl": "Filtering tussen vijf zones",
        },
    ),
    ("firewall", "packet-capture"): (
        {
            "en": "Test of the rules from outside",
            "fr": "Test des règles depuis l'extérieur",
            "nl": "Test van buitenaf",
        },
        {"en": "Traffic before and after", "fr": "Trafic avant et après", "nl": "Verkeer voor en na"},
    ),
    ("firewall", "document"): (
        {
            "en": "Why each rule is there",
            "fr": "La raison de chaque règle",
            "nl": "Waarom elke regel er staat",
        },
        {
            "en": "Report of the firewall audit",
            "fr": "Rapport d'audit du pare-feu",
            "nl": "Auditverslag van de firewall",
        },
    ),
    ("traffic", "packet-capture"): (
        {
            "en": "A morning on the office network",
            "fr": "Une matinée sur le réseau",
            "nl": "Een ochtend op het netwerk",
        },
        {"en": "Capture of the incident", "fr": "Capture de l'incident", "nl": "Opname van het incident"},
        {
            "en": "Capture at the mirror port",
            "fr": "Capture sur le port miroir",
            "nl": "Opname op de spiegelpoort",
        },
    ),
    ("traffic", "firewall-configuration"): (
        {
            "en": "Rules that stop this traffic",
            "fr": "Règles qui bloquent ce trafic",
            "nl": "Regels tegen dit verkeer",
        },
    ),
    ("traffic", "document"): (
        {"en": "Analysis of the capture", "fr": "Analyse de la capture", "nl": "Analyse van de opname"},
        {
            "en": "Timeline and indicators",
            "fr": "Chronologie et indicateurs",
            "nl": "Tijdlijn en aanwijzingen",
        },
    ),
}
OTHER_TITLES: Final[tuple[Texts, ...]] = (
    {"en": "Diagram of the network", "fr": "Schéma du réseau", "nl": "Schema van het netwerk"},
    {"en": "Screenshot of my test", "fr": "Capture d'écran de mon test", "nl": "Schermafdruk van mijn test"},
)

OPENINGS: Final[dict[str, tuple[Texts, ...]]] = {
    "firewall": (
        {
            "en": "I did this work during my placement in a company of twelve people.",
            "fr": "J'ai réalisé ce travail pendant mon stage dans une entreprise de douze personnes.",
            "nl": "Ik deed dit werk tijdens mijn stage in een bedrijf van twaalf mensen.",
        },
        {
            "en": "This is the firewall of our training lab, with five zones and two servers open to the "
            "Internet.",
            "fr": "Il s'agit du pare-feu de notre labo de formation : cinq zones et deux serveurs ouverts "
            "sur Internet.",
            "nl": "Dit is de firewall van ons opleidingslab, met vijf zones en twee servers die van buiten "
            "bereikbaar zijn.",
        },
        {
            "en": "The association where I volunteer asked me to look at its old firewall.",
            "fr": "L'association où je suis bénévole m'a demandé de revoir son vieux pare-feu.",
            "nl": "De vereniging waar ik vrijwilliger ben, vroeg me haar oude firewall na te kijken.",
        },
    ),
    "traffic": (
        {
            "en": "I captured this traffic at the mirror port of the office switch, with the written consent "
            "of the company.",
            "fr": "J'ai capturé ce trafic sur le port miroir du commutateur, avec l'accord écrit de "
            "l'entreprise.",
            "nl": "Ik nam dit verkeer op aan de spiegelpoort van de switch, met schriftelijke toestemming "
            "van het bedrijf.",
        },
        {
            "en": "The capture was made in our lab, where the trainer let something happen that we had to "
            "find.",
            "fr": "La capture vient de notre labo : le formateur y a provoqué un incident que nous devions "
            "trouver.",
            "nl": "De opname komt uit ons lab, waar de lesgever iets liet gebeuren dat wij moesten vinden.",
        },
        {
            "en": "A user said that the network was slow in the morning, so I recorded one morning.",
            "fr": "Une utilisatrice trouvait le réseau lent le matin ; j'ai donc enregistré une matinée.",
            "nl": "Een gebruikster vond het netwerk 's ochtends traag, dus nam ik een ochtend op.",
        },
    ),
}

WORK: Final[dict[str, tuple[tuple[Texts, ...], ...]]] = {
    "firewall": (
        (
            {
                "en": "Everything works now. I opened what people asked for and nobody complains any more.",
                "fr": "Tout fonctionne maintenant. J'ai ouvert ce qu'on me demandait et plus personne ne se "
                "plaint.",
                "nl": "Alles werkt nu. Ik opende wat gevraagd werd en niemand klaagt nog.",
            },
        ),
        (
            {
                "en": "I blocked the addresses that had attacked us and the ports for Windows shares. The "
                "rest passes "
                "as before, because I was afraid to cut something off.",
                "fr": "J'ai bloqué les adresses qui nous avaient attaqués et les ports du partage Windows. "
                "Le reste passe "
                "comme avant, par crainte de couper un service.",
                "nl": "Ik blokkeerde de adressen die ons hadden aangevallen en de poorten voor "
                "Windows-shares. De rest mag "
                "door zoals vroeger, want ik was bang iets af te sluiten.",
            },
        ),
        (
            {
                "en": "What is not allowed is dropped. Replies are recognised by their state. I still allow "
                "SSH from the "
                "whole office, as two colleagues change desks every day.",
                "fr": "Ce qui n'est pas autorisé est rejeté et les réponses sont reconnues par leur état. "
                "SSH reste permis "
                "depuis tout le bureau, car deux collègues changent de poste chaque jour.",
                "nl": "Wat niet toegelaten is, wordt geweigerd en antwoorden worden aan hun toestand "
                "herkend. SSH mag nog "
                "vanuit heel het kantoor, omdat twee collega's elke dag van plaats wisselen.",
            },
            {
                "en": "I listed the flows with the users, wrote one rule for each and closed the rest. IPv6 "
                "is the next "
                "step; it is switched off on the servers for now.",
                "fr": "J'ai dressé la liste des flux avec les utilisateurs, écrit une règle pour chacun et "
                "fermé le reste. "
                "IPv6 est la prochaine étape ; il est désactivé sur les serveurs pour l'instant.",
                "nl": "Ik maakte met de gebruikers een lijst van de stromen, schreef voor elke stroom een "
                "regel en sloot de "
                "rest. IPv6 is de volgende stap; voorlopig staat het uit op de servers.",
            },
        ),
        (
            {
                "en": "Each rule has an owner and a reason in its comment. The default is to drop in both "
                "versions of IP, "
                "what is dropped is logged at a limited rate, and only the administrators' network reaches "
                "SSH. I tried "
                "each rule from both sides; the capture shows it.",
                "fr": "Chaque règle porte un responsable et une raison en commentaire. Le rejet par défaut "
                "vaut pour les "
                "deux versions d'IP, les rejets sont journalisés avec une limite, et seul le réseau "
                "d'administration "
                "atteint SSH. J'ai essayé chaque règle des deux côtés ; la capture le montre.",
                "nl": "Elke regel heeft een eigenaar en een reden in de commentaar. Weigeren is de standaard "
                "voor beide "
                "versies van IP, weigeringen worden met een limiet gelogd en alleen het beheernetwerk "
                "bereikt SSH. Ik "
                "probeerde elke regel van beide kanten; de opname toont het.",
            },
            {
                "en": "I started from the list of services, not from the old rules; more than half of them "
                "are gone. "
                "Spoofed addresses are refused, IPv6 is filtered like IPv4, and the change was made with a "
                "way back.",
                "fr": "J'ai commencé par la liste des services et non par les anciennes règles, dont plus de "
                "la moitié a "
                "disparu. Les adresses usurpées sont refusées, IPv6 est filtré comme IPv4 et le changement "
                "prévoyait un "
                "retour arrière.",
                "nl": "Ik vertrok van de lijst van diensten, niet van de oude regels; meer dan de helft is "
                "weg. Vervalste "
                "adressen worden geweigerd, IPv6 wordt gefilterd zoals IPv4 en de wijziging kon worden "
                "teruggedraaid.",
            },
        ),
    ),
    "traffic": (
        (
            {
                "en": "There are many packets, mostly TCP. I saw nothing special.",
                "fr": "Il y a beaucoup de paquets, surtout du TCP. Je n'ai rien vu de particulier.",
                "nl": "Er zijn veel pakketten, vooral TCP. Ik zag niets bijzonders.",
            },
        ),
        (
            {
                "en": "I counted the protocols and found the busiest machine. It opens many connections, "
                "which may be a "
                "virus or an update.",
                "fr": "J'ai compté les protocoles et trouvé la machine la plus bavarde. Elle ouvre beaucoup "
                "de connexions : "
                "peut-être un virus, peut-être une mise à jour.",
                "nl": "Ik telde de protocollen en vond de drukste machine. Ze opent veel verbindingen: "
                "misschien een virus, "
                "misschien een update.",
            },
        ),
        (
            {
                "en": "One machine sends SYN packets to hundreds of ports of the server within two seconds "
                "and gets RST "
                "from most. I give the filters that I used, so that it can be repeated.",
                "fr": "Une machine envoie des SYN vers des centaines de ports du serveur en deux secondes et "
                "reçoit presque "
                "partout des RST. Je donne mes filtres pour que l'on puisse refaire l'analyse.",
                "nl": "Een machine stuurt binnen twee seconden SYN-pakketten naar honderden poorten van de "
                "server en krijgt "
                "meestal RST terug. Ik geef mijn filters, zodat men het kan herhalen.",
            },
        ),
        (
            {
                "en": "I first described the normal traffic, then what departs from it: a connection at a "
                "fixed interval to "
                "one name, always of the same size, at night too. I checked two innocent explanations and "
                "dismissed them, "
                "with packet numbers, and propose what to block and what to look at next.",
                "fr": "J'ai d'abord décrit le trafic normal, puis ce qui s'en écarte : une connexion à "
                "intervalle fixe vers un "
                "seul nom, toujours de même taille, même la nuit. J'ai vérifié puis écarté deux explications "
                "innocentes, "
                "numéros de paquets à l'appui, et je propose quoi bloquer et quoi examiner ensuite.",
                "nl": "Ik beschreef eerst het normale verkeer, dan wat ervan afwijkt: een verbinding met een "
                "vast interval naar "
                "één naam, altijd even groot, ook 's nachts. Ik onderzocht twee onschuldige verklaringen en "
                "verwierp ze, "
                "met pakketnummers, en stel voor wat te blokkeren en wat daarna te bekijken.",
            },
            {
                "en": "The scan is dated to the millisecond, the open ports that it found are listed with "
                "the answering "
                "packets, and I say what cannot be known from this capture alone.",
                "fr": "Le balayage est daté à la milliseconde, les ports ouverts qu'il a trouvés sont listés "
                "avec les paquets "
                "de réponse, et je dis ce que cette capture seule ne permet pas de savoir.",
                "nl": "De scan is tot op de milliseconde gedateerd, de open poorten die hij vond staan erbij "
                "met de "
                "antwoordpakketten, en ik zeg wat men uit deze opname alleen niet kan weten.",
            },
        ),
    ),
}
