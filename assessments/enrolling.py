"""Bring people into a programme: learners, and those who assess, moderate and manage."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Enrolment, Programme
from assessments.permissions import can_appoint_managers, can_manage
from workbench.access import grant_role, members, require, take_role
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

PROGRAMME_ROLES = ("assessor", "moderator", "manager")


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


def person_for(email: str) -> User:
    """The account with this address. Raises DomainError ``no-account`` when there is none."""
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
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
    holders = members(role, programme)
    if role == "manager" and not holders.exclude(pk=person.pk).exists():
        raise DomainError(
            "last-manager", _("Appoint another programme manager first: a programme needs one.")
        )
    if holders.filter(pk=person.pk).exists():
        take_role(person, role, programme, by=by)
