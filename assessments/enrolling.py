"""Bring people into a programme: learners, and those who assess, moderate and manage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from assessments.models import Enrolment, Programme
from assessments.permissions import can_appoint_managers, can_manage
from workbench.access import grant_role, members, require, take_role
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

PROGRAMME_ROLES = ("assessor", "moderator", "manager")
MAX_ADDRESSES = 200
LONGEST_GROUP = 60


@dataclass(frozen=True)
class Enrolled:
    """What became of a list of addresses: ``unknown`` are those that no account has."""

    enrolled: Sequence[User]
    already: Sequence[User]
    unknown: Sequence[str]


@transaction.atomic
def enrol(programme: Programme, learner: User, *, by: User) -> Enrolment:
    """Let a person hand in work; enrolling somebody twice changes nothing."""
    require(can_manage, by, programme)
    enrolment, created = Enrolment.objects.get_or_create(programme=programme, learner=learner)
    if created:
        record(by, "enrolled", programme, person=str(learner.pk))
    return enrolment


@transaction.atomic
def unenrol(programme: Programme, learner: User, *, by: User) -> None:
    """End an enrolment. Work that was handed in stays and is judged to its end."""
    require(can_manage, by, programme)
    deleted, _rows = Enrolment.objects.filter(programme=programme, learner=learner).delete()
    if deleted:
        record(by, "unenrolled", programme, person=str(learner.pk))


@transaction.atomic
def put_in_group(programme: Programme, learner: User, group: str, *, by: User) -> Enrolment:
    """Say in which class or cohort of the programme a person learns; empty takes them out of theirs.

    The trail says that it changed, and never the name. Raises DomainError ``not-enrolled`` or ``bad-group``.
    """
    require(can_manage, by, programme)
    group = " ".join(group.replace("\0", "").split())
    if len(group) > LONGEST_GROUP or "," in group:
        raise invalid(
            "bad-group",
            _("Name the group in at most %(limit)s letters, without a comma.") % {"limit": LONGEST_GROUP},
        )
    enrolment = Enrolment.objects.select_for_update().filter(programme=programme, learner=learner).first()
    if enrolment is None:
        raise invalid("not-enrolled", _("This person is not enrolled in the programme."))
    if enrolment.group != group:
        enrolment.group = group
        enrolment.save(update_fields=["group"])
        record(by, "grouped", programme, person=str(learner.pk))
    return enrolment


def groups_of(programme: Programme) -> list[str]:
    """The names of its groups."""
    named = programme.enrolments.exclude(group="").order_by("group")
    return list(named.values_list("group", flat=True).distinct())


def addresses_in(text: str) -> list[str]:
    """The email addresses that somebody pasted, in lower case, each once and in their order.

    Lines, commas and semicolons part them; ``Ada Delcourt <ada@example.org>`` gives the address alone.
    Raises DomainError ``no-address`` for nothing and ``too-many-addresses`` above 200.
    """
    parts = (part.strip() for part in re.split(r"[\n\r,;]+", text.replace("\0", "")))
    entries = (parseaddr(part)[1] if part.endswith(">") else part for part in parts)
    addresses = list(dict.fromkeys(entry.lower() for entry in entries if entry))
    if not addresses:
        raise invalid("no-address", _("Give at least one email address."))
    if len(addresses) > MAX_ADDRESSES:
        raise invalid(
            "too-many-addresses",
            _("Enrol at most %(limit)s people at a time.") % {"limit": MAX_ADDRESSES},
        )
    return addresses


def enrol_all(programme: Programme, addresses: Sequence[str], *, by: User) -> Enrolled:
    """Enrol everybody who has an account; the others are told and hinder nobody."""
    require(can_manage, by, programme)
    people = {
        person.email.lower(): person
        for person in User.objects.alias(address=Lower("email"))
        .filter(address__in=addresses, is_active=True)
        .order_by("name", "pk")
    }
    enrolments = programme.enrolments.filter(learner__in=list(people.values()))
    already = set(enrolments.values_list("learner", flat=True))
    fresh = [person for person in people.values() if person.pk not in already]
    for person in fresh:
        enrol(programme, person, by=by)
    return Enrolled(
        enrolled=fresh,
        already=[person for person in people.values() if person.pk in already],
        unknown=[address for address in addresses if address not in people],
    )


def person_for(email: str) -> User:
    """The account with this address. Raises DomainError ``no-account`` when there is none."""
    email = email.replace("\0", "").strip()
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise invalid(
            "no-account",
            _("Nobody with the address %(email)s has an account yet. Ask them to sign up first.")
            % {"email": email},
        )
    return person


@transaction.atomic
def appoint(programme: Programme, person: User, role: str, *, by: User) -> None:
    """Give a role in a programme; managers are appointed by the organisation only."""
    require(can_appoint_managers if role == "manager" else can_manage, by, programme)
    if role not in PROGRAMME_ROLES:
        raise invalid("unknown-role", _("Choose assessor, moderator or programme manager."))
    if not members(role, programme).filter(pk=person.pk).exists():
        grant_role(person, role, programme, by=by)


@transaction.atomic
def dismiss(programme: Programme, person: User, role: str, *, by: User) -> None:
    """Take a role back. The last manager of a programme stays until another is appointed."""
    require(can_appoint_managers if role == "manager" else can_manage, by, programme)
    # Of two dismissals at once the second must see what the first has left.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    holders = members(role, programme)
    if role == "manager" and not holders.exclude(pk=person.pk).exists():
        raise DomainError(
            "last-manager", _("Appoint another programme manager first: a programme needs one.")
        )
    if holders.filter(pk=person.pk).exists():
        take_role(person, role, programme, by=by)
