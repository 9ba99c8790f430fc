"""End the mails of a kind with one click from a mail, signed in or not (RFC 8058)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workbench.models import User
from workbench.models.notification import Delivery
from workbench.notifying import KINDS, Kind, choose, deliveries

SALT = "unsubscribe"


@dataclass(frozen=True)
class Link:
    """Whom a link from a mail belongs to, and the kinds whose mails it ends."""

    person: User
    kinds: tuple[Kind, ...]

    @property
    def is_done(self) -> bool:
        told = deliveries(self.person)
        return all(told[kind.code] == Delivery.PAGE for kind in self.kinds)


def link_to_end(person: User, kinds: Iterable[str]) -> str:
    """The address that ends these kinds for this person; it works for good."""
    return f"{settings.BASE_URL}{reverse('unsubscribe', args=[token_of(person, kinds)])}"


def token_of(person: User, kinds: Iterable[str]) -> str:
    """Signed by this server; it carries an id and no mail address."""
    return signing.dumps([person.pk.hex, sorted(kinds)], salt=SALT, compress=True)


def link_of(token: str) -> Link | None:
    """What a token stands for; None when we never wrote it, or its person or kinds are gone."""
    try:
        pk, codes = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=UUID(hex=pk)).first()
    kinds = tuple(KINDS[code] for code in codes if code in KINDS)
    return Link(person, kinds) if person and kinds else None


def unsubscribe(link: Link) -> None:
    """Tell the person of these kinds on the page only; doing it again changes nothing."""
    choose(link.person, {kind.code: Delivery.PAGE for kind in link.kinds}, by=link.person)
