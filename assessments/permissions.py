"""Rules about what is asked and handed in."""

from assessments.models import Achievement, Evidence, Programme, Referential, Submission
from assessments.models.programme import STAFF
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
