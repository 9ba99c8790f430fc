"""Make an exemplar of work that was judged, by agreed levels and with the consent of its learner."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Criterion, Level, Submission
from assessments.notices import about
from assessments.permissions import can_work_on
from reviews.calibrating import tell_who_is_asked
from reviews.models import AgreedLevel, Decision, Exemplar
from reviews.models.exemplar import CONSENT_VERSION, MAX_NAME, MAX_REASON
from reviews.notices import EXEMPLAR_ANSWERED, EXEMPLAR_ASKED
from reviews.permissions import can_exemplify
from reviews.scoring import kept_text
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User
from workbench.notifying import notify


@dataclass(frozen=True)
class Agreed:
    """The level that was agreed on for one criterion, and why; either may be missing in a draft."""

    criterion: Criterion
    level: Level | None
    reason: str = ""


@transaction.atomic
def make(submission: Submission, *, name: str, note: str = "", by: User) -> Exemplar:
    """Open a draft with the levels and comments of the decision, and ask the learner.

    Raises DomainError ``not-decided``, ``held``, ``name-missing``, ``text-too-long``, ``exemplar-exists``
    where this work is an exemplar already, or ``no-consent`` where its learner said no before.
    """
    require(can_exemplify, by, submission)
    decision = Decision.objects.released().filter(submission=submission).first()
    if decision is None:
        raise DomainError("not-decided", _("Only work whose decision is released becomes an exemplar."))
    if Exemplar.objects.filter(submission=submission, retired_at__isnull=True).exists():
        raise _exists()
    if Exemplar.objects.filter(submission=submission, refused_at__isnull=False).exists():
        raise _refused()
    if submission.is_held:
        raise DomainError("held", _("This work is under investigation."))
    exemplar = Exemplar(submission=submission, programme=submission.programme, made_by=by)
    exemplar.name, exemplar.note = _worded(name, note)
    _insert(exemplar, by)
    # A comment may be longer than a reason: it is cut, and read again by whoever publishes.
    AgreedLevel.objects.bulk_create(
        AgreedLevel(
            exemplar=exemplar,
            criterion_id=row["criterion"],
            level_id=row["level"],
            reason=row["comment"].strip()[:MAX_REASON],
        )
        for row in decision.results
        if row["level"] and row["comment"].strip()
    )
    notify(submission.learner, EXEMPLAR_ASKED.code, exemplar, by=by, **about(submission))
    record(by, "exemplar-made", exemplar, submission=str(submission.pk))
    return exemplar


@transaction.atomic
def agree(exemplar: Exemplar, *, name: str, note: str, levels: Iterable[Agreed], by: User) -> Exemplar:
    """Set the name and the agreed levels of a draft; criteria that are not in ``levels`` keep theirs.

    Raises DomainError ``exemplar-published`` once it is in use or retired, ``reason-missing``,
    ``unknown-criterion``, ``unknown-level``, ``name-missing`` or ``text-too-long``.
    """
    require(can_exemplify, by, exemplar.submission)
    exemplar = _locked(exemplar)
    _guard_draft(exemplar)
    exemplar.name, exemplar.note = _worded(name, note)
    for one in levels:
        _keep(exemplar, one)
    exemplar.save(update_fields=["name", "note"])
    exemplar.known_to.add(by)
    record(by, "exemplar-agreed", exemplar)
    return exemplar


@transaction.atomic
def look(exemplar: Exemplar, *, by: User) -> None:
    """See the agreed levels although one assesses here: this exemplar no longer calibrates one."""
    require(can_exemplify, by, exemplar.submission)
    exemplar.known_to.add(by)
    record(by, "exemplar-looked-at", exemplar)


@transaction.atomic
def publish(exemplar: Exemplar, *, looked_through: bool, by: User) -> Exemplar:
    """Put it into use, instead of the one that it replaces; it never changes again.

    ``looked_through``: the evidence was read for what names the learner. Raises DomainError
    ``exemplar-published``, ``agreed-levels-missing``, ``not-looked-through`` or ``no-consent``.
    """
    require(can_exemplify, by, exemplar.submission)
    exemplar = _locked(exemplar)
    _guard_draft(exemplar)
    agreed = set(exemplar.agreed_levels.values_list("criterion", flat=True))
    criteria = exemplar.submission.achievement.criteria
    missing = [criterion.code or criterion.title for criterion in criteria if criterion.pk not in agreed]
    if missing:
        raise invalid(
            "agreed-levels-missing",
            _("Give a level and its reason for every criterion. Still missing: %(criteria)s.")
            % {"criteria": ", ".join(missing)},
        )
    if not looked_through:
        raise invalid(
            "not-looked-through", _("Look through the evidence for names first, and tick that you did.")
        )
    if not exemplar.has_consent:
        raise DomainError("no-consent", _("The learner has not agreed to this so far."))
    now = timezone.now()
    if exemplar.replaces_id is not None:
        Exemplar.objects.in_use().filter(pk=exemplar.replaces_id).update(retired_at=now)
    exemplar.published_at = now
    exemplar.save(update_fields=["published_at"])
    tell_who_is_asked(exemplar.programme)
    replaced = str(exemplar.replaces_id) if exemplar.replaces_id else None
    record(by, "exemplar-published", exemplar, replaces=replaced)
    return exemplar


@transaction.atomic
def retire(exemplar: Exemplar, *, by: User) -> Exemplar:
    """Take it out of use, or drop the draft; what was scored on it stays. Raises ``exemplar-retired``."""
    require(can_exemplify, by, exemplar.submission)
    exemplar = _locked(exemplar)
    if exemplar.is_retired:
        raise DomainError("exemplar-retired", _("This exemplar is no longer in use."))
    exemplar.retired_at = timezone.now()
    exemplar.save(update_fields=["retired_at"])
    record(by, "exemplar-retired", exemplar)
    return exemplar


@transaction.atomic
def revise(exemplar: Exemplar, *, by: User) -> Exemplar:
    """Open a draft that is to replace it, with the same levels; it stays in use until that is published.

    What was once retired may come back this way. Raises DomainError ``exemplar-exists`` where a draft is
    open, ``no-consent`` where the learner said no.
    """
    require(can_exemplify, by, exemplar.submission)
    exemplar = _locked(exemplar)
    living = Exemplar.objects.filter(submission=exemplar.submission_id, retired_at__isnull=True)
    if exemplar.is_draft or living.exclude(pk=exemplar.pk).exists():
        raise _exists()
    if not exemplar.has_consent:
        raise _refused()
    copy = Exemplar(
        submission=exemplar.submission,
        programme=exemplar.programme,
        made_by=by,
        replaces=exemplar,
        name=exemplar.name,
        note=exemplar.note,
        consent_at=exemplar.consent_at,
        consent_version=exemplar.consent_version,
    )
    _insert(copy, by)
    AgreedLevel.objects.bulk_create(
        AgreedLevel(exemplar=copy, criterion_id=one.criterion_id, level_id=one.level_id, reason=one.reason)
        for one in exemplar.agreed_levels.all()
    )
    record(by, "exemplar-made", copy, submission=str(copy.submission_id), replaces=str(exemplar.pk))
    return copy


@transaction.atomic
def answer(exemplar: Exemplar, *, agrees: bool, by: User) -> Exemplar:
    """The learner agrees or not, now or at any later time; a no takes it out of use at once.

    The answer holds for every exemplar of this work. Raises DomainError ``exemplar-retired`` when there is
    nothing left to agree to.
    """
    require(can_work_on, by, exemplar.submission)
    rows = Exemplar.objects.select_for_update().filter(submission=exemplar.submission_id)
    living = list(rows.filter(retired_at__isnull=True).order_by("made_at"))
    if not living:
        raise DomainError("exemplar-retired", _("This exemplar is no longer in use."))
    now = timezone.now()
    for one in living:
        if agrees:
            one.consent_at, one.consent_version, one.refused_at = now, CONSENT_VERSION, None
        else:
            one.consent_at, one.refused_at = None, now
            one.retired_at = None if one.is_draft else now
        one.save(update_fields=["consent_at", "consent_version", "refused_at", "retired_at"])
    newest = living[-1]
    notify(newest.made_by, EXEMPLAR_ANSWERED.code, newest, by=by, exemplar=newest.name, agrees=agrees)
    record(
        by,
        "exemplar-agreed-to" if agrees else "exemplar-refused",
        newest,
        **({"version": CONSENT_VERSION} if agrees else {}),
    )
    return newest


def _locked(exemplar: Exemplar) -> Exemplar:
    rows = Exemplar.objects.select_for_update(of=("self",)).select_related("programme", "submission")
    return rows.get(pk=exemplar.pk)


def _insert(exemplar: Exemplar, by: User) -> None:
    if not exemplar.has_consent:
        exemplar.asked_at = timezone.now()
    try:
        with transaction.atomic():
            exemplar.save(force_insert=True)
    except IntegrityError:  # another one was made at the same moment
        raise _exists() from None
    exemplar.known_to.add(by)


def _keep(exemplar: Exemplar, agreed: Agreed) -> None:
    if agreed.criterion.rubric_id != exemplar.submission.achievement.rubric_id:
        raise invalid("unknown-criterion", _("This criterion does not belong to the rubric of this work."))
    if agreed.level is not None and agreed.level.criterion_id != agreed.criterion.pk:
        raise invalid("unknown-level", _("This level does not belong to its criterion."))
    reason = kept_text(agreed.reason, limit=MAX_REASON).strip()
    if agreed.level is None and not reason:
        AgreedLevel.objects.filter(exemplar=exemplar, criterion=agreed.criterion).delete()
        return
    if agreed.level is None or not reason:
        raise invalid(
            "reason-missing",
            _("A level goes with its reason. Look at %(criterion)s.")
            % {"criterion": agreed.criterion.code or agreed.criterion.title},
        )
    AgreedLevel.objects.update_or_create(
        exemplar=exemplar, criterion=agreed.criterion, defaults={"level": agreed.level, "reason": reason}
    )


def _worded(name: str, note: str) -> tuple[str, str]:
    name = " ".join(kept_text(name, limit=MAX_NAME).split())
    if not name:
        raise invalid("name-missing", _("Give the exemplar a name, in which nobody is named."))
    return name, kept_text(note, limit=MAX_REASON).strip()


def _guard_draft(exemplar: Exemplar) -> None:
    if not exemplar.is_draft:
        raise DomainError(
            "exemplar-published", _("A published exemplar does not change. Make a new one that replaces it.")
        )


def _refused() -> DomainError:
    return DomainError("no-consent", _("The learner does not want this work to be used as an exemplar."))


def _exists() -> DomainError:
    return DomainError("exemplar-exists", _("There is an exemplar of this work already, or a draft of one."))
