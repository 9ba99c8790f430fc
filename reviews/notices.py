"""What people are told about judging: learners of their work, assessors of the queue, managers of reports."""

from django.utils.translation import gettext_lazy as _

from workbench.models.notification import Delivery
from workbench.notifying import Kind, page, page_of_subject, tells

CLAIMED = tells(
    Kind("claimed", _("An assessor took up your work"), Delivery.PAGE, page_of_subject("submission"))
)
DECIDED = tells(Kind("decided", _("Your work was judged"), Delivery.AT_ONCE, page_of_subject("submission")))
TO_MODERATE = tells(
    Kind(
        "to-moderate",
        _("Work to moderate"),
        Delivery.DIGEST,
        page("moderation"),
        roles=("moderate_programme",),
    )
)
OVERDUE = tells(
    Kind("overdue", _("Work waits long"), Delivery.DIGEST, page("queue"), roles=("assess_programme",))
)
LEASE_ENDING = tells(
    Kind(
        "lease-ending",
        _("Your time on a review ends soon"),
        Delivery.PAGE,
        page_of_subject("review"),
        roles=("assess_programme",),
        offers=(Delivery.PAGE,),
    )
)
REPORT_READY = tells(
    Kind(
        "report-ready",
        _("Your report is ready"),
        Delivery.PAGE,
        page_of_subject("report"),
        roles=("manage_programme", "administer_organisation"),
    )
)
