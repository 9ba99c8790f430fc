"""Which policy governs how a piece of work is marked, and how it reads in a sentence."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Programme, Submission
from reviews.models import MarkingPolicy
from reviews.models.policy import Markers


def policy_of(submission: Submission) -> MarkingPolicy:
    """The achievement's own policy in its programme, else the programme's general one, else one assessor."""
    return policy_for(submission.programme_id, submission.achievement_id)


def policy_for(programme: UUID, achievement: UUID | None) -> MarkingPolicy:
    """Without an achievement: the general one. A policy that nobody set is not saved."""
    found = {
        policy.achievement_id: policy
        for policy in MarkingPolicy.objects.filter(programme=programme).select_related("achievement")
        if policy.achievement_id in (None, achievement)
    }
    return found.get(achievement) or found.get(None) or MarkingPolicy(programme_id=programme)


def marking_in_words(programme: Programme) -> str:
    """How a programme's work is marked, and how many achievements are marked otherwise."""
    general = policy_for(programme.pk, None)
    own = MarkingPolicy.objects.filter(programme=programme, achievement__isnull=False).count()
    told = in_words(general)
    if not own:
        return told
    others = ngettext(
        "%(count)s achievement has rules of its own.", "%(count)s achievements have rules of their own.", own
    )
    return f"{told} {others % {'count': own}}"


def in_words(policy: MarkingPolicy) -> str:
    """One sentence on who marks, and what happens when they differ."""
    who: dict[str, Any] = {
        Markers.SINGLE: _("One assessor marks and decides."),
        Markers.DOUBLE_BLIND: _("Two assessors mark, neither sees the other's marking."),
        Markers.DOUBLE_OPEN: _("Two assessors mark, the second sees the first one's marking."),
    }
    said = [str(who[policy.markers])]
    if policy.wanted > 1:
        said.append(
            _("Where they differ a third assessor marks, then a moderator.")
            if policy.third_marker
            else _("Where they differ a moderator decides.")
        )
    if policy.hides_learner:
        said.append(_("Assessors do not see whose work it is."))
    if policy.asks_rules:
        said.append(_("Approving asks for the four rules of evidence."))
    return " ".join(said)
