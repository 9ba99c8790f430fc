"""Names that do not exist, asked for in numbers, and domains that may carry more than names."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place
from assessments.analysers.captures.summary import address
from assessments.analysers.captures.surveying import Survey

# A mistyped name and the search list of the resolver make a few; programs that generate names make dozens.
MISSING_OF_A_BURST: Final = 20
MISSING_SHARE: Final = 0.3
# Encoded data needs a new, long name for each 100 bytes or so; content networks use few long names.
NAMES_OF_A_TUNNEL: Final = 40
LONG_SHARE: Final = 0.5


def naming(survey: Survey) -> Iterator[Finding]:
    names = survey.tally.names
    for client, (missing, answers, first, last) in sorted(names.clients.items()):
        if missing >= MISSING_OF_A_BURST and missing >= MISSING_SHARE * answers:
            yield Finding("dns-missing-names", "medium", (Place("packet", first, last),), {
                "client": address(client), "missing": missing, "answers": answers,
            })  # fmt: skip
    for domain, (below, long, first, last) in sorted(names.domains.items()):
        if below >= NAMES_OF_A_TUNNEL and long >= LONG_SHARE * below:
            yield Finding("dns-tunnel", "high", (Place("packet", first, last),), {
                "domain": domain, "names": below, "long": long,
            })  # fmt: skip
