"""Why learners think that their evidence shows a criterion, by the criterion's theme."""

from typing import Final

Texts = dict[str, str]

# The first theme with a mark in the criterion's words wins, so the narrow themes come first.
MARKS: Final[tuple[tuple[str, str], ...]] = (
    ("ipv6", "ipv6"),
    ("logging", "logging|logged|journal|logboek|loggen|alert|monitor|supervis"),
    ("state", "stateful|connection track|suivi de conn|état des conn|toestand|established"),
    ("anomaly", "anomal|suspicio|incident|attack|suspect|attaque|verdacht|aanval|afwijking|threat|menace"),
    ("protocols", "protocol|handshake|couche|encapsul"),
    (
        "method",
        "captur|mirror|opname|consent|privacy|vie privée|filter|filtre|personal data|personnel|persoonsgeg",
    ),
    ("testing", "test|verif|vérif|essai|troubleshoot|dépann"),
    ("documentation", "document|comment|maint|readab|lisib|naming|change manag|onderhoud|leesba|rollback"),
    ("reporting", "report|communicat|communiceer|rapport|recommend|recommand|verslag|aanbevel|conclu"),
    (
        "policy",
        "default|least|privileg|policy|politique|beleid|minimale|moindre|défaut|standaard|segment|zone",
    ),
    ("rules", "rule|règle|regel|order|ordre|volgorde|service|flow|flux|exposure"),
)

BY_THEME: Final[dict[str, tuple[Texts, ...]]] = {
    "policy": (
        {
            "en": "Both chains drop by default; only the flows on my list pass, each with source, target and "
            "port.",
            "fr": "Les deux chaînes rejettent par défaut ; seuls passent les flux de ma liste, avec source, "
            "cible et port.",
            "nl": "Beide ketens weigeren standaard; alleen de stromen op mijn lijst mogen door, met bron, "
            "doel en poort.",
        },
        {
            "en": "Guests reach the web and the resolver and nothing of the house: see the rules for their "
            "zone.",
            "fr": "Les invités atteignent le web et le résolveur, rien de la maison : voir les règles de "
            "leur zone.",
            "nl": "Gasten bereiken het web en de resolver en niets van het huis: zie de regels voor hun "
            "zone.",
        },
    ),
    "rules": (
        {
            "en": "The most used rules come first and no rule is hidden by one before it; I checked the "
            "counters.",
            "fr": "Les règles les plus utilisées sont en tête et aucune n'en masque une autre ; j'ai vérifié "
            "les compteurs.",
            "nl": "De meest gebruikte regels staan eerst en geen regel verbergt een andere; ik keek de "
            "tellers na.",
        },
        {
            "en": "Each service of the inventory has exactly one rule, and what was abandoned is gone.",
            "fr": "Chaque service de l'inventaire a exactement une règle, et ce qui était abandonné a "
            "disparu.",
            "nl": "Elke dienst van de inventaris heeft precies één regel, en wat verlaten was is weg.",
        },
    ),
    "state": (
        {
            "en": "At the top of each chain established and related traffic is accepted, invalid packets are "
            "dropped.",
            "fr": "En tête de chaque chaîne, le trafic établi et lié est accepté, les paquets invalides sont "
            "rejetés.",
            "nl": "Bovenaan elke keten gaat bestaand en verwant verkeer door, ongeldige pakketten worden "
            "geweigerd.",
        },
    ),
    "logging": (
        {
            "en": "What is dropped goes to the log with a prefix and a rate limit, and from there to the log "
            "server.",
            "fr": "Les rejets vont au journal avec un préfixe et une limite de débit, puis vers le serveur "
            "de journaux.",
            "nl": "Weigeringen gaan met een prefix en een limiet naar het logboek, en vandaar naar de "
            "logserver.",
        },
        {
            "en": "The entry for my test from outside is shown; its time is that of the packet in the "
            "capture.",
            "fr": "L'entrée de mon essai depuis l'extérieur est visible ; son heure est celle du paquet de "
            "la capture.",
            "nl": "De lijn van mijn test van buitenaf staat erin; het uur is dat van het pakket in de "
            "opname.",
        },
    ),
    "ipv6": (
        {
            "en": "IPv6 has the same policy as IPv4, and the ICMPv6 types that it cannot live without are "
            "allowed.",
            "fr": "IPv6 suit la même politique qu'IPv4, et les types ICMPv6 indispensables sont autorisés.",
            "nl": "IPv6 volgt hetzelfde beleid als IPv4, en de ICMPv6-types die nodig zijn worden "
            "toegelaten.",
        },
        {
            "en": "Replies pass by connection state, and each IPv4 rule has its twin for IPv6.",
            "fr": "Les réponses passent selon l'état de la connexion, et chaque règle IPv4 a sa jumelle en "
            "IPv6.",
            "nl": "Antwoorden gaan door op basis van de verbinding, en elke IPv4-regel heeft een tweeling "
            "voor IPv6.",
        },
    ),
    "documentation": (
        {
            "en": "Names, comments and order let a colleague find a rule; the document says who asked for it "
            "and when.",
            "fr": "Noms, commentaires et ordre permettent de retrouver une règle ; le document dit qui l'a "
            "demandée et quand.",
            "nl": "Namen, commentaar en volgorde helpen een regel te vinden; het document zegt wie erom "
            "vroeg en wanneer.",
        },
        {
            "en": "The change, its reason and the way back are written down with the date of the last "
            "review.",
            "fr": "Le changement, sa raison et le retour arrière sont consignés avec la date de la dernière "
            "revue.",
            "nl": "De wijziging, de reden en de weg terug staan opgeschreven, met de datum van het laatste "
            "nazicht.",
        },
    ),
    "testing": (
        {
            "en": "I tried what must pass and what must not, from each zone; the table gives command, result "
            "and packet.",
            "fr": "J'ai essayé ce qui doit passer et ce qui ne doit pas, depuis chaque zone ; le tableau "
            "donne commande, "
            "résultat et paquet.",
            "nl": "Ik probeerde vanuit elke zone wat door mag en wat niet; de tabel geeft commando, "
            "resultaat en pakket.",
        },
        {
            "en": "A colleague ran the same tests after me, from another machine, with the same results.",
            "fr": "Un collègue a refait les mêmes essais après moi, depuis un autre poste, avec les mêmes "
            "résultats.",
            "nl": "Een collega deed na mij dezelfde tests, van een andere machine, met dezelfde resultaten.",
        },
    ),
    "method": (
        {
            "en": "Place, time, interface and filter of the capture are stated, with the consent and what I "
            "left out.",
            "fr": "Lieu, heure, interface et filtre de capture sont indiqués, avec l'accord reçu et ce que "
            "j'ai exclu.",
            "nl": "Plaats, tijd, interface en filter van de opname staan vermeld, met de toestemming en wat "
            "ik wegliet.",
        },
        {
            "en": "The capture is whole: no dropped packets, and its digest is in the report.",
            "fr": "La capture est complète : aucun paquet perdu, et son empreinte figure dans le rapport.",
            "nl": "De opname is volledig: geen verloren pakketten, en haar hash staat in het verslag.",
        },
        {
            "en": "I began without a display filter, then narrowed step by step; each filter is in "
            "the report.",
            "fr": "J'ai commencé sans filtre d'affichage, puis resserré pas à pas ; chaque filtre est "
            "dans le rapport.",
            "nl": "Ik begon zonder weergavefilter en verfijnde stap voor stap; elke filter staat in het "
            "verslag.",
        },
        {
            "en": "Names and payload that say nothing about the question were left out before I "
            "shared the file.",
            "fr": "Les noms et contenus sans rapport avec la question ont été retirés avant le partage du "
            "fichier.",
            "nl": "Namen en inhoud die niets met de vraag te maken hebben, haalde ik weg voor ik het bestand "
            "deelde.",
        },
    ),
    "protocols": (
        {
            "en": "I explain one exchange of each protocol, from the name lookup to the closing of the "
            "connection.",
            "fr": "J'explique un échange de chaque protocole, de la résolution du nom à la fermeture de la "
            "connexion.",
            "nl": "Ik leg van elk protocol één uitwisseling uit, van het opzoeken van de naam tot het "
            "sluiten.",
        },
        {
            "en": "The handshake, the server name in the ClientHello and the resets are named with packet "
            "numbers.",
            "fr": "La poignée de main, le nom du serveur dans le ClientHello et les RST sont cités par "
            "numéro de paquet.",
            "nl": "De handshake, de servernaam in de ClientHello en de resets staan er met pakketnummers.",
        },
    ),
    "anomaly": (
        {
            "en": "The regular calls stand out in the graph; interval, size and name are measured, not "
            "guessed.",
            "fr": "Les appels réguliers ressortent du graphique ; intervalle, taille et nom sont mesurés, "
            "pas devinés.",
            "nl": "De regelmatige oproepen springen uit de grafiek; interval, grootte en naam zijn gemeten, "
            "niet geraden.",
        },
        {
            "en": "I compare the scan with the normal traffic of the same machine, one hour earlier.",
            "fr": "Je compare le balayage avec le trafic normal de la même machine, une heure plus tôt.",
            "nl": "Ik vergelijk de scan met het gewone verkeer van dezelfde machine, een uur eerder.",
        },
    ),
    "reporting": (
        {
            "en": "The first page is for the manager, the rest for the technician; each finding leads to one "
            "action.",
            "fr": "La première page s'adresse à la direction, la suite au technicien ; chaque constat mène à "
            "une action.",
            "nl": "De eerste bladzijde is voor de directie, de rest voor de technicus; elke vaststelling "
            "leidt tot een actie.",
        },
        {
            "en": "I say what the capture proves, what it only suggests, and what I would record next.",
            "fr": "Je dis ce que la capture prouve, ce qu'elle suggère seulement et ce que j'enregistrerais "
            "ensuite.",
            "nl": "Ik zeg wat de opname bewijst, wat ze alleen doet vermoeden en wat ik daarna zou opnemen.",
        },
    ),
    "general": (
        {
            "en": "I did this part alone and can explain each line of it.",
            "fr": "J'ai réalisé cette partie sans aide et je peux en expliquer chaque ligne.",
            "nl": "Ik deed dit deel alleen en kan elke lijn uitleggen.",
        },
        {
            "en": "The evidence shows the beginning, what I changed and the result.",
            "fr": "La preuve montre la situation de départ, ce que j'ai changé et le résultat.",
            "nl": "Het bewijs toont het begin, wat ik veranderde en het resultaat.",
        },
    ),
}
