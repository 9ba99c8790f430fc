"""How the API tells an attempt and its evidence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from assessments.analysers.analysis import Finding, Skipped
from assessments.explaining import findings
from assessments.following import released_decision
from assessments.models import Evidence, Submission
from assessments.models.evidence import Form, Kind, Visibility
from assessments.models.lifecycle import State
from assessments.naming import is_veiled, learner_name
from assessments.secrecy import analysis_of, marks
from workbench.models import User


class FindingOut(Schema):
    """Something an assessor should look at, in the language of the request."""

    code: str = Field(description="stable", examples=["any-any-accept"])
    severity: str = Field(description="high, medium, low or info")
    title: str
    why: str
    advice: str
    places: list[tuple[str, int, int]] = Field(
        description="line, packet or page, first and last, counted from 1", examples=[[["line", 12, 12]]]
    )
    where: str = Field(description="the first place in words")
    values: dict[str, str | int]


class MarkOut(Schema):
    """A secret or personal datum: where it stands and of what kind, never what it is."""

    code: str = Field(examples=["cisco-type-7"])
    title: str
    place: tuple[str, int, int]
    where: str
    dismissed: str | None = Field(description="the learner's reason why it is none; null while it is open")


class SkippedOut(Schema):
    """What was not read, and why."""

    reason: str = Field(examples=["damaged-tail"])
    title: str
    count: int
    place: tuple[str, int, int] | None
    where: str


class AnalysisOut(Schema):
    """What the program read in the evidence."""

    state: str = Field(
        description="none (a link), waiting, done, failed, or quarantined (by the malware scanner)",
        examples=["done"],
    )
    summary: str | None = Field(description="one sentence; null until it is read")
    failure: str | None = Field(description="why it could not be read; null unless it failed")
    dialect: str | None = Field(description="of a configuration or capture", examples=["cisco-asa"])
    findings: list[FindingOut]
    secrets: list[MarkOut]
    skipped: list[SkippedOut]


class SupportOut(Schema):
    criterion: UUID
    justification: str


class EvidenceOut(Schema):
    id: UUID
    form: Form
    kind: Kind
    title: str
    narrative: str
    filename: str | None = Field(description="for display only; null for links and texts")
    url: str | None = Field(description="null unless it is a link")
    media_type: str | None = Field(description="told by the content; null for links")
    size: int = Field(description="in bytes")
    sha256: str | None = Field(description="in hex, taken at upload; null for links")
    visibility: Visibility
    criteria: list[UUID] = Field(description="the criteria it supports")
    supports: list[SupportOut] = Field(description="the same, each with the learner's reason")
    analysis: AnalysisOut


class ResultOut(Schema):
    criterion: UUID
    level: UUID | None
    comment: str


class NoteAnchorOut(Schema):
    unit: str = Field(description="item, line, rule, packet, flow or page")
    first: int = Field(description="counted from 1; 0 for an item")
    last: int
    name: str = Field(description="of a rule or a flow")


class NoteOut(Schema):
    """What the assessor noted at a place in the evidence."""

    id: UUID
    evidence: UUID
    anchor: NoteAnchorOut
    criterion: UUID | None
    text: str


class ReleasedDecisionOut(Schema):
    """The decision as its learner reads it."""

    id: UUID
    outcome: str
    feedback: str
    results: list[ResultOut]
    annotations: list[NoteOut] = Field(description="the notes in the evidence")


class SubmissionOut(Schema):
    id: UUID
    programme: UUID
    achievement: UUID
    learner: UUID | None = Field(description="null where the marking policy keeps it from who asks")
    learner_name: str = Field(description="then “Learner” and the code of the attempt")
    attempt: int
    previous: UUID | None = Field(description="the attempt before this one")
    state: State
    created_at: datetime
    submitted_at: datetime | None
    expected_by: datetime | None = Field(
        description="when the programme promises a decision; null where it promises none, or nothing waits"
    )
    decided_at: datetime | None
    resubmit_by: datetime | None = Field(description="after a return the last moment to hand in again")
    appealed_at: datetime | None = Field(description="while an appeal waits for its ruling")
    held_at: datetime | None = Field(description="while the work is being looked into")
    language: str = Field(description="of the work; empty until it is handed in")
    claimed_by: UUID | None
    lease_until: datetime | None
    manifest_sha256: str | None = Field(description="digest of what was handed in; null while a draft")
    evidence: list[EvidenceOut]
    decision: ReleasedDecisionOut | None = Field(description="null until it is released to the learner")
    credential: UUID | None = Field(description="the badge; null until it is issued")
    credential_url: str | None = Field(description="its public address; null until it is issued")


# --- The badge of an attempt --------------------------------------------------------------------------


@dataclass(frozen=True)
class IssuedBadge:
    id: UUID
    url: str


Finder = Callable[[Iterable[UUID]], Mapping[UUID, IssuedBadge]]
_finders: list[Finder] = []


def finds_badges(function: Finder) -> Finder:
    """Register who knows the issued badge of an attempt: badges know attempts, attempts know no badges."""
    _finders.append(function)
    return function


def _badges_of(submissions: Iterable[Submission]) -> dict[UUID, IssuedBadge]:
    approved = [submission.pk for submission in submissions if submission.state == State.APPROVED]
    found: dict[UUID, IssuedBadge] = {}
    for find in _finders if approved else ():
        found |= find(approved)
    return found


# --- Shapes ------------------------------------------------------------------------------------------


def shaped(submissions: list[Submission], *, reader: User) -> list[dict[str, Any]]:
    """Submissions as the API tells them to a reader, each with its badge; fetch them by ``with_evidence``."""
    badges = _badges_of(submissions)
    return [submission_shape(submission, badges.get(submission.pk), reader) for submission in submissions]


def submission_shape(submission: Submission, badge: IssuedBadge | None, reader: User) -> dict[str, Any]:
    return {
        "id": submission.pk,
        "programme": submission.programme_id,
        "achievement": submission.achievement_id,
        "learner": None if is_veiled(submission, reader) else submission.learner_id,
        "learner_name": learner_name(submission, reader),
        "attempt": submission.attempt,
        "previous": submission.previous_id,
        "state": submission.state,
        "language": submission.language,
        "created_at": submission.created_at,
        "submitted_at": submission.submitted_at,
        "expected_by": submission.expected_by,
        "decided_at": submission.decided_at,
        "resubmit_by": submission.resubmit_by,
        "appealed_at": submission.appealed_at,
        "held_at": submission.held_at,
        "claimed_by": submission.claimed_by_id,
        "lease_until": submission.lease_until,
        "manifest_sha256": submission.manifest_sha256 or None,
        "evidence": [evidence_shape(item) for item in submission.evidence.all()],
        "decision": _decision_shape(submission),
        "credential": badge.id if badge else None,
        "credential_url": badge.url if badge else None,
    }


def _decision_shape(submission: Submission) -> dict[str, Any] | None:
    decision = released_decision(submission)
    if decision is None:
        return None
    return {
        "id": decision.pk,
        "outcome": decision.outcome,
        "feedback": decision.feedback,
        "results": [
            {name: result[name] for name in ("criterion", "level", "comment")} for result in decision.results
        ],
        "annotations": [_note_shape(note) for note in _notes_of(submission, decision)],
    }


def _notes_of(submission: Any, decision: Any) -> list[Any]:
    """Those of every review that the decision rests on."""
    basis = decision.basis_ids
    return [note for one in submission.reviews.all() if one.pk in basis for note in one.annotations.all()]


def _note_shape(note: Any) -> dict[str, Any]:
    return {
        "id": note.pk,
        "evidence": note.evidence_id,
        "anchor": {name: getattr(note, name) for name in ("unit", "first", "last", "name")},
        "criterion": note.criterion_id,
        "text": note.text,
    }


def evidence_shape(item: Evidence) -> dict[str, Any]:
    supports = list(item.supports.all())
    return {
        "id": item.pk,
        "form": item.form,
        "kind": item.kind,
        "title": item.title,
        "narrative": item.narrative,
        "filename": item.filename or None,
        "url": item.url or None,
        "media_type": item.media_type or None,
        "size": item.size,
        "sha256": item.sha256 or None,
        "visibility": item.visibility,
        "criteria": [support.criterion_id for support in supports],
        "supports": [
            {"criterion": support.criterion_id, "justification": support.justification}
            for support in supports
        ],
        "analysis": analysis_shape(item),
    }


def analysis_shape(item: Evidence) -> dict[str, Any]:
    """Fetch the item by ``with_reading``; a mark says where a secret stands, never what it is."""
    analysis = analysis_of(item)
    if analysis is None:
        return NOT_READ
    if analysis.blob.is_quarantined:
        # Also what was read of it before: it comes from bytes that nobody may have.
        return {**NOT_READ, "state": "quarantined", "failure": analysis.failure or None}
    return {
        "state": analysis.state,
        "summary": findings.summary(analysis.analyser, analysis.dialect, analysis.facts) or None,
        "failure": analysis.failure or None,
        "dialect": analysis.dialect or None,
        "findings": [findings.told(analysis.analyser, Finding.from_json(one)) for one in analysis.findings],
        "secrets": [
            {
                **findings.told_secret(mark.secret),
                "dismissed": mark.dismissed.reason if mark.dismissed else None,
            }
            for mark in marks(item)
        ],
        "skipped": [findings.told_skipped(Skipped.from_json(one)) for one in analysis.skipped],
    }


NOT_READ: dict[str, Any] = {
    "state": "none",
    "summary": None,
    "failure": None,
    "dialect": None,
    "findings": [],
    "secrets": [],
    "skipped": [],
}
