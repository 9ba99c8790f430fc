"""Tell people what happened: on the page, and by mail as each of them chose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models, transaction
from django.template.base import Template
from django.template.context import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workbench.audit import record
from workbench.errors import invalid
from workbench.languages import in_language
from workbench.models import Mail, Notification, NotificationChoice, User
from workbench.models.mail import MailState
from workbench.models.notification import Delivery, NotificationQuerySet

# Summaries go out in the morning where the programmes are.
MORNING = time(7)
KEEP_READ = timedelta(days=180)


# --- Kinds -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of notification; its sentence is the template ``emails/kinds/CODE.txt``.

    ``title`` is the subject of the mail, so it names nobody. ``place`` gives the path of the page that it
    leads to. ``roles`` are the permissions of those whom it concerns (none: everybody), ``offers`` the
    ways to be told that they may choose from.
    """

    code: str
    title: str | Promise
    default: Delivery
    place: Callable[[Notification], str]
    roles: tuple[str, ...] = ()
    offers: tuple[Delivery, ...] = (Delivery.AT_ONCE, Delivery.DIGEST, Delivery.PAGE)

    def concerns(self, user: User) -> bool:
        return not self.roles or bool(user.grants.any_of(self.roles))


KINDS: dict[str, Kind] = {}


def tells(kind: Kind) -> Kind:
    """Register a kind; the apps call it once for each, when they start."""
    KINDS[kind.code] = kind
    return kind


def page_of_subject(name: str) -> Callable[[Notification], str]:
    """The place of notifications whose subject has a page under this name of an address."""
    return lambda notification: reverse(name, args=[notification.subject_id])


def page(name: str) -> Callable[[Notification], str]:
    return lambda notification: reverse(name)


def sentence(notification: Notification) -> str:
    """What happened, as plain text on one line, in the active language. Escape it where HTML is written."""
    found = get_template(f"emails/kinds/{notification.kind}.txt")
    template: Template = found.template  # type: ignore[attr-defined]
    told = {name: _told(value) for name, value in notification.data.items()}
    text: str = template.render(Context(told, autoescape=False))
    return " ".join(text.split())


def _told(value: Any) -> Any:
    return in_language(value) if isinstance(value, Mapping) else value


# --- Telling -----------------------------------------------------------------------------------------


def notify(
    person: User, kind: str, subject: models.Model, *, by: User | None = None, **data: Any
) -> Notification | None:
    """Tell one person, in the transaction of the change; None when there is nobody to tell.

    Nobody is told what they did themselves (``by``), and who is switched off is told nothing.
    """
    return next(iter(notify_all([person], kind, subject, by=by, **data)), None)


def notify_all(
    people: Iterable[User], kind: str, subject: models.Model, *, by: User | None = None, **data: Any
) -> list[Notification]:
    """Tell several people the same, each as they chose; the mails go into the outbox with it."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("People are told inside the transaction of its change.")
    about = KINDS[kind]
    told = {person.pk: person for person in people if person.is_active and person != by}
    if not told:
        return []
    chosen = dict(_choices(kind).filter(person__in=told).values_list("person", "delivery"))
    now = timezone.now()
    rows = [
        Notification(
            recipient=person,
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            data=data,
            created_at=now,
            delivery=_offered(about, chosen.get(pk)),
        )
        for pk, person in told.items()
    ]
    for row in rows:
        row.due_at = next_morning(now) if row.delivery == Delivery.DIGEST else now
        if row.delivery == Delivery.AT_ONCE:
            row.mail = Mail(recipient=row.recipient, created_at=now)
    Mail.objects.bulk_create([row.mail for row in rows if row.mail])
    return Notification.objects.bulk_create(rows)


def next_morning(moment: datetime) -> datetime:
    """The first morning after ``moment``: 07:00 on the clock of the wall, in winter and in summer."""
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, ZoneInfo(settings.TIME_ZONE))


# --- Choosing ----------------------------------------------------------------------------------------


def _choices(kind: str) -> models.QuerySet[NotificationChoice]:
    return NotificationChoice.objects.filter(kind=kind)


def _offered(kind: Kind, chosen: str | None) -> Delivery:
    """What was chosen, as long as the kind still offers it."""
    return Delivery(chosen) if chosen in kind.offers else kind.default


def deliveries(person: User) -> dict[str, Delivery]:
    """How a person is told of each kind."""
    chosen = dict(person.notification_choices.values_list("kind", "delivery"))
    return {code: _offered(kind, chosen.get(code)) for code, kind in KINDS.items()}


@transaction.atomic
def choose(person: User, chosen: Mapping[str, str], *, by: User) -> None:
    """Keep how a person wants to be told of some kinds.

    Raises DomainError ``unknown-notification`` or ``unknown-delivery``. ``by`` is the person: they are
    signed in, or hold a link from a mail that only they got.
    """
    for code, delivery in chosen.items():
        if code not in KINDS:
            raise invalid("unknown-notification", _("This kind of notification does not exist."))
        if delivery not in KINDS[code].offers:
            raise invalid("unknown-delivery", _("Choose one of the ways to be told that the page offers."))
    before = deliveries(person)
    changed = {code: delivery for code, delivery in chosen.items() if before[code] != delivery}
    for code, delivery in changed.items():
        NotificationChoice.objects.update_or_create(person=person, kind=code, defaults={"delivery": delivery})
    if changed:
        record(by, "notifications-chosen", person, **{"kinds": dict(sorted(changed.items()))})


# --- Reading -----------------------------------------------------------------------------------------


def inbox(person: User) -> NotificationQuerySet:
    """What a person was told, of the kinds that are still known."""
    return Notification.objects.filter(recipient=person, kind__in=KINDS)


def unread_count(person: User, *, most: int = 100) -> int:
    """How many are unread; counting stops at ``most``."""
    return len(inbox(person).unread().values_list("pk", flat=True)[:most])


def mark_read(person: User, ids: Iterable[UUID] | None = None, *, until: datetime | None = None) -> int:
    """Mark some of a person's notifications as read, or all; returns how many were unread.

    ``until`` leaves alone what came after the page was shown.
    """
    rows = Notification.objects.unread().filter(recipient=person)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    if until is not None:
        rows = rows.filter(created_at__lte=until)
    return rows.update(read_at=timezone.now())


def forget_old() -> int:
    """Delete what was read and is old, and the mails that told nothing else; returns how many rows."""
    before = timezone.now() - KEEP_READ
    forgotten, _rows = Notification.objects.filter(read_at__lt=before, created_at__lt=before).delete()
    over = Mail.objects.filter(created_at__lt=before, notifications=None)
    mails, _rows = over.exclude(state=MailState.WAITING).delete()
    return forgotten + mails
