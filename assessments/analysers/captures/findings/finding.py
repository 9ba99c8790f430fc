"""All findings of a capture, the gravest first."""

from typing import Final

from assessments.analysers.analysis import Finding
from assessments.analysers.captures.findings.calling import calling
from assessments.analysers.captures.findings.exposure import exposure
from assessments.analysers.captures.findings.naming import naming
from assessments.analysers.captures.findings.neighbourhood import neighbourhood
from assessments.analysers.captures.findings.probing import probing
from assessments.analysers.captures.findings.quality import quality
from assessments.analysers.captures.surveying import Survey

_READERS: Final = (probing, calling, neighbourhood, naming, exposure, quality)
_ORDER: Final = {"high": 0, "medium": 1, "low": 2, "info": 3}

# Every code that a capture's finding may have.
CODES: Final = frozenset(
    [
        "arp-conflict",
        "arp-unasked",
        "beaconing",
        "clear-text-credentials",
        "clear-text-protocol",
        "deprecated-tls",
        "dns-missing-names",
        "dns-tunnel",
        "host-sweep",
        "icmp-flood",
        "malformed-packets",
        "many-resets",
        "one-direction",
        "packets-cut",
        "packets-missing",
        "port-scan",
        "retransmissions",
        "syn-flood",
        "time-backwards",
        "tls-keys-included",
    ]
)


def findings_of(survey: Survey) -> tuple[Finding, ...]:
    found = [finding for reader in _READERS for finding in reader(survey)]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))
