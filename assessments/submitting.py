"""Start an attempt, hand it in, take it back."""

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.attempts import already_open, refusal_by_date, refusal_to_start, run_towards
from assessments.models import Achievement, Dismissal, Evidence, Programme, RubricMove, Submission, Support
from assessments.models.conflict import bound_to
from assessments.models.evidence import Scan
from assessments.models.lifecycle import State
from assessments.notices import SUBMITTED, about
from assessments.permissions import can_learn, can_work_on
from assessments.secrecy import first_refusal
from workbench.access import members, require
from workbench.audit import record
from workbench.clock import database_now
from workbench.errors import DomainError, invalid
from workbench.languages import CODES
from workbench.models import User
from workbench.notifying import notify_all

DECLARATION_VERSION = "2026-11"

# What sets aside the judgement of an attempt that is withdrawn: judging knows attempts, attempts know no
# judging.
_forgetters: list[Callable[[Submission, User], None]] = []


def when_withdrawn(forget: Callable[[Submission, User], None]) -> Callable[[Submission, User], None]:
    """Register what happens to the judgement of withdrawn work, in the transaction of the withdrawal."""
    _forgetters.append(forget)
    return forget


@transaction.atomic
def start(programme: Programme, achievement: Achievement, *, by: User) -> Submission:
    """Open the next attempt as a draft; after a return or a withdrawal the evidence comes along."""
    require(can_learn, by, programme)
    _guard_programme(programme, achievement)
    # Two first attempts at once, at two versions, have no row in common but this one.
    programme.enrolments.select_for_update().filter(learner=by).first()
    rows = Submission.objects.of(by).of_all_versions(achievement).filter(programme=programme)
    locked = rows.select_for_update(of=("self",)).select_related("achievement__rubric")
    attempts = list(locked.order_by("-attempt"))
    refusal = refusal_to_start(attempts, programme, achievement, now=database_now())
    if refusal:
        raise refusal
    last = attempts[0] if attempts else None
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                programme=programme,
                achievement=achievement,
                learner=by,
                attempt=last.attempt + 1 if last else 1,
                previous=last,
            )
    except IntegrityError:
        raise already_open() from None
    if last and last.state in (State.RETURNED, State.WITHDRAWN):
        _carry_over(last, submission)
        # An offer to go on under a newer version goes with the work that it is about.
        RubricMove.objects.open().filter(submission=last).update(submission=submission)
    record(by, "started", submission, attempt=submission.attempt)
    return submission


@transaction.atomic
def submit(submission: Submission, *, declaration: bool, language: str = "", by: User) -> Submission:
    """Hand in: the learner declares the work their own, and the manifest of digests is frozen.

    ``language`` is the one it is written in, the learner's own unless said otherwise. It says who may read
    the work and is no part of what is judged, so the manifest knows nothing of it.
    Raises DomainError ``unknown-language``, and ``too-late`` after the last moment that the return of the
    attempt before left.
    """
    require(can_work_on, by, submission)
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if not submission.is_editable:
        raise DomainError("not-editable", _("This work was handed in already."))
    require(can_learn, by, submission.programme)
    _guard_programme(submission.programme, submission.achievement)
    late = refusal_by_date(earlier_attempts(submission), now=database_now())
    if late:
        raise late
    if not declaration:
        raise invalid("declaration-missing", _("Declare that the work is your own before you hand it in."))
    if language not in ("", *CODES):
        raise invalid("unknown-language", _("Choose one of the languages of the programme."))
    manifest = _manifest(submission)
    now = timezone.now()
    submission.step("submit", State.SUBMITTED)
    submission.submitted_at = submission.declared_at = now
    submission.language = language or by.language
    submission.declaration_version = DECLARATION_VERSION
    submission.manifest = manifest
    submission.manifest_sha256 = manifest_digest(manifest)
    submission.save()
    RubricMove.objects.open().filter(submission=submission).update(lapsed_at=now)
    assessors = members("assessor", submission.programme).exclude(bound_to(submission))
    notify_all(assessors, SUBMITTED.code, submission, by=by, **about(submission))
    record(by, "submitted", submission, manifest_sha256=submission.manifest_sha256)
    return submission


@transaction.atomic
def withdraw(submission: Submission, *, by: User) -> Submission:
    """Take back work that nobody holds and of which nothing was released; a later attempt starts from it.

    What was decided and waits for a moderator is set aside: a withdrawn attempt is never released.
    Raises DomainError ``not-withdrawable``.
    """
    require(can_work_on, by, submission)
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if not submission.is_withdrawable:
        raise _not_withdrawable(submission)
    submission.step("withdraw", State.WITHDRAWN)
    RubricMove.objects.open().filter(submission=submission).update(lapsed_at=timezone.now())
    submission.assigned_to = submission.assigned_at = None
    submission.save(update_fields=["state", "assigned_to", "assigned_at"])
    for forget in _forgetters:
        forget(submission, by)
    record(by, "withdrawn", submission)
    return submission


def earlier_attempts(submission: Submission) -> list[Submission]:
    """The attempts that this one goes on from, newest first."""
    rows = Submission.objects.of_all_versions(submission.achievement).filter(
        learner=submission.learner_id, programme=submission.programme_id, attempt__lt=submission.attempt
    )
    attempts = list(rows.select_related("achievement").order_by("-attempt"))
    return run_towards(attempts, submission.achievement)


def manifest_digest(manifest: Any) -> str:
    """SHA-256 in hex over the canonical JSON of a manifest."""
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


# --- Guards ------------------------------------------------------------------------------------------


def _not_withdrawable(submission: Submission) -> DomainError:
    """Says when it will be possible, where it ever will."""
    if submission.is_held:
        text = _("This work is being looked into: it can be withdrawn once that has ended.")
    elif submission.state == State.IN_REVIEW:
        text = _(
            "An assessor is reviewing this work. It can be withdrawn once they give it back, or once a "
            "second person checks their assessment."
        )
    else:
        text = _("This work is decided: it can no longer be withdrawn.")
    return DomainError("not-withdrawable", text)


def _guard_programme(programme: Programme, achievement: Achievement) -> None:
    if not programme.is_running:
        raise DomainError(
            "programme-closed", _("This programme does not take work today: look at its dates.")
        )
    if not programme.achievements.filter(pk=achievement.pk).exists():
        raise invalid("not-offered", _("This programme does not offer this achievement."))


# --- Changes -----------------------------------------------------------------------------------------


def _carry_over(old: Submission, new: Submission) -> None:
    """Copy the rows; the bytes are shared, since they never change."""
    copies: dict[uuid.UUID, Evidence] = {}
    # Under another version of the rubric, what supports a criterion that is gone supports nothing yet.
    same = old.achievement.rubric.counterparts(new.achievement.rubric)
    for item in old.evidence.in_order().with_supports():
        supports = [
            (same[support.criterion_id], support.justification)
            for support in item.supports.all()
            if support.criterion_id in same
        ]
        copy = Evidence.objects.get(pk=item.pk)
        copy.id = Evidence._meta.pk.get_default()
        copy.submission, copy.carried_from, copy.replaces = new, item, None
        # A cleaned copy comes after the item that it was made from.
        copy.redacted_from = copies.get(item.redacted_from_id) if item.redacted_from_id else None
        copy.created_at = timezone.now()
        copy._state.adding = True
        copy.save(force_insert=True)
        Support.objects.bulk_create(
            Support(evidence=copy, criterion_id=criterion, justification=reason)
            for criterion, reason in supports
        )
        Dismissal.objects.bulk_create(
            Dismissal(
                evidence=copy,
                code=one.code,
                unit=one.unit,
                first=one.first,
                last=one.last,
                reason=one.reason,
                created_at=one.created_at,
            )
            for one in item.dismissals.all()
        )
        copies[item.pk] = copy


def _manifest(submission: Submission) -> dict[str, Any]:
    """What is judged: every item with its digest. Raises DomainError when something is missing."""
    items = list(submission.evidence.in_order().with_supports().with_reading())
    if not items:
        raise invalid("no-evidence", _("Add at least one item of evidence before you hand in."))
    for item in items:
        if not item.supports.all():
            raise invalid(
                "criteria-missing",
                _("Say which criteria “%(title)s” supports before you hand in.") % {"title": item.title},
            )
        if item.blob and item.blob.scan == Scan.INFECTED:
            raise invalid(
                "infected",
                _("The scanner found malware in “%(title)s”. Take it out before you hand in.")
                % {"title": item.title},
            )
    refusal = first_refusal(items)
    if refusal:
        raise refusal
    return {
        "submission": str(submission.pk),
        "attempt": submission.attempt,
        "achievement": str(submission.achievement_id),
        "rubric": str(submission.achievement.rubric_id),
        "evidence": [
            {
                "id": str(item.pk),
                "form": item.form,
                "kind": item.kind,
                "title": item.title,
                "size": item.size,
                "sha256": item.sha256,
                "url": item.url,
                "visibility": item.visibility,
                "redacted_from": item.redacted_from.sha256 if item.redacted_from else None,
                "criteria": [str(support.criterion_id) for support in item.supports.all()],
            }
            for item in items
        ],
    }
