"""Lay out what an analyser remarked: in words, by weight, and by the lines they stand at."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assessments.analysers.analysis import Finding, Place, Severity, Skipped
from assessments.explaining import findings
from assessments.explaining.words import Words
from assessments.models import Analysis

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "info")


@dataclass(frozen=True)
class Remark:
    """A finding in words; ``number`` is its place in the analysis from 1."""

    number: int
    severity: Severity
    words: Words
    places: tuple[Place, ...]
    names_rule: bool = False
    code: str = ""

    @property
    def told_at(self) -> tuple[Place, ...]:
        """Where it stands beside the text: at its rule alone, not at those that rule is compared with."""
        return self.places[:1] if self.names_rule else self.places

    @property
    def first_line(self) -> int | None:
        return next((place.first for place in self.places if place.unit == "line"), None)


@dataclass(frozen=True)
class Group:
    """Remarks of one kind: what explains all of them is said once, what explains one stands with it."""

    remarks: list[Remark]

    @property
    def severity(self) -> Severity:
        return self.remarks[0].severity

    @property
    def why(self) -> str:
        return self._shared("why")

    @property
    def advice(self) -> str:
        return self._shared("advice")

    def _shared(self, name: str) -> str:
        said = {str(getattr(one.words, name)) for one in self.remarks}
        return said.pop() if len(said) == 1 else ""


@dataclass(frozen=True)
class Note:
    """A remark told at a line; ``is_explained`` when the same explanation stands further up already."""

    remark: Remark
    is_explained: bool


@dataclass(frozen=True)
class Margin:
    """What stands at one line: ``begins`` are told here, ``severity`` is the gravest that covers it."""

    severity: Severity | None = None
    begins: list[Remark] = field(default_factory=list)


def remarks_of(analysis: Analysis) -> list[Remark]:
    """The gravest first, and of equal weight in the order of the file."""
    found = [
        Remark(
            number,
            one.severity,
            findings.words_of(analysis.analyser, one),
            one.places,
            names_rule="rule" in one.values,
            code=one.code,
        )
        for number, one in enumerate(map(Finding.from_json, analysis.findings), start=1)
    ]
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.first_line or 0, one.number))


def grouped(remarks: Iterable[Remark]) -> list[Group]:
    """Remarks of one kind and weight together, where the first of them stood."""
    found: dict[tuple[str, str], list[Remark]] = {}
    for one in remarks:
        found.setdefault((one.severity, one.code), []).append(one)
    return [Group(kind) for kind in found.values()]


def skipped_of(analysis: Analysis) -> list[tuple[Skipped, str]]:
    """Each part that was not read, and why in words."""
    parts = map(Skipped.from_json, analysis.skipped)
    return [(part, findings.words_of_skipped(part)) for part in parts]


def counts(remarks: Iterable[Remark]) -> dict[Severity, int]:
    """How many of each weight, the gravest first, without those there are none of."""
    found = Counter(remark.severity for remark in remarks)
    return {severity: found[severity] for severity in SEVERITIES if found[severity]}


def margins(remarks: Iterable[Remark], first: int, last: int) -> Mapping[int, Margin]:
    """What stands at the lines `first` to `last`. A remark is told where each of its places begins."""
    found: dict[int, Margin] = {}
    for remark in remarks:
        for place in remark.told_at:
            if place.unit != "line" or place.last < first or place.first > last:
                continue
            for line in range(max(first, place.first), min(last, place.last) + 1):
                margin = found.get(line) or Margin(remark.severity)
                gravest = min(margin.severity or remark.severity, remark.severity, key=SEVERITIES.index)
                begins = margin.begins
                if line == place.first and remark not in begins:
                    begins = [*begins, remark]
                found[line] = Margin(gravest, begins)
    return found


def steps(remarks: Iterable[Remark], line: int) -> tuple[int | None, int | None]:
    """The lines of the last remark before `line` and of the first after it."""
    lines = sorted({place.first for one in remarks for place in one.told_at if place.unit == "line"})
    before = [at for at in lines if at < line]
    after = [at for at in lines if at > line]
    return (before[-1] if before else None, after[0] if after else None)
