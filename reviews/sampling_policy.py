"""Say which decisions of a programme a moderator checks, and how that was said before."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Programme
from assessments.permissions import can_manage
from reviews.models import SamplingPolicy
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.models import Event, User

SET, ENDED = "sampling-policy-set", "sampling-policy-ended"
MOST_FIRST, MOST_SECONDS = 50, 3600
PERIOD = (7, 730)


@dataclass(frozen=True)
class Strategy:
    """What a sampling policy says; see ``SamplingPolicy``."""

    share: int = 10
    least_share: int = 5
    tapers: bool = True
    first_decisions: int = 3
    each_pair: bool = True
    period_days: int = 90
    low_agreement: bool = True
    borderline: bool = True
    fast: bool = True
    fast_seconds: int = 120
    only_approvals: bool = True

    @classmethod
    def of(cls, policy: SamplingPolicy) -> "Strategy":
        return cls(**{one.name: getattr(policy, one.name) for one in fields(cls)})

    def policy(self, programme: Programme) -> SamplingPolicy:
        """As a policy that is not saved, to be tried."""
        return SamplingPolicy(programme=programme, **asdict(self))


@transaction.atomic
def set_sampling(programme: Programme, strategy: Strategy, *, by: User) -> SamplingPolicy:
    """Set the sampling of a programme. Decisions made before stay as they were drawn.

    Raises DomainError ``bad-share``, ``bad-period`` or ``bad-number``.
    """
    require(can_manage, by, programme)
    _guard(strategy)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    before = SamplingPolicy.objects.filter(programme=programme).first()
    if before is not None and Strategy.of(before) == strategy:
        return before
    policy, _created = SamplingPolicy.objects.update_or_create(programme=programme, defaults=asdict(strategy))
    record(by, SET, programme, before=asdict(Strategy.of(before)) if before else None, **asdict(strategy))
    return policy


@transaction.atomic
def end_sampling(programme: Programme, *, by: User) -> None:
    """Check nothing more by sampling; what is held already is still to be checked."""
    require(can_manage, by, programme)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    policy = SamplingPolicy.objects.filter(programme=programme).first()
    if policy is not None:
        before = asdict(Strategy.of(policy))
        policy.delete()
        record(by, ENDED, programme, before=before)


def _guard(strategy: Strategy) -> None:
    if not 0 <= strategy.least_share <= strategy.share <= 100:
        raise invalid("bad-share", _("The least share is between 0 and the share, which is at most 100 %."))
    if not PERIOD[0] <= strategy.period_days <= PERIOD[1]:
        raise invalid("bad-period", _("A period has 7 to 730 days."))
    if not (0 <= strategy.first_decisions <= MOST_FIRST and 1 <= strategy.fast_seconds <= MOST_SECONDS):
        raise invalid("bad-number", _("One of the numbers is out of its range."))


def sampling_in_words(programme: Programme) -> str:
    """The present setting in one sentence."""
    policy = SamplingPolicy.objects.filter(programme=programme).first()
    if policy is None:
        return _("No decision is sampled.")
    told = {"share": policy.share, "first": policy.first_decisions}
    words = ngettext(
        "%(share)s %% of decisions and the first of each new assessor are checked before release.",
        "%(share)s %% of decisions and the first %(first)s of each new assessor are checked before release.",
        policy.first_decisions,
    )
    return words % told


# --- How it was before -------------------------------------------------------------------------------

NAMES = {
    field.name: field.verbose_name
    for field in SamplingPolicy._meta.fields
    if field.name in asdict(Strategy())
}


@dataclass(frozen=True)
class Change:
    """``rows`` are what was changed: its name, the value before (None: there was no policy) and after."""

    at: datetime
    by: User | None
    ended: bool
    rows: list[tuple[Any, Any, Any]]


def history(programme: Programme, *, most: int = 20) -> list[Change]:
    """From the audit trail, newest first."""
    events = Event.objects.about(programme).filter(verb__in=(SET, ENDED)).select_related("actor")
    return [_change(one) for one in events.order_by("-sequence")[:most]]


def _change(event: Event) -> Change:
    before = event.data.get("before") or {}
    after = {} if event.verb == ENDED else event.data
    names: Iterable[str] = [] if event.verb == ENDED else NAMES
    rows = [
        (NAMES[name], before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]
    return Change(event.at, event.actor, event.verb == ENDED, rows)
