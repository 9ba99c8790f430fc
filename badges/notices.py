"""What holders are told about their badges."""

from django.utils.translation import gettext_lazy as _

from workbench.models.notification import Delivery
from workbench.notifying import Kind, page_of_subject, tells

ISSUED = tells(Kind("badge-issued", _("You earned a badge"), Delivery.AT_ONCE, page_of_subject("badge")))
REVOKED = tells(
    Kind("badge-revoked", _("A badge of yours was revoked"), Delivery.AT_ONCE, page_of_subject("badge"))
)
SUSPENDED = tells(
    Kind("badge-suspended", _("A badge of yours was suspended"), Delivery.AT_ONCE, page_of_subject("badge"))
)
REINSTATED = tells(
    Kind("badge-reinstated", _("A badge of yours is valid again"), Delivery.AT_ONCE, page_of_subject("badge"))
)
