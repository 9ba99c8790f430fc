"""Follow a badge of ours back to its criteria, its evidence and its judgement."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any

from assessments.models import Evidence, Submission
from assessments.submitting import manifest_digest
from badges.models import Credential
from badges.openbadges import wording
from badges.openbadges.award import Award, EvidenceItem
from badges.openbadges.checks import Check
from badges.openbadges.credential import PUBLISHED
from badges.verdicts import Outcome, Trace, TracedCriterion, TracedEvidence, outcome
from workbench.storage import open_blob

# Reading evidence again costs time: beyond this sum a public page only says what it did not do.
MAX_EVIDENCE_BYTES = 256 * 1024 * 1024


def trace(record: Credential, credential: dict[str, Any]) -> Trace:
    """The way of one badge, with the digest of each published file made again from its stored bytes.

    ``credential`` is the signed badge in hand, which must name the same digests as our record.
    """
    award = Award.from_json(record.award)
    published = [item for item in award.evidence if item.visibility in PUBLISHED]
    readable = sum(item.size for item in published) <= MAX_EVIDENCE_BYTES
    said = {entry.get("id"): json.dumps(entry) for entry in _objects(credential.get("evidence"))}
    return Trace(
        achievement=award.achievement.name,
        version=award.achievement.version,
        criteria=tuple(_criteria(award, published)),
        evidence=tuple(
            TracedEvidence(
                item.name,
                item.url,
                item.sha256,
                item.size,
                outcome(_evidence(item, said.get(item.url, ""), readable=readable)),
            )
            for item in published
        ),
        roles=tuple(wording.role(role, award.achievement.language) for role in award.judgement.roles),
        moderated=award.judgement.moderated,
        decided_at=award.judgement.decided_at,
        decision=award.judgement.decision,
        manifest=_manifest(record, award),
    )


def evidence_check(found: Trace | None) -> Check:
    """The one answer about all evidence that stands among the checks of a badge."""
    if found is None:
        return Check("evidence", None, "evidence-elsewhere")
    files = [item for item in found.evidence if item.sha256]
    for code in ("evidence-missing", "evidence-changed", "evidence-digest"):
        wrong = [item.name for item in files if item.check.code == code]
        if wrong:
            return Check("evidence", False, code, {"titles": ", ".join(wrong)})
    if found.manifest.passed is False:
        return Check("evidence", False, found.manifest.code)
    if any(item.check.passed is None for item in files):
        return Check("evidence", None, "evidence-too-large")
    if not files:
        return Check("evidence", True, "evidence-none")
    return Check("evidence", True, "evidence-ok", {"count": str(len(files))})


def _criteria(award: Award, published: Iterable[EvidenceItem]) -> Iterable[TracedCriterion]:
    reached = {result.criterion: result.level for result in award.results}
    shown_by = _supports(published)
    for criterion in award.achievement.criteria:
        levels = {level.id: level for level in criterion.levels}
        achieved = levels.get(reached.get(criterion.id, ""))
        required = levels.get(criterion.required_level or "")
        yield TracedCriterion(
            code=criterion.code,
            title=criterion.title,
            required=required.name if required else "",
            achieved=achieved.name if achieved else "",
            description=achieved.description if achieved else "",
            evidence=tuple(shown_by.get(criterion.id, ())),
        )


def _supports(published: Iterable[EvidenceItem]) -> dict[str, list[str]]:
    """The names of the published items that support each criterion."""
    names = {uuid.UUID(item.id): item.name for item in published}
    rows = Evidence.objects.with_supports().in_bulk(list(names))
    found: dict[str, list[str]] = {}
    for pk, name in names.items():
        for support in rows[pk].supports.all() if pk in rows else ():
            found.setdefault(str(support.criterion_id), []).append(name)
    return found


def _evidence(item: EvidenceItem, said: str, *, readable: bool) -> Check:
    if not item.sha256:
        return Check("evidence", None, "evidence-link")
    if item.sha256 not in said:
        return Check("evidence", False, "evidence-digest", {"titles": item.name})
    if not readable:
        return Check("evidence", None, "evidence-too-large")
    digest = _digest_of(item.sha256)
    if digest is None:
        return Check("evidence", False, "evidence-missing", {"titles": item.name})
    if digest != item.sha256:
        return Check("evidence", False, "evidence-changed", {"titles": item.name})
    return Check("evidence", True, "evidence-same")


def _digest_of(sha256: str) -> str | None:
    try:
        with open_blob(sha256) as file:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def _manifest(record: Credential, award: Award) -> Outcome:
    """Whether the list of all that was handed in, private items included, is the one that was judged."""
    submission = Submission.objects.filter(pk=record.submission_id).only("manifest").first()
    if submission is None or not submission.manifest:
        return outcome(Check("manifest", None, "manifest-gone"))
    same = manifest_digest(submission.manifest) == award.judgement.manifest_sha256
    return outcome(Check("manifest", same, "manifest-ok" if same else "manifest-changed"))


def _objects(value: Any) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [entry for entry in listed if isinstance(entry, dict)]
