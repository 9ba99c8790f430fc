"""Who says to have which address on the local network."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place
from assessments.analysers.captures.summary import address
from assessments.analysers.captures.surveying import Survey

# A machine announces its address twice when it starts (RFC 5227); tools that poison caches never stop.
UNASKED_OF_A_STORM: Final = 20


def neighbourhood(survey: Survey) -> Iterator[Finding]:
    links = survey.tally.links
    for packed, owners in sorted(links.claims.items()):
        if len(owners) > 1:
            places = tuple(Place("packet", claim[1], claim[1]) for claim in owners.values())
            yield Finding(
                "arp-conflict", "high", places, {"address": address(packed), "devices": len(owners)}
            )
    storms = [seen for seen in links.unasked.values() if seen[0] >= UNASKED_OF_A_STORM]
    for count, first, last in sorted(storms, key=lambda seen: seen[1]):
        yield Finding("arp-unasked", "medium", (Place("packet", first, last),), {"count": count})
