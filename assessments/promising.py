"""Promise the learners of a programme within how many days their work is judged."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme
from assessments.models.programme import MOST_REVIEW_DAYS
from assessments.permissions import can_manage
from workbench.access import require
from workbench.audit import record
from workbench.errors import invalid
from workbench.models import User


@transaction.atomic
def promise(programme: Programme, *, days: int | None, by: User) -> Programme:
    """Set the service level; None promises nothing. It holds for work that waits already, too.

    Raises DomainError ``bad-review-days``.
    """
    require(can_manage, by, programme)
    if days is not None and not 1 <= days <= MOST_REVIEW_DAYS:
        raise invalid(
            "bad-review-days",
            _("Promise 1 to %(limit)s days, or leave it open.") % {"limit": MOST_REVIEW_DAYS},
        )
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.review_days != days:
        before, programme.review_days = programme.review_days, days
        programme.save(update_fields=["review_days"])
        record(by, "review-days-set", programme, days=days, before=before)
    return programme
