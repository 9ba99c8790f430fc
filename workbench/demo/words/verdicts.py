"""What assessors, moderators and learners write about a judgement."""

from typing import Final

Texts = dict[str, str]

COMMENTS: Final[tuple[tuple[Texts, ...], ...]] = (
    (
        {
            "en": "I do not find this in what you handed in.",
            "fr": "Je ne trouve pas cet élément dans votre dossier.",
            "nl": "Ik vind dit niet in wat u indiende.",
        },
        {
            "en": "The evidence shows the opposite of what you write.",
            "fr": "La preuve montre le contraire de ce que vous écrivez.",
            "nl": "Het bewijs toont het tegendeel van wat u schrijft.",
        },
        {
            "en": "You tell what should be done; show me that you did it.",
            "fr": "Vous dites ce qu'il faudrait faire ; montrez-moi que vous l'avez fait.",
            "nl": "U zegt wat er moet gebeuren; toon mij dat u het deed.",
        },
    ),
    (
        {
            "en": "A start: you see the problem, but the answer covers only one case.",
            "fr": "Un début : vous voyez le problème, mais la réponse ne couvre qu'un cas.",
            "nl": "Een begin: u ziet het probleem, maar het antwoord dekt maar één geval.",
        },
        {
            "en": "It works in the case you tried. Say what happens in the others.",
            "fr": "Cela fonctionne dans le cas essayé. Dites ce qui se passe dans les autres.",
            "nl": "Het werkt in het geval dat u probeerde. Zeg wat er in de andere gebeurt.",
        },
        {
            "en": "The idea is right and half done. Finish it, and point to the line or packet that "
            "shows it.",
            "fr": "L'idée est juste et à moitié réalisée. Terminez, et indiquez la ligne ou le paquet qui le "
            "montre.",
            "nl": "Het idee klopt en is half uitgevoerd. Werk het af en verwijs naar de lijn of het pakket "
            "dat het toont.",
        },
        {
            "en": "I see what you want to show, but I cannot repeat it with what you wrote.",
            "fr": "Je vois ce que vous voulez montrer, mais vos explications ne me permettent pas de le "
            "refaire.",
            "nl": "Ik zie wat u wilt tonen, maar met wat u schreef kan ik het niet overdoen.",
        },
    ),
    (
        {
            "en": "Sound work, shown in the evidence. The exceptions deserve a reason.",
            "fr": "Travail solide, visible dans la preuve. Les exceptions méritent une raison.",
            "nl": "Degelijk werk, zichtbaar in het bewijs. De uitzonderingen verdienen een reden.",
        },
        {
            "en": "Correct and complete for this network; it would be hard to take over for a colleague.",
            "fr": "Correct et complet pour ce réseau ; un collègue aurait du mal à reprendre le travail.",
            "nl": "Juist en volledig voor dit netwerk; een collega zou het moeilijk kunnen overnemen.",
        },
        {
            "en": "You choose well and say why. One rule is wider than its reason.",
            "fr": "Vous choisissez bien et dites pourquoi. Une règle est plus large que sa raison.",
            "nl": "U kiest goed en zegt waarom. Eén regel is ruimer dan haar reden.",
        },
    ),
    (
        {
            "en": "Mastered: precise, checked from both sides, and explained so that others can repeat it.",
            "fr": "Maîtrisé : précis, vérifié des deux côtés et expliqué de façon à pouvoir être refait.",
            "nl": "Beheerst: nauwkeurig, van twee kanten nagekeken en zo uitgelegd dat anderen het kunnen "
            "herhalen.",
        },
        {
            "en": "I tried it myself with your file and came to the same result.",
            "fr": "J'ai refait l'essai avec votre fichier et obtenu le même résultat.",
            "nl": "Ik probeerde het zelf met uw bestand en kwam tot hetzelfde resultaat.",
        },
        {
            "en": "I would show this to the next group as an example.",
            "fr": "Je montrerais volontiers ce travail au prochain groupe.",
            "nl": "Dit zou ik aan de volgende groep als voorbeeld tonen.",
        },
    ),
)

GREETINGS: Final[dict[str, tuple[Texts, ...]]] = {
    "approve": (
        {"en": "Well done.", "fr": "Félicitations.", "nl": "Goed gedaan."},
        {
            "en": "Your work meets every criterion.",
            "fr": "Votre travail satisfait à tous les critères.",
            "nl": "Uw werk voldoet aan alle criteria.",
        },
    ),
    "return": (
        {"en": "You are close.", "fr": "Vous y êtes presque.", "nl": "U bent er bijna."},
        {
            "en": "Thank you for this work; one part is still missing.",
            "fr": "Merci pour ce travail ; il manque encore une partie.",
            "nl": "Dank voor dit werk; één deel ontbreekt nog.",
        },
    ),
    "reject": (
        {
            "en": "I could not accept this attempt.",
            "fr": "Je n'ai pas pu accepter cet essai.",
            "nl": "Ik kon deze poging niet aanvaarden.",
        },
    ),
}

REASONS: Final[dict[tuple[str, str], tuple[Texts, ...]]] = {
    ("firewall", "approve"): (
        {
            "en": "Your rules let through what is needed and no more, and the tests prove it. Next, try to "
            "watch the "
            "counters for a month and remove what nobody uses.",
            "fr": "Vos règles laissent passer le nécessaire et rien de plus, et les essais le prouvent. "
            "Prochaine étape : "
            "suivre les compteurs pendant un mois et retirer ce qui ne sert pas.",
            "nl": "Uw regels laten door wat nodig is en niet meer, en de tests bewijzen het. Volg nu een "
            "maand lang de "
            "tellers en verwijder wat niemand gebruikt.",
        },
        {
            "en": "I liked the comments with owner and reason. Keep an eye on the SSH rule for the office.",
            "fr": "J'ai apprécié les commentaires avec responsable et raison. Gardez un œil sur la règle SSH "
            "du bureau.",
            "nl": "De commentaar met eigenaar en reden is sterk. Hou de SSH-regel van het kantoor in het "
            "oog.",
        },
    ),
    ("firewall", "return"): (
        {
            "en": "Please filter IPv6 as you filter IPv4 and log what you drop; then hand it in again. All "
            "the rest can stay.",
            "fr": "Filtrez IPv6 comme IPv4 et journalisez les rejets, puis déposez à nouveau. Tout le reste "
            "peut rester.",
            "nl": "Filter IPv6 zoals IPv4 en log wat u weigert; dien dan opnieuw in. De rest mag blijven.",
        },
        {
            "en": "The default is still to accept, so your last rules have no effect. Turn it round and show "
            "a test from "
            "outside.",
            "fr": "La politique par défaut accepte encore : vos dernières règles n'ont donc aucun effet. "
            "Inversez-la et "
            "montrez un essai depuis l'extérieur.",
            "nl": "Standaard wordt nog alles aanvaard, dus uw laatste regels hebben geen effect. Draai het "
            "om en toon een "
            "test van buitenaf.",
        },
    ),
    ("firewall", "reject"): (
        {
            "en": "The first rule accepts everything, so the firewall filters nothing. Look again at the "
            "module on rule "
            "order and start from a list of the services; your trainer can help.",
            "fr": "La première règle accepte tout : le pare-feu ne filtre donc rien. Revoyez le module sur "
            "l'ordre des règles "
            "et repartez d'une liste des services ; votre formateur peut vous aider.",
            "nl": "De eerste regel aanvaardt alles, dus de firewall filtert niets. Herbekijk de module over "
            "de volgorde van "
            "regels en vertrek van een lijst van diensten; uw lesgever kan helpen.",
        },
    ),
    ("traffic", "approve"): (
        {
            "en": "You measure before you conclude and you say what you cannot know. That is what a client "
            "pays for.",
            "fr": "Vous mesurez avant de conclure et vous dites ce que vous ne pouvez pas savoir. C'est ce "
            "qu'attend un client.",
            "nl": "U meet voor u besluit en zegt wat u niet kunt weten. Daar betaalt een klant voor.",
        },
        {
            "en": "The timeline is exact and each finding points to packets. A graph of the intervals would "
            "make it plainer.",
            "fr": "La chronologie est exacte et chaque constat renvoie aux paquets. Un graphique des "
            "intervalles aiderait.",
            "nl": "De tijdlijn klopt en elke vaststelling verwijst naar pakketten. Een grafiek van de "
            "intervallen zou helpen.",
        },
    ),
    ("traffic", "return"): (
        {
            "en": "You name the suspect machine but not the packets. Add the filters and packet numbers for "
            "each finding.",
            "fr": "Vous nommez la machine suspecte mais pas les paquets. Ajoutez filtres et numéros de "
            "paquets par constat.",
            "nl": "U noemt de verdachte machine maar niet de pakketten. Voeg filters en pakketnummers toe "
            "per vaststelling.",
        },
        {
            "en": "What happens is well described, but not how often nor since when. Measure the intervals "
            "per destination, then conclude.",
            "fr": "Ce qui se passe est bien décrit, mais ni à quelle fréquence ni depuis quand. Mesurez les "
            "intervalles par destination, puis concluez.",
            "nl": "Wat er gebeurt is goed beschreven, maar niet hoe vaak of sinds wanneer. Meet de "
            "intervallen per bestemming en besluit dan.",
        },
    ),
    ("traffic", "reject"): (
        {
            "en": "The report does not describe this capture: addresses and times are from another one. "
            "Please hand in your "
            "own analysis of your own capture.",
            "fr": "Le rapport ne décrit pas cette capture : adresses et heures viennent d'une autre. Déposez "
            "votre propre "
            "analyse de votre propre capture.",
            "nl": "Het verslag beschrijft deze opname niet: adressen en tijden komen uit een andere. Dien uw "
            "eigen analyse "
            "van uw eigen opname in.",
        },
    ),
}

REVOCATIONS: Final[tuple[Texts, ...]] = (
    {
        "en": "The capture turned out to be the work of another learner.",
        "fr": "La capture s'est révélée être le travail d'une autre personne.",
        "nl": "De opname bleek het werk van iemand anders te zijn.",
    },
)

APPEALS: Final[tuple[Texts, ...]] = (
    {
        "en": "The comment says that IPv6 is not filtered, but the second table of my file does it. Could "
        "someone look again?",
        "fr": "Le commentaire dit qu'IPv6 n'est pas filtré, or la seconde table de mon fichier le fait. "
        "Peut-on revoir ?",
        "nl": "De commentaar zegt dat IPv6 niet gefilterd wordt, maar de tweede tabel doet het. Kan iemand "
        "opnieuw kijken?",
    },
)
