"""What the exemplars in use say of each criterion, to those for whom they give nothing away."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Evidence, Level, Programme, Submission
from assessments.models.programme import OVERSEEING
from assessments.models.submission import SubmissionQuerySet
from reviews.models import AgreedLevel, Calibration, Decision, Exemplar
from reviews.models.exemplar import ExemplarQuerySet
from reviews.policies import policy_for
from workbench.access import may
from workbench.models import User


@dataclass(frozen=True)
class Told:
    """The level that was agreed on for one criterion of one exemplar, and why."""

    exemplar: Exemplar
    level: Level
    reason: str


def shown_beside(person: User, programme: uuid.UUID) -> ExemplarQuerySet:
    """Those in use that may stand beside the rubric: passed by this person, or known to them otherwise.

    One that was failed is not among them: it may have to be scored again. Who oversees and does not assess
    is given away nothing.
    """
    rows = Exemplar.objects.visible_to(person).in_use().filter(programme=programme)
    if programme not in person.grants.ids("assess_programme"):
        return rows
    passed = Calibration.objects.filter(assessor=person, passed=True)
    known = Exemplar.objects.known_to_person(person)
    return rows.filter(Q(submission__in=passed.values("exemplar__submission")) | Q(pk__in=known.values("pk")))


def read_by(person: User, programmes: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The exemplars of these programmes whose agreed levels a person may read, by one query.

    As the rule ``read-agreed-levels`` says it of one.
    """
    rows = Exemplar.objects.visible_to(person).filter(programme__in=programmes)
    tries = Calibration.objects.filter(assessor=person)
    known = Exemplar.objects.known_to_person(person).values("pk")
    scored = Q(submission__in=tries.scored().values("exemplar__submission")) | Q(pk__in=known)
    opened = Q(submission__in=tries.open().values("exemplar__submission"))
    free = ~Q(programme__in=person.grants.ids("assess_programme"))
    return set(rows.filter(free | scored & ~opened).values_list("pk", flat=True))


def beside(submission: Submission, person: User) -> dict[uuid.UUID, list[Told]]:
    """By criterion, the highest level first; never the exemplar that was made of this very work."""
    rows = shown_beside(person, submission.programme_id).exclude(submission=submission)
    rows = rows.filter(submission__achievement=submission.achievement_id)
    agreed = AgreedLevel.objects.filter(exemplar__in=rows).select_related("exemplar", "level")
    found: dict[uuid.UUID, list[Told]] = defaultdict(list)
    for one in agreed.order_by("-level__position", "exemplar__name", "exemplar"):
        found[one.criterion_id].append(Told(one.exemplar, one.level, one.reason))
    return dict(found)


def unnamed_as(submission: Submission, person: User) -> Exemplar | None:
    """The exemplar as which a person meets this work, who is not told whose it is."""
    if submission.programme_id in person.grants.any_of(OVERSEEING):
        return None
    rows = Exemplar.objects.visible_to(person).filter(submission=submission, published_at__isnull=False)
    return rows.order_by("-published_at").first()


def in_words(programme: Programme) -> str:
    """How many exemplars a programme has, and what it asks of its assessors."""
    number = Exemplar.objects.in_use().filter(programme=programme).count()
    said = ngettext("%(count)s exemplar is in use.", "%(count)s exemplars are in use.", number) % {
        "count": number
    }
    asked = policy_for(programme.pk, None).calibration_exemplars
    if not asked:
        free = _("Assessors may score them; nobody has to.")
        return f"{said} {free}"
    told = ngettext(
        "Assessors score %(count)s before the queue opens to them.",
        "Assessors score %(count)s before the queue opens to them.",
        asked,
    )
    return f"{said} {told % {'count': asked}}"


def levels_of(exemplar: Exemplar) -> dict[uuid.UUID, AgreedLevel]:
    rows = exemplar.agreed_levels.select_related("level", "criterion")
    return {one.criterion_id: one for one in rows}


def judged_work(programme: Programme, person: User) -> SubmissionQuerySet:
    """Work of which a person may make an exemplar: released, and neither one nor refused by its learner."""
    spent = Exemplar.objects.filter(Q(retired_at__isnull=True) | Q(refused_at__isnull=False))
    released = Decision.objects.released().filter(submission__programme=programme)
    visible = Submission.objects.visible_to(person).filter(programme=programme).exclude(learner=person)
    work = visible.filter(pk__in=released.values("submission")).exclude(pk__in=spent.values("submission"))
    return work.with_context().select_related("decision").order_by("-decided_at", "-pk")


def evidence_of(submission: Submission, person: User) -> list[Evidence]:
    """The evidence in its order, for whom it is to be shown to; nothing to whom it is not."""
    items = list(submission.evidence.in_order().with_supports().with_reading())
    for one in items:
        one.submission = submission
    return items if items and may(person, "read-evidence", items[0]) else []
