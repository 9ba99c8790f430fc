"""The sections of the reports that learners hand in with their configurations and captures."""

from typing import Final

Texts = dict[str, str]

TITLES: Final[dict[str, Texts]] = {
    "firewall": {"en": "Review of a firewall", "fr": "Revue d'un pare-feu", "nl": "Nazicht van een firewall"},
    "traffic": {"en": "Analysis of a capture", "fr": "Analyse d'une capture", "nl": "Analyse van een opname"},
}
BYLINE: Final[Texts] = {
    "en": "%(author)s, cybersecurity pilot",
    "fr": "%(author)s, pilote cybersécurité",
    "nl": "%(author)s, pilot cyberveiligheid",
}

# A section: from which quality on a learner writes it, its heading, its text, and lines shown as they are.
Section = tuple[int, Texts, Texts, str]

FIREWALL: Final[tuple[Section, ...]] = (
    (
        0,
        {"en": "Situation", "fr": "Situation", "nl": "Situatie"},
        {
            "en": "The organisation has five zones: administration, office, public servers, guests and "
            "telephones. One "
            "firewall stands between them and the Internet. Its rules grew over six years.",
            "fr": "L'organisation compte cinq zones : administration, bureau, serveurs publics, invités et "
            "téléphones. Un "
            "pare-feu les sépare entre elles et d'Internet. Ses règles se sont accumulées pendant six ans.",
            "nl": "De organisatie heeft vijf zones: beheer, kantoor, publieke servers, gasten en telefoons. "
            "Eén firewall "
            "staat tussen hen en het internet. De regels groeiden zes jaar lang.",
        },
        "",
    ),
    (
        0,
        {"en": "What I found", "fr": "Constats", "nl": "Vaststellingen"},
        {
            "en": "Rules without an owner, two rules that can never match because a wider one comes first, "
            "and remote "
            "desktop open to everyone.",
            "fr": "Des règles sans responsable, deux règles qui ne servent jamais car une plus large les "
            "précède, et le "
            "bureau à distance ouvert à tous.",
            "nl": "Regels zonder eigenaar, twee regels die nooit gelden omdat een ruimere ervoor staat, en "
            "extern bureaublad "
            "open voor iedereen.",
        },
        "",
    ),
    (
        1,
        {"en": "What I changed", "fr": "Changements", "nl": "Wijzigingen"},
        {
            "en": "I closed remote desktop and the Windows shares, and removed the accounts of the former "
            "web agency.",
            "fr": "J'ai fermé le bureau à distance et les partages Windows, et retiré les accès de "
            "l'ancienne agence web.",
            "nl": "Ik sloot extern bureaublad en de Windows-shares en verwijderde de toegang van het "
            "vroegere webbureau.",
        },
        "",
    ),
    (
        2,
        {"en": "How I tested", "fr": "Essais", "nl": "Tests"},
        {
            "en": "From each zone I tried one thing that must work and one that must not. The refusals are "
            "in the log with "
            "the time of the test.",
            "fr": "Depuis chaque zone, j'ai essayé une chose qui doit marcher et une qui ne doit pas. Les "
            "refus figurent au "
            "journal à l'heure de l'essai.",
            "nl": "Vanuit elke zone probeerde ik iets dat moet werken en iets dat niet mag. De weigeringen "
            "staan in het "
            "logboek met het uur van de test.",
        },
        "nc -zv 192.0.2.10 443\nnc -zv 192.0.2.10 3389\nping6 -c 3 2001:db8:30::10",
    ),
    (
        3,
        {"en": "What is left to do", "fr": "Ce qui reste à faire", "nl": "Wat nog moet gebeuren"},
        {
            "en": "The rule for the old scanner stays until the end of the month, on request of the "
            "accountant; it carries "
            "that date. The counters will be read again in thirty days and unused rules removed. The former "
            "rules are "
            "kept, so that one command brings them back.",
            "fr": "La règle de l'ancien scanner reste jusqu'à la fin du mois, à la demande de la comptable ; "
            "elle porte cette "
            "date. Les compteurs seront relus dans trente jours et les règles inutiles retirées. Les "
            "anciennes règles sont "
            "conservées : une commande suffit pour y revenir.",
            "nl": "De regel voor de oude scanner blijft tot het einde van de maand, op vraag van de "
            "boekhoudster; die datum "
            "staat erbij. Over dertig dagen worden de tellers opnieuw gelezen en ongebruikte regels "
            "verwijderd. De vroegere "
            "regels worden bewaard, zodat één commando ze terugzet.",
        },
        "",
    ),
)

TRAFFIC_METHOD: Final[tuple[Section, ...]] = (
    (
        0,
        {"en": "The capture", "fr": "La capture", "nl": "De opname"},
        {
            "en": "The file holds %(packets)s packets of one office network behind the gateway %(gateway)s.",
            "fr": "Le fichier contient %(packets)s paquets d'un réseau de bureau derrière la passerelle "
            "%(gateway)s.",
            "nl": "Het bestand bevat %(packets)s pakketten van een kantoornetwerk achter de gateway "
            "%(gateway)s.",
        },
        "",
    ),
    (
        2,
        {"en": "Method", "fr": "Méthode", "nl": "Methode"},
        {
            "en": "I first looked at the protocols and the conversations, then at the connections without an "
            "answer, then at "
            "the intervals between connections of each pair of machines.",
            "fr": "J'ai regardé d'abord les protocoles et les conversations, puis les connexions sans "
            "réponse, puis les "
            "intervalles entre connexions de chaque paire de machines.",
            "nl": "Ik bekeek eerst de protocollen en de gesprekken, dan de verbindingen zonder antwoord, dan "
            "de intervallen "
            "tussen de verbindingen van elk paar machines.",
        },
        "tcp.flags.syn == 1 && tcp.flags.ack == 0\ntls.handshake.extensions_server_name\ndns.flags.rcode == "
        "3",
    ),
)
TRAFFIC_FINDINGS: Final[dict[str, Texts]] = {
    "baseline": {
        "en": "%(clients)s machines look up names, read pages and ask for the time. Some lookups fail "
        "because of a typing "
        "mistake in the name. I see no scan and no regular calls.",
        "fr": "%(clients)s machines résolvent des noms, lisent des pages et demandent l'heure. Quelques "
        "résolutions échouent "
        "à cause d'une faute de frappe. Je ne vois ni balayage ni appels réguliers.",
        "nl": "%(clients)s machines zoeken namen op, lezen pagina's en vragen het uur. Enkele opzoekingen "
        "mislukken door een "
        "tikfout in de naam. Ik zie geen scan en geen regelmatige oproepen.",
    },
    "port-scan": {
        "en": "%(scanner)s tries %(ports_tried)s ports of %(victim)s in %(scan_seconds)s s. The ports "
        "%(open_ports)s answer; "
        "the scanner ends each of these connections at once with a reset.",
        "fr": "%(scanner)s essaie %(ports_tried)s ports de %(victim)s en %(scan_seconds)s s. Les ports "
        "%(open_ports)s "
        "répondent ; le scanneur coupe aussitôt chacune de ces connexions par un RST.",
        "nl": "%(scanner)s probeert %(ports_tried)s poorten van %(victim)s in %(scan_seconds)s s. De poorten "
        "%(open_ports)s "
        "antwoorden; de scanner breekt elk van die verbindingen meteen af met een reset.",
    },
    "beaconing": {
        "en": "%(infected)s connects %(calls)s times to %(server_name)s (%(server)s), every "
        "%(period_seconds)s s with less "
        "than a second of difference, always with the same amount of data. No person works like that.",
        "fr": "%(infected)s se connecte %(calls)s fois à %(server_name)s (%(server)s), toutes les "
        "%(period_seconds)s s à moins "
        "d'une seconde près, toujours avec la même quantité de données. Personne ne travaille ainsi.",
        "nl": "%(infected)s maakt %(calls)s keer verbinding met %(server_name)s (%(server)s), elke "
        "%(period_seconds)s s met "
        "minder dan een seconde verschil, altijd met evenveel gegevens. Zo werkt geen mens.",
    },
}
TRAFFIC_VAGUE: Final[Texts] = {
    "en": "One machine opens more connections than the others. This may be a virus, or an update.",
    "fr": "Une machine ouvre plus de connexions que les autres. C'est peut-être un virus, ou une mise à "
    "jour.",
    "nl": "Eén machine opent meer verbindingen dan de andere. Dat kan een virus zijn, of een update.",
}
FINDINGS_HEADING: Final[Texts] = {"en": "Findings", "fr": "Constats", "nl": "Vaststellingen"}
ADVICE_HEADING: Final[Texts] = {"en": "Advice", "fr": "Recommandations", "nl": "Aanbevelingen"}
TRAFFIC_ADVICE: Final[dict[str, Texts]] = {
    "baseline": {
        "en": "Keep this capture as a picture of a normal day, to compare with later.",
        "fr": "Conserver cette capture comme image d'une journée normale, pour comparaison.",
        "nl": "Bewaar deze opname als beeld van een gewone dag, om later mee te vergelijken.",
    },
    "port-scan": {
        "en": "Ask who used this machine at that time before touching it. Close the database port towards "
        "the office. Alert "
        "on more than fifty refused connections a minute.",
        "fr": "Demander qui utilisait cette machine à cette heure avant d'y toucher. Fermer le port de la "
        "base de données vers "
        "le bureau. Alerter au-delà de cinquante connexions refusées par minute.",
        "nl": "Vraag wie deze machine toen gebruikte voor u eraan raakt. Sluit de databankpoort voor het "
        "kantoor. Alarmeer bij "
        "meer dan vijftig geweigerde verbindingen per minuut.",
    },
    "beaconing": {
        "en": "Take the machine off the network without switching it off, keep its memory, block the name "
        "and the address, "
        "and look for the same name in the logs of the resolver since last month.",
        "fr": "Isoler la machine du réseau sans l'éteindre, conserver sa mémoire, bloquer le nom et "
        "l'adresse, et chercher le "
        "même nom dans les journaux du résolveur depuis le mois dernier.",
        "nl": "Haal de machine van het netwerk zonder ze uit te zetten, bewaar het geheugen, blokkeer de "
        "naam en het adres, en "
        "zoek dezelfde naam in de logs van de resolver sinds vorige maand.",
    },
}
