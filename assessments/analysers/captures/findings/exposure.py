"""What anyone on the way could read: logins, protocols in clear text, outdated encryption."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place, Severity
from assessments.analysers.captures.applications.tls import DEPRECATED
from assessments.analysers.captures.surveying import Survey

# Packets that a finding names; the others are counted.
MOST_PLACES: Final = 20

# By the code of the secret: the protocol as people call it.
PROTOCOL_OF: Final = {
    "ftp-password": "FTP",
    "pop3-password": "POP3",
    "imap-password": "IMAP",
    "smtp-password": "SMTP",
    "telnet-password": "Telnet",
    "ldap-password": "LDAP",
    "http-basic": "HTTP Basic",
    "http-authorization": "HTTP Authorization",
    "http-password": "HTTP form",
    "http-cookie": "HTTP cookie",
    "snmp-community": "SNMP",
}
# A session is not a password, but lets someone in until it ends.
_LESS: Final = frozenset(("http-cookie",))
# Remote access and files for which an encrypted successor is everywhere.
_REPLACED: Final = frozenset(("telnet", "ftp", "rlogin", "rsh", "rexec"))


def exposure(survey: Survey) -> Iterator[Finding]:
    yield from _credentials(survey)
    yield from _clear_text(survey)
    yield from _outdated(survey)
    if survey.asides.tls_secrets:
        count = len(survey.asides.tls_secrets) + survey.asides.tls_secrets_left_out
        yield Finding("tls-keys-included", "high", values={"count": count})


def _credentials(survey: Survey) -> Iterator[Finding]:
    disclosures = survey.tally.disclosures
    for code, count in sorted(disclosures.packets.items()):
        numbers = sorted({number for named, number in disclosures.named if named == code})[:MOST_PLACES]
        severity: Severity = "medium" if code in _LESS else "high"
        places = tuple(Place("packet", number, number) for number in numbers)
        yield Finding(
            "clear-text-credentials", severity, places, {"protocol": PROTOCOL_OF[code], "packets": count}
        )


def _clear_text(survey: Survey) -> Iterator[Finding]:
    for name, (conversations, packets, _bytes, first, last) in sorted(survey.settled.clear.items()):
        severity: Severity = "medium" if name in _REPLACED else "low"
        yield Finding("clear-text-protocol", severity, (Place("packet", first, last),), {
            "protocol": name.upper(), "conversations": conversations, "packets": packets,
        })  # fmt: skip


def _outdated(survey: Survey) -> Iterator[Finding]:
    """By what servers chose; where no answer was captured, by the best that clients offered."""
    web = survey.tally.web
    for version in sorted(DEPRECATED):
        seen = web.chosen.get(version) or web.offered.get(version)
        if seen:
            count, first, last = seen
            places = (
                Place("packet", first, first),
                *((Place("packet", last, last),) if last > first else ()),
            )
            yield Finding("deprecated-tls", "medium", places, {"version": version, "count": count})
