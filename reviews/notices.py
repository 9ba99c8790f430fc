"""What people are told about judging: learners of their work, assessors of the queue, managers of reports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models.programme import OVERSEEING
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
ASSIGNED = tells(
    Kind(
        "assigned",
        _("Work assigned to you"),
        Delivery.DIGEST,
        lambda notification: f"{reverse('queue')}?assigned=me",
        roles=("assess_programme",),
    )
)
UNASSIGNABLE = tells(
    Kind(
        "unassignable",
        _("Work that nobody can be assigned to"),
        Delivery.DIGEST,
        lambda notification: f"{reverse('queue')}?assigned=none",
        roles=("manage_programme",),
    )
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
CALIBRATION_OPEN = tells(
    Kind(
        "calibration-open",
        _("Exemplars to score before you assess"),
        Delivery.PAGE,
        page("calibration"),
        roles=("assess_programme",),
    )
)
EXEMPLAR_ASKED = tells(
    Kind(
        "exemplar-asked",
        _("May assessors practise on your work?"),
        Delivery.AT_ONCE,
        page_of_subject("exemplar-consent"),
    )
)
EXEMPLAR_ANSWERED = tells(
    Kind(
        "exemplar-answered",
        _("An answer about an exemplar"),
        Delivery.PAGE,
        page_of_subject("exemplar"),
        roles=("moderate_programme", "manage_programme"),
    )
)
APPEAL_FILED = tells(
    Kind(
        "appeal-filed",
        _("An appeal waits for a ruling"),
        Delivery.AT_ONCE,
        page_of_subject("appeal"),
        roles=OVERSEEING,
    )
)
APPEAL_RULED = tells(
    Kind("appeal-ruled", _("An appeal was ruled on"), Delivery.AT_ONCE, page_of_subject("appeal"))
)
HELD = tells(Kind("held", _("Work is being looked into"), Delivery.AT_ONCE, page_of_subject("submission")))
HOLD_LIFTED = tells(
    Kind(
        "hold-lifted",
        _("Work is no longer being looked into"),
        Delivery.AT_ONCE,
        page_of_subject("submission"),
    )
)
SENT_BACK = tells(
    Kind(
        "sent-back",
        _("A moderator returned your review"),
        Delivery.AT_ONCE,
        page_of_subject("review"),
        roles=("assess_programme",),
    )
)
INTERIM_CHECK = tells(
    Kind(
        "interim-check",
        _("A moderator looked at your review"),
        Delivery.DIGEST,
        page_of_subject("review"),
        roles=("assess_programme",),
    )
)
