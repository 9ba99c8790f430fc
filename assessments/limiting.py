"""Limit how often learners hand in, and set until when they hand in again or appeal."""

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme
from assessments.models.programme import MOST_REVIEW_DAYS
from assessments.permissions import can_manage
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.models import User

MOST_ATTEMPTS = 100


@transaction.atomic
def limit(
    programme: Programme,
    *,
    max_attempts: int | None,
    resubmit_days: int | None,
    appeal_days: int | None,
    by: User,
) -> Programme:
    """Set the three limits; None sets no limit, and for appeals that there are none.

    Attempts and appeals are limited from now on, also of work handed in before; a deadline to hand in
    again is set by the next return, and those that were set stay. Raises DomainError ``bad-limit``.
    """
    require(can_manage, by, programme)
    _guard(max_attempts, MOST_ATTEMPTS)
    for days in (resubmit_days, appeal_days):
        _guard(days, MOST_REVIEW_DAYS)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    wanted = {"max_attempts": max_attempts, "resubmit_days": resubmit_days, "appeal_days": appeal_days}
    before = {name: getattr(programme, name) for name in wanted}
    if wanted != before:
        for name, value in wanted.items():
            setattr(programme, name, value)
        programme.save(update_fields=list(wanted))
        record(by, "limits-set", programme, before=before, **wanted)
    return programme


def in_words(programme: Programme) -> str:
    """The three limits of a programme in a sentence each."""
    attempts = gettext("Learners hand in as often as they like.")
    if programme.max_attempts is not None:
        attempts = ngettext(
            "Learners have one attempt.", "Learners have up to %(number)s attempts.", programme.max_attempts
        ) % {"number": programme.max_attempts}
    again = gettext("There is no deadline to hand in again.")
    if programme.resubmit_days is not None:
        again = ngettext(
            "They hand in again within a day of a return.",
            "They hand in again within %(number)s days of a return.",
            programme.resubmit_days,
        ) % {"number": programme.resubmit_days}
    appeals = gettext("No appeals are taken.")
    if programme.appeal_days is not None:
        appeals = ngettext(
            "They may appeal within a day of a decision.",
            "They may appeal within %(number)s days of a decision.",
            programme.appeal_days,
        ) % {"number": programme.appeal_days}
    return f"{attempts} {again} {appeals}"


def _guard(value: int | None, most: int) -> None:
    if value is not None and not 1 <= value <= most:
        raise invalid("bad-limit", _("Choose 1 to %(limit)s, or leave it open.") % {"limit": most})
