"""Prescribe how the work of a programme is marked, in general and for one achievement."""

from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Programme
from assessments.models.lifecycle import QUEUED, State
from assessments.permissions import can_manage
from reviews.deciding import go_on_where_possible
from reviews.models import MarkingPolicy, Review
from reviews.models.policy import Choice, Markers
from reviews.policies import policy_for
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.models import User


@dataclass(frozen=True)
class Rules:
    """What a marking policy says; see ``MarkingPolicy``."""

    markers: str = Markers.SINGLE
    third_marker: bool = False
    tolerance: int = 0
    choice: str = Choice.MODERATOR
    hides_learner: bool = False
    asks_rules: bool = False

    @classmethod
    def of(cls, policy: MarkingPolicy) -> "Rules":
        return cls(**{field.name: getattr(policy, field.name) for field in fields(cls)})


@transaction.atomic
def prescribe(
    programme: Programme, rules: Rules, *, achievement: Achievement | None = None, by: User
) -> MarkingPolicy:
    """Set the policy of a programme, or of one achievement in it.

    What counts is the policy at the end of each marking. Work that has enough markings under the new one and
    waits for no more is concluded or sent to a moderator here, by what its markers gave.

    Raises DomainError ``not-offered`` or ``unknown-rule``.
    """
    require(can_manage, by, programme)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    _guard(programme, rules, achievement)
    policy = policy_for(programme.pk, achievement.pk if achievement else None)
    before = Rules.of(policy)
    is_new = policy._state.adding or policy.achievement_id != (achievement.pk if achievement else None)
    if is_new:  # an achievement's own policy starts as the general one
        policy = MarkingPolicy(
            programme=programme,
            achievement=achievement,
            calibration_exemplars=policy.calibration_exemplars,
            calibration_exact=policy.calibration_exact,
        )
    elif before == rules:
        return policy
    for name, value in asdict(rules).items():
        setattr(policy, name, value)
    policy.save()
    record(
        by,
        "marking-policy-set",
        programme,
        achievement=str(achievement.pk) if achievement else None,
        before=asdict(before),
        **asdict(rules),
    )
    if policy.is_blind:
        _hide_what_is_marked(policy)
    go_on_where_possible(programme, by=by)
    return policy


@transaction.atomic
def follow_general(programme: Programme, achievement: Achievement, *, by: User) -> None:
    """Take an achievement's own policy away: the programme's general one governs it again."""
    require(can_manage, by, programme)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if MarkingPolicy.objects.filter(programme=programme, achievement=achievement).delete()[0]:
        record(by, "marking-policy-removed", programme, achievement=str(achievement.pk))
        general = policy_for(programme.pk, achievement.pk)
        if general.is_blind:
            _hide_what_is_marked(general)
        go_on_where_possible(programme, by=by)


def _guard(programme: Programme, rules: Rules, achievement: Achievement | None) -> None:
    if achievement is not None and not programme.achievements.filter(pk=achievement.pk).exists():
        raise invalid("not-offered", _("This programme does not offer that achievement."))
    known = rules.markers in Markers.values and rules.choice in Choice.values and rules.tolerance in (0, 1)
    if not known:
        raise invalid("unknown-rule", _("Choose one of the rules that are offered."))


def _hide_what_is_marked(policy: MarkingPolicy) -> None:
    """From now on no marker sees another's, also of what was begun under open rules; never the other way."""
    begun = Review.objects.filter(
        submission__programme=policy.programme_id, submission__state__in=(*QUEUED, State.MODERATION)
    )
    if policy.achievement_id is not None:
        begun = begun.filter(submission__achievement=policy.achievement_id)
    else:
        own = MarkingPolicy.objects.filter(programme=policy.programme_id, achievement__isnull=False)
        begun = begun.exclude(submission__achievement__in=own.values("achievement"))
    begun.update(blind=True)
