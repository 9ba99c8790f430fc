"""What every analyser answers with: facts, findings and secrets, each pointing at a place in the file."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

Severity = Literal["high", "medium", "low", "info"]
Unit = Literal["line", "packet", "page"]

# Longer lists are cut, and `Analysis.findings_left_out` says by how much: a page must stay readable.
MAX_FINDINGS: Final = 500
MAX_SECRETS: Final = 500


class BadAnalysis(ValueError):
    """JSON from the child process is not an analysis."""


@dataclass(frozen=True, slots=True)
class Place:
    """An inclusive range of lines, packets or pages, all counted from 1."""

    unit: Unit
    first: int
    last: int

    def to_json(self) -> list[Any]:
        return [self.unit, self.first, self.last]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        if not isinstance(data, list) or len(data) != 3:
            raise BadAnalysis("a place is [unit, first, last]")
        unit, first, last = data
        if unit not in ("line", "packet", "page") or type(first) is not int or type(last) is not int:
            raise BadAnalysis("a place is [unit, first, last]")
        return cls(unit, first, last)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an assessor should look at.

    `code` names the kind of finding; its words are in ``assessments.explaining``, filled with `values` (short
    strings and numbers, never a secret). `places` may be empty when the finding is about what is missing.
    """

    code: str
    severity: Severity
    places: tuple[Place, ...] = ()
    values: dict[str, str | int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "places": [place.to_json() for place in self.places],
            "values": dict(self.values),
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        match data:
            case {
                "code": str(code),
                "severity": ("high" | "medium" | "low" | "info") as severity,
                "places": list(places),
                "values": dict(values),
            } if all(type(value) in (str, int) for value in values.values()):
                return cls(code, severity, tuple(map(Place.from_json, places)), values)
        raise BadAnalysis("a finding has a code, a severity, places and values")


@dataclass(frozen=True, slots=True)
class Secret:
    """A password, key or personal datum that stands in the file; where it stands, never what it is.

    `code` names the kind (``cisco-type-7``, ``mac-address``). `first` and `last` are characters of the line,
    counted from 0, `last` exclusive; both 0 when the whole packet or line is meant.
    """

    code: str
    place: Place
    first: int = 0
    last: int = 0

    def to_json(self) -> list[Any]:
        return [self.code, self.place.to_json(), self.first, self.last]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        match data:
            case [str(code), list(place), int(first), int(last)]:
                return cls(code, Place.from_json(place), first, last)
        raise BadAnalysis("a secret is [code, place, first, last]")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part that was not read, and why: `reason` is a code (``unknown-statement``, ``damaged-tail``)."""

    reason: str
    place: Place | None = None
    count: int = 1
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "reason": self.reason,
            "place": self.place.to_json() if self.place else None,
            "count": self.count,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        match data:
            case {"reason": str(reason), "place": place, "count": int(count), "detail": str(detail)}:
                return cls(reason, None if place is None else Place.from_json(place), count, detail)
        raise BadAnalysis("what was skipped has a reason, a place, a count and a detail")


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer of one analyser about one file.

    `facts` is the summary by kind (only JSON values; documented in docs/analysers.md); `detail` the long part
    that viewers window over (rules, packet index, text), also JSON values, stored apart.
    """

    analyser: str
    version: int
    dialect: str
    facts: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    secrets: tuple[Secret, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    detail: Any = None
    findings_left_out: int = 0
    secrets_left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """The JSON object that the child process prints; lists are cut to what a page can show."""
        return {
            "analyser": self.analyser,
            "version": self.version,
            "dialect": self.dialect,
            "facts": self.facts,
            "findings": [finding.to_json() for finding in self.findings[:MAX_FINDINGS]],
            "findings_left_out": self.findings_left_out + max(0, len(self.findings) - MAX_FINDINGS),
            "secrets": [secret.to_json() for secret in self.secrets[:MAX_SECRETS]],
            "secrets_left_out": self.secrets_left_out + max(0, len(self.secrets) - MAX_SECRETS),
            "skipped": [part.to_json() for part in self.skipped],
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The analysis that `to_json` wrote; raises `BadAnalysis` for anything else."""
        match data:
            case {
                "analyser": str(analyser),
                "version": int(version),
                "dialect": str(dialect),
                "facts": dict(facts),
                "findings": list(findings),
                "findings_left_out": int(findings_left_out),
                "secrets": list(secrets),
                "secrets_left_out": int(secrets_left_out),
                "skipped": list(skipped),
                "detail": detail,
            }:
                return cls(
                    analyser,
                    version,
                    dialect,
                    facts,
                    tuple(map(Finding.from_json, findings)),
                    tuple(map(Secret.from_json, secrets)),
                    tuple(map(Skipped.from_json, skipped)),
                    detail,
                    findings_left_out,
                    secrets_left_out,
                )
        raise BadAnalysis("an analysis lacks a member or has one of another type")
