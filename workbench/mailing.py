"""Send what waits in the outbox: each mail once, whatever crashes, and summaries in the morning.

A try is one conditional UPDATE that moves ``available_at`` ahead: it is the lease of whoever sends and the
pause before the next try. A worker killed between the server's answer and its own note sends the mail
again after the pause, with the same Message-ID, which mail programs and servers show once.
"""

import logging
import smtplib
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from workbench.models import Mail, Notification, User
from workbench.models.mail import MailState
from workbench.models.notification import Delivery
from workbench.notifying import KINDS, deliveries, sentence
from workbench.unsubscribing import link_to_end

logger = logging.getLogger(__name__)

# Longer than a try can take with this silence of the server at each of its steps.
LEASE: Final = timedelta(minutes=2)
SILENCE_SECONDS: Final = 10
# Doubling pauses from two minutes to six hours: about twenty hours before the last try.
MAX_TRIES: Final = 11
LONGEST_PAUSE: Final = timedelta(hours=6)
ROUND: Final = 100
# A summary shows so many of each kind and says how many more there are.
SHOWN: Final = 20
# What says that no other mail would go out either.
AWAY: Final = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPNotSupportedError,
)


# --- Summaries ---------------------------------------------------------------------------------------


def gather() -> int:
    """Put what is due for summaries into one mail a person; returns how many mails."""
    due = Notification.objects.for_digest().filter(due_at__lte=Now())
    people = list(due.order_by().values_list("recipient", flat=True).distinct()[:1000])
    return sum(_gather(pk) for pk in people)


@transaction.atomic
def _gather(recipient: UUID) -> bool:
    """Of two workers one gets the rows; the other's mail is taken back."""
    mail = Mail.objects.create(recipient_id=recipient, is_digest=True)
    due = Notification.objects.for_digest().filter(recipient=recipient, due_at__lte=Now())
    if due.update(mail=mail):
        return True
    mail.delete()
    return False


# --- Sending -----------------------------------------------------------------------------------------


def send_due() -> int:
    """Send what is due, oldest first; returns how many were sent. A server that is away ends the round."""
    sent = 0
    server = get_connection(timeout=SILENCE_SECONDS)
    due = Mail.objects.due().order_by("available_at").values_list("pk", flat=True)
    for pk in list(due[:ROUND]):
        mail = _take(pk)
        if mail is None:
            continue
        try:
            sent += _send(mail, server)
        except Exception as error:  # noqa: BLE001 (a loop of tasks: the row says it, the other mails go out)
            _failed(mail, error)
            if _is_away(error):
                break
    with suppress(OSError):
        server.close()
    return sent


def _take(pk: UUID) -> Mail | None:
    taken = Mail.objects.due().filter(pk=pk).update(tries=F("tries") + 1, available_at=Now() + LEASE)
    return Mail.objects.select_related("recipient").get(pk=pk) if taken else None


def _send(mail: Mail, server: Any) -> bool:
    message = compose(mail)
    if message is None:
        _finish(mail, MailState.SKIPPED)
        return False
    server.open()  # once a round: a connection that is open stays
    server.send_messages([message])
    _finish(mail, MailState.SENT)
    return True


def _finish(mail: Mail, state: MailState) -> None:
    Mail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(
        state=state, sent_at=Now() if state == MailState.SENT else None, error=""
    )


def _failed(mail: Mail, error: Exception) -> None:
    given_up = mail.tries >= MAX_TRIES or _is_refused_for_good(error)
    # The name only: what a mail server says repeats the address.
    name = type(error).__name__
    logger.warning(
        "mail %s failed: %s (try %d%s)", mail.pk, name, mail.tries, ", given up" if given_up else ""
    )
    pause = min(LEASE * 2 ** (mail.tries - 1), LONGEST_PAUSE)
    Mail.objects.filter(pk=mail.pk, tries=mail.tries, state=MailState.WAITING).update(
        state=MailState.FAILED if given_up else MailState.WAITING, available_at=Now() + pause, error=name[:60]
    )


def _is_away(error: Exception) -> bool:
    """Whether it is about the server and not about this mail. What smtplib raises is an OSError too."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, AWAY)
    return isinstance(error, OSError)


def _is_refused_for_good(error: Exception) -> bool:
    """Whether the server said 5xx of this address or text: no use to try again (RFC 5321 section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def revive_failed() -> int:
    """Give what was given up its tries again; the operator asks for this after mending the cause."""
    return Mail.objects.failed().update(state=MailState.WAITING, tries=0, available_at=Now(), error="")


# --- Writing -----------------------------------------------------------------------------------------


def compose(mail: Mail) -> EmailMultiAlternatives | None:
    """The message in the reader's language; None when nobody should get it any more.

    That is so for people who are switched off or whose address is not verified, and for what was chosen
    away or read on the page meanwhile.
    """
    person = mail.recipient
    if not can_be_reached(person):
        return None
    chosen = deliveries(person)
    rows = mail.notifications.unread().order_by("created_at", "id")
    wanted = [row for row in rows if chosen.get(row.kind, Delivery.PAGE) != Delivery.PAGE]
    if not wanted:
        return None
    with translation.override(person.language):
        return _message(mail, wanted)


def can_be_reached(person: User) -> bool:
    addresses = EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True)
    return person.is_active and addresses.exists()


def _message(mail: Mail, rows: list[Notification]) -> EmailMultiAlternatives:
    person = mail.recipient
    groups = _groups(person, rows)
    subject = _("What is new for you") if mail.is_digest else groups[0]["title"]
    context = {
        "subject": subject,
        "person": person,
        "groups": groups,
        "is_digest": mail.is_digest,
        "language": person.language,
        "base_url": settings.BASE_URL,
        "choices_url": f"{settings.BASE_URL}{reverse('account')}#notifications",
    }
    host = urlsplit(settings.BASE_URL).hostname
    unsubscribe = link_to_end(person, {row.kind for row in rows})
    message = EmailMultiAlternatives(
        subject=str(subject),
        body=render_to_string("emails/notifications.txt", context),
        to=[person.email],
        headers={
            "Message-ID": f"<{mail.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("emails/notifications.html", context), "text/html")
    return message


def _groups(person: User, rows: list[Notification]) -> list[dict[str, Any]]:
    """The rows by kind, in the order in which the kinds are registered; equal sentences stand once."""
    order = {code: number for number, code in enumerate(KINDS)}
    ordered = sorted(rows, key=lambda row: order[row.kind])
    groups = []
    for code, found in groupby(ordered, lambda row: row.kind):
        entries = Counter(_entry(row) for row in found).items()
        shown, rest = list(entries)[:SHOWN], list(entries)[SHOWN:]
        groups.append(
            {
                "title": KINDS[code].title,
                "entries": [{"text": text, "url": url, "count": count} for (text, url), count in shown],
                "more": sum(count for _entry, count in rest),
                "unsubscribe_url": link_to_end(person, [code]),
            }
        )
    return groups


def _entry(row: Notification) -> tuple[str, str]:
    return sentence(row), f"{settings.BASE_URL}{KINDS[row.kind].place(row)}"
