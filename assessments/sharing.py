"""Find the programmes where one person learns and another judges."""

from typing import Any

from django.db.models import Q, QuerySet

from assessments.models import Programme
from assessments.models.programme import JUDGING


def shared_programmes(learner: Any, judge: Any) -> QuerySet[Programme]:
    """Where ``judge`` assesses or moderates and ``learner`` is enrolled or handed work in."""
    judged = Programme.objects.filter(pk__in=judge.grants.any_of(JUDGING))
    learning = Q(enrolments__learner=learner) | Q(submissions__learner=learner)
    return judged.filter(pk__in=Programme.objects.filter(learning).values("pk"))
