"""Rules about what is asked and handed in."""

from assessments.models import Achievement, Conflict, Evidence, Programme, Referential, Submission
from assessments.models.conflict import Tie
from assessments.models.programme import STAFF
from assessments.sharing import shared_programmes
from workbench.access import rule
from workbench.models import Organisation, User


@rule
def can_administer(user: User, organisation: Organisation) -> bool:
    """Issuer profile, keys, referentials, programmes and members of an organisation."""
    return organisation.pk in user.grants.ids("administer_organisation")


@rule
def can_adopt(user: User, referential: Referential) -> bool:
    return referential.organisation_id in user.grants.ids("administer_organisation")


@rule
def can_define(user: User, achievement: Achievement) -> bool:
    return achievement.organisation_id in user.grants.ids("administer_organisation")


@rule
def can_manage(user: User, programme: Programme) -> bool:
    """Enrol people, appoint assessors and moderators, watch progress."""
    return programme.pk in user.grants.ids(
        "manage_programme"
    ) or programme.organisation_id in user.grants.ids("administer_organisation")


@rule
def can_see_impact(user: User, referential: Referential) -> bool:
    """Read whom a new version hits: administrators of the organisation, and who manages a programme of it."""
    if referential.organisation_id in user.grants.ids("administer_organisation"):
        return True
    managed = Programme.objects.filter(pk__in=user.grants.ids("manage_programme"))
    return managed.filter(organisation=referential.organisation_id).exists()


@rule
def can_appoint_managers(user: User, programme: Programme) -> bool:
    return programme.organisation_id in user.grants.ids("administer_organisation")


@rule
def can_learn(user: User, programme: Programme) -> bool:
    """Start submissions in a programme."""
    return programme.enrolments.filter(learner=user).exists()


@rule
def can_work_on(user: User, submission: Submission) -> bool:
    """Change, hand in or withdraw: the learner alone, whatever roles others hold."""
    return submission.learner_id == user.pk


@rule
def can_extend(user: User, submission: Submission) -> bool:
    """Give more time to hand in again: who manages the programme, never oneself."""
    return submission.learner_id != user.pk and can_manage(user, submission.programme)


@rule
def can_declare(user: User, conflict: Conflict) -> bool:
    """A conflict between a learner and a judge of one programme: either of them, and who manages there."""
    programmes = list(shared_programmes(conflict.learner, conflict.assessor))
    if conflict.learner_id == conflict.assessor_id or not programmes:
        return False
    if user.pk in (conflict.learner_id, conflict.assessor_id):
        return True
    return any(can_manage(user, programme) for programme in programmes)


@rule
def can_withdraw_conflict(user: User, conflict: Conflict) -> bool:
    """Whoever declared it; and a manager who is neither of the two, alone where the rule declared it."""
    if conflict.declared_by_id == user.pk and conflict.tie != Tie.FORMER:
        return True
    if user.pk in (conflict.learner_id, conflict.assessor_id):
        return False
    programmes = shared_programmes(conflict.learner, conflict.assessor)
    return any(can_manage(user, programme) for programme in programmes)


@rule
def can_state_employer(user: User, person: User) -> bool:
    """Everybody their own."""
    return user.pk == person.pk


@rule
def can_read_evidence(user: User, evidence: Evidence) -> bool:
    """Fetch the bytes: the learner, and those who work in the programme once it is handed in.

    Not those whom a conflict of interest keeps from judging it.
    """
    submission = evidence.submission
    if submission.learner_id == user.pk:
        return True
    if submission.submitted_at is None or submission.programme_id not in user.grants.any_of(STAFF):
        return False
    return not is_bound(user, submission)


def is_bound(user: User, submission: Submission) -> bool:
    """Whether a conflict of interest takes this work from a person who judges in its programme."""
    return not Submission.objects.filter(pk=submission.pk).without_conflict(user).exists()
