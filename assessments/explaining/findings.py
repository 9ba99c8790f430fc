"""Put into words what an analysis holds: findings, secrets, what was skipped, all of it in one sentence."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from assessments.analysers.analysis import Finding, Secret, Skipped
from assessments.explaining import captures, configurations, documents, places, secrets, skipped, summaries
from assessments.explaining.words import Words

WORDS: Final[Mapping[str, Mapping[str, Words]]] = {
    "firewall-configuration": configurations.WORDS,
    "packet-capture": captures.WORDS,
    "document": documents.WORDS,
}


def words_of(analyser: str, finding: Finding) -> Words:
    """The words of a finding with its values in them."""
    words = WORDS.get(analyser, {}).get(finding.code)
    if words is None:
        # An analyser that has learned more since no longer says this; its old answer waits to be read again.
        return Words(_("A finding of an earlier version of the analyser"), "", "")
    return words.filled(_spoken(finding.values))


def _spoken(values: Mapping[str, str | int]) -> Mapping[str, str | int]:
    # A door of the device that its configuration ties to no interface.
    return {**values, "interface": _("every interface")} if values.get("interface") == "*" else values


def words_of_secret(code: str) -> Words:
    return secrets.WORDS[code].filled({}) if code in secrets.WORDS else Words(_("Secret"), "", "")


def words_of_skipped(part: Skipped) -> str:
    return skipped.in_words(part)


def summary(analyser: str, dialect: str, facts: Mapping[str, Any]) -> str:
    """What the program read, in one sentence for a person who has not seen the file."""
    return summaries.in_words(analyser, dialect, facts)


# --- The same as JSON values, for the API and the command ----------------------------------------------


def told(analyser: str, finding: Finding) -> dict[str, Any]:
    words = words_of(analyser, finding)
    return {
        **finding.to_json(),
        "title": str(words.title),
        "why": str(words.why),
        "advice": str(words.advice),
        "where": _where(finding),
    }


def told_secret(secret: Secret) -> dict[str, Any]:
    """Where and of what kind; never what."""
    return {
        "code": secret.code,
        "title": str(words_of_secret(secret.code).title),
        "place": secret.place.to_json(),
        "where": places.in_words(secret.place),
    }


def told_skipped(part: Skipped) -> dict[str, Any]:
    return {
        "reason": part.reason,
        "count": part.count,
        "title": words_of_skipped(part),
        "place": part.place.to_json() if part.place else None,
        "where": places.in_words(part.place) if part.place else "",
    }


def _where(finding: Finding) -> str:
    """The first place, and how many more there are."""
    if not finding.places:
        return ""
    first = places.in_words(finding.places[0])
    more = len(finding.places) - 1
    return _("%(place)s and %(more)s more") % {"place": first, "more": more} if more else first
