"""Leave the notifications of the story as weeks of use leave them: most read, the last ones new."""

from datetime import timedelta
from typing import Final

from django.db.models import F

from workbench import mailing
from workbench.demo.stories import Calendar
from workbench.models import Mail, Notification
from workbench.models.mail import MailState

STILL_NEW: Final = timedelta(days=7)
# Everybody looks into their notifications within a few hours.
LOOKED_IN: Final = timedelta(hours=3)


def settle(calendar: Calendar) -> None:
    """Mark what is older as read, and every mail of the past as one that needs not go out."""
    mailing.gather()
    Mail.objects.filter(state=MailState.WAITING).update(state=MailState.SKIPPED)
    old = Notification.objects.unread().filter(created_at__lt=calendar.now - STILL_NEW)
    old.update(read_at=F("created_at") + LOOKED_IN)
