"""The few sentences a credential needs that nobody typed, in the languages of the awards."""

from collections.abc import Mapping

FALLBACK = "en"

DIGEST: Mapping[str, str] = {
    "en": "Size: {size} bytes. SHA-256 of the file: {digest}.",
    "fr": "Taille : {size} octets. SHA-256 du fichier : {digest}.",
    "nl": "Grootte: {size} bytes. SHA-256 van het bestand: {digest}.",
}
ONLY_SUMMARY: Mapping[str, str] = {
    "en": "The file itself is not published; the page summarises it.",
    "fr": "Le fichier lui-même n'est pas publié ; la page en donne un résumé.",
    "nl": "Het bestand zelf is niet openbaar; de pagina vat het samen.",
}
JUDGED: Mapping[str, str] = {
    "en": "Judged on {date} by: {roles}.",
    "fr": "Évalué le {date} par : {roles}.",
    "nl": "Beoordeeld op {date} door: {roles}.",
}
MODERATED: Mapping[str, str] = {
    "en": "The decision was moderated before release.",
    "fr": "La décision a été modérée avant publication.",
    "nl": "De beslissing is vóór vrijgave gemodereerd.",
}
NOT_MODERATED: Mapping[str, str] = {
    "en": "The decision was not selected for moderation.",
    "fr": "La décision n'a pas été retenue pour modération.",
    "nl": "De beslissing is niet voor moderatie uitgekozen.",
}
DECISION: Mapping[str, str] = {
    "en": "Decision: urn:uuid:{decision}.",
    "fr": "Décision : urn:uuid:{decision}.",
    "nl": "Beslissing: urn:uuid:{decision}.",
}
MANIFEST: Mapping[str, str] = {
    "en": "SHA-256 of the evidence manifest: {digest}.",
    "fr": "SHA-256 du manifeste des preuves : {digest}.",
    "nl": "SHA-256 van het manifest van de bewijsstukken: {digest}.",
}
ROLES: Mapping[str, Mapping[str, str]] = {
    "assessor": {"en": "assessor", "fr": "évaluateur", "nl": "beoordelaar"},
    "second_marker": {"en": "second assessor", "fr": "second évaluateur", "nl": "tweede beoordelaar"},
    "moderator": {"en": "moderator", "fr": "modérateur", "nl": "moderator"},
}


def say(sentence: Mapping[str, str], language: str, **values: object) -> str:
    """One sentence in `language` (`fr` serves `fr-BE`), in English when there is no translation."""
    template = sentence.get(language.split("-", maxsplit=1)[0].lower(), sentence[FALLBACK])
    return template.format(**values)


def role(name: str, language: str) -> str:
    """A role as a reader calls it; an unknown role keeps its own name."""
    return say(ROLES[name], language) if name in ROLES else name
