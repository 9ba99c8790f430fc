"""Say a finding in one line, and every finding of a fixture, so that what is expected is written by hand."""

from assessments.analysers.analysis import Finding
from assessments.analysers.configurations.findings.table import look
from assessments.analysers.configurations.reading import read
from assessments.analysers.configurations.rules import Ruleset
from tests.analysers.configurations.telling import fixture


def finding_told(one: Finding) -> str:
    """``severity code lines``: the lines of every place in the order of the places."""
    places = " ".join(
        str(place.first) if place.first == place.last else f"{place.first}-{place.last}"
        for place in one.places
    )
    return f"{one.severity} {one.code} {places}".strip()


def findings_told(found: Ruleset) -> list[str]:
    """All findings in the order of their words, since that of a page is by weight."""
    findings, skipped = look(found)
    assert not skipped
    return sorted(map(finding_told, findings))


def seen(name: str, dialect: str) -> Ruleset:
    """A fixture as it is read."""
    return read(fixture(name), dialect)


def listed(text: str) -> list[str]:
    """The lines of a hand-written list of findings in the order of their words."""
    return sorted(line.strip() for line in text.strip().splitlines())
