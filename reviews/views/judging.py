"""How a programme's work is judged: each part with its present setting, and where it is changed."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.limiting import in_words as limits_in_words
from assessments.models import Programme
from reviews.exemplified import in_words as exemplars_in_words
from reviews.measuring import agreement_in_words
from reviews.policies import marking_in_words
from reviews.sampling_policy import sampling_in_words
from reviews.workload import allocation_in_words
from workbench.access import may, signed_in
from workbench.requests import Request


@dataclass(frozen=True)
class Part:
    """``rule`` is asked of the programme; ``says`` tells in a sentence how the part is set today."""

    route: str
    icon: str
    title: Any
    rule: str
    says: Callable[[Programme], Any]


# A part that is judged by has its page at ``/programmes/<uuid>/…`` and its row here.
JUDGING = (
    Part("marking-policy", "users", _("Marking"), "manage", marking_in_words),
    Part("allocation", "shuffle", _("Allocation"), "manage", allocation_in_words),
    Part("sampling-policy", "list-checks", _("Sampling"), "manage", sampling_in_words),
    Part("exemplars", "ruler", _("Exemplars and calibration"), "oversee", exemplars_in_words),
    Part("deadlines", "clock", _("Attempts and deadlines"), "manage", limits_in_words),
    Part("agreement", "scale", _("Agreement"), "oversee", agreement_in_words),
)


@signed_in
@require_safe
def index(request: Request, pk: uuid.UUID) -> HttpResponse:
    """For whoever may open at least one of its parts."""
    visible = Programme.objects.visible_to(request.user).select_related("organisation")
    programme = get_object_or_404(visible, pk=pk)
    parts = [(part, part.says(programme)) for part in JUDGING if may(request.user, part.rule, programme)]
    if not parts:
        raise PermissionDenied
    context = {"programme": programme, "parts": parts}
    return render(request, "reviews/judging/index.html", context)
