"""Rules about judging work."""

from assessments.models import Programme, Submission
from assessments.models.programme import OVERSEEING, STAFF
from assessments.permissions import can_manage, is_bound
from reviews.models import BankComment, Review
from workbench.access import rule
from workbench.models import User


@rule
def can_claim(user: User, submission: Submission) -> bool:
    """An assessor of the programme; nobody reviews their own work, whatever roles they hold."""
    return submission.learner_id != user.pk and submission.programme_id in user.grants.ids("assess_programme")


@rule
def can_score(user: User, review: Review) -> bool:
    """The assessor who claimed, for as long as they hold the role."""
    return review.assessor_id == user.pk and can_claim(user, review.submission)


@rule
def can_decide(user: User, review: Review) -> bool:
    return can_score(user, review)


@rule
def can_break_lock(user: User, submission: Submission) -> bool:
    """Managers and moderators take work back from an assessor who left it; never on their own work."""
    return submission.learner_id != user.pk and submission.programme_id in user.grants.any_of(OVERSEEING)


@rule
def can_assign(user: User, submission: Submission) -> bool:
    """Managers and moderators say who reviews a piece of work; never of their own, nor in a conflict."""
    return can_break_lock(user, submission) and not is_bound(user, submission)


@rule
def can_moderate(user: User, submission: Submission) -> bool:
    """A moderator of the programme who took no part in judging this work; never on their own."""
    if submission.learner_id == user.pk or submission.programme_id not in user.grants.ids(
        "moderate_programme"
    ):
        return False
    return not Review.objects.taking_part(user).filter(submission=submission).exists()


@rule
def can_oversee(user: User, programme: Programme) -> bool:
    """See how a programme is judged: sampling, agreement, appeals. Moderators and managers."""
    return programme.pk in user.grants.any_of(OVERSEEING)


@rule
def can_see_own_agreement(user: User, programme: Programme) -> bool:
    """An assessor learns how their own marks compare with those of the others taken together."""
    return programme.pk in user.grants.ids("assess_programme")


@rule
def can_report(user: User, programme: Programme) -> bool:
    """Reports name learners and their results."""
    return can_manage(user, programme)


@rule
def can_share_comments(user: User, programme: Programme) -> bool:
    """Whoever assesses, moderates or manages reads the comment bank and adds to it."""
    return programme.pk in user.grants.any_of(STAFF)


@rule
def can_change_comment(user: User, comment: BankComment) -> bool:
    """Its author for as long as they work in the programme; moderators and managers, whoever wrote it."""
    works = STAFF if comment.author_id == user.pk else OVERSEEING
    return comment.programme_id in user.grants.any_of(works)


@rule
def can_flag(user: User, submission: Submission) -> bool:
    """Whoever works in the programme asks for a second look, reads why and clears it; its learner never."""
    if submission.learner_id == user.pk or submission.submitted_at is None:
        return False
    return submission.programme_id in user.grants.any_of(STAFF)
