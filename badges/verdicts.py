"""What a verification answers: named outcomes, what the badge says, whom it is from, how it was earned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges import advising, explaining
from badges.models import Credential
from badges.openbadges.checks import Check

OWN, PARTNER, UNKNOWN, UNPROVEN = "own", "partner", "unknown", "unproven"


@dataclass(frozen=True)
class Outcome:
    """One check as told to a reader; ``passed`` is None when it was not possible to check."""

    name: str
    passed: bool | None
    code: str
    title: str
    detail: str
    advice: str = ""

    def to_json(self) -> dict[str, Any]:
        told = {"name": self.name, "passed": self.passed, "code": self.code, "detail": self.detail}
        return told | {"advice": self.advice}


@dataclass(frozen=True)
class Summary:
    """What the badge says of itself, and ``record``, our own row, when it is one of ours."""

    name: str
    issuer: str
    awarded: datetime | None
    valid_until: datetime | None
    record: Credential | None
    version: str = "3.0"

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "awarded": self.awarded.isoformat() if self.awarded else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "url": self.record.url if self.record else None,
        }


@dataclass(frozen=True)
class Trust:
    """Who stands behind the signature, apart from whether it is true.

    ``kind`` is own (an issuer of this workbench), partner (organisations here vouch for it: ``listed_by``),
    unknown, or unproven while no signature proves any issuer.
    """

    kind: str
    identifier: str = ""
    name: str = ""
    listed_by: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.kind in (OWN, PARTNER)

    @property
    def title(self) -> str:
        return str(explaining.TRUST_TITLES[self.kind])

    @property
    def text(self) -> str:
        values = {"name": self.name, "listed_by": ", ".join(self.listed_by)}
        return str(explaining.TRUST_TEXTS[self.kind]) % values

    def to_json(self) -> dict[str, Any]:
        return {
            "trust": self.kind,
            "id": self.identifier,
            "name": self.name,
            "listed_by": list(self.listed_by),
            "detail": self.text,
        }


@dataclass(frozen=True)
class TracedCriterion:
    """What was asked, what was reached, and by which published evidence it was shown."""

    code: str
    title: str
    required: str
    achieved: str
    description: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class TracedEvidence:
    """One published item, with the digest it had when it was judged and what its bytes say today."""

    name: str
    url: str
    sha256: str
    size: int
    check: Outcome


@dataclass(frozen=True)
class Trace:
    """How a badge of ours was earned: criteria, levels, evidence, and in which roles it was judged."""

    achievement: str
    version: str
    criteria: tuple[TracedCriterion, ...]
    evidence: tuple[TracedEvidence, ...]
    roles: tuple[str, ...]
    moderated: bool
    decided_at: datetime
    decision: str
    manifest: Outcome

    @property
    def checks(self) -> tuple[Outcome, ...]:
        return (*(item.check for item in self.evidence), self.manifest)

    def to_json(self) -> dict[str, Any]:
        return {
            "achievement": {"name": self.achievement, "version": self.version},
            "criteria": [
                {
                    "code": one.code,
                    "title": one.title,
                    "required_level": one.required,
                    "achieved_level": one.achieved,
                    "description": one.description,
                    "evidence": list(one.evidence),
                }
                for one in self.criteria
            ],
            "evidence": [
                {"name": one.name, "url": one.url, "sha256": one.sha256, "size": one.size}
                | {"check": one.check.to_json()}
                for one in self.evidence
            ],
            "judgement": {
                "decision": f"urn:uuid:{self.decision}",
                "decided_at": self.decided_at.isoformat(),
                "roles": list(self.roles),
                "moderated": self.moderated,
                "manifest": self.manifest.to_json(),
            },
        }


@dataclass(frozen=True)
class Source:
    """What was looked at: container (png, svg, json, jwt, pdf), digest and size, and the badge's own text."""

    container: str
    sha256: str
    size: int
    text: str = ""


@dataclass(frozen=True)
class Verification:
    """The whole answer; ``checked_at`` is the moment for which it was true."""

    verified: bool
    checks: tuple[Outcome, ...]
    summary: Summary | None
    trust: Trust
    source: Source
    checked_at: datetime
    trace: Trace | None = None

    @property
    def issuer_known(self) -> bool:
        """Whether it is the signature of one of our issuers or partners, or that of anybody with a key."""
        return self.trust.is_known

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(check for check in self.checks if check.passed is False)

    @property
    def unchecked(self) -> tuple[Outcome, ...]:
        return tuple(check for check in self.checks if check.passed is None)

    def to_json(self) -> dict[str, Any]:
        """As the API and the command answer it."""
        return {
            "verified": self.verified,
            "checks": [check.to_json() for check in self.checks],
            "badge": self.summary.to_json() if self.summary else None,
            "issuer": self.trust.to_json(),
            "trace": self.trace.to_json() if self.trace else None,
            "source": {
                "container": self.source.container,
                "sha256": self.source.sha256,
                "size": self.source.size,
            },
            "checked_at": self.checked_at.isoformat(),
        }


def outcome(check: Check) -> Outcome:
    """A check in the reader's words."""
    code = "dates-until" if check.code == "dates-ok" and check.values else check.code
    return Outcome(
        check.name,
        check.passed,
        check.code,
        explaining.title(check.name),
        explaining.sentence(code, check.values),
        "" if check.passed else advising.advice(check),
    )
